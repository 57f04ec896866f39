from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from campaigns.models import Campaign, Content, Period
from phongtho_thidua.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

READERS = ["officer", "head", "company_officer", "front_officer", "lead", "admin", "nobody"]
TIMES = {"opens_at": "00:00 15/11/2024", "due_at": "17:00 20/12/2024", "locks_at": "17:00 31/01/2025"}


def edit_page(period):
    return f"/ky-bao-cao/{period.pk}/"


@pytest.mark.parametrize("address", ["/phong-trao/", "/ky-bao-cao/", "/ky-bao-cao/1/"])
def test_stranger_is_sent_to_sign_in(client, address):
    assertRedirects(client.get(address), f"{reverse('units:sign_in')}?next={address}", fetch_redirect_response=False)


@pytest.mark.parametrize("who", READERS)
def test_everybody_signed_in_reads_the_campaign_word_by_word(client, cast, who):
    client.force_login(getattr(cast, who))
    page = client.get("/phong-trao/")
    text = page.content.decode()
    assert (page.status_code, [content.code for content in Content.objects.all() if content.text not in text]) == (
        200,
        [],
    )
    assertContains(page, "Dự thảo, chưa có số")
    assertContains(page, "Kế hoạch số 376/KH-UBND ngày 09/02/2023")


def test_plan_with_a_number_is_no_draft(client, cast):
    Campaign.objects.update(plan_number="47/KH-UBND", plan_date="2023-02-28")
    client.force_login(cast.officer)
    page = client.get("/phong-trao/")
    assertContains(page, "Số 47/KH-UBND, ngày 28/02/2023")
    assertNotContains(page, "Dự thảo, chưa có số")


@pytest.mark.parametrize("who", READERS)
def test_periods_are_read_by_everybody_and_edited_by_nobody_else(client, cast, period_2024, who):
    client.force_login(getattr(cast, who))
    page = client.get("/ky-bao-cao/")
    assertContains(page, "17:00 13/12/2024")
    assertContains(page, "Phòng Nội vụ đặt và sửa ba thời điểm này.")
    assertNotContains(page, edit_page(period_2024))


@pytest.mark.parametrize("who", ["reviewer", "chief"])
def test_standing_office_is_offered_the_edit_page(client, cast, period_2024, who):
    client.force_login(getattr(cast, who))
    assertContains(client.get("/ky-bao-cao/"), f'href="{edit_page(period_2024)}"')


@pytest.mark.parametrize("who", READERS)
def test_edit_page_refuses_everybody_else_and_says_who_may(client, cast, period_2024, who):
    client.force_login(getattr(cast, who))
    for answer in (client.get(edit_page(period_2024)), client.post(edit_page(period_2024), TIMES)):
        assertContains(answer, "Chỉ Phòng Nội vụ sửa phong trào và kỳ báo cáo.", status_code=403)
    period_2024.refresh_from_db()
    assert period_2024.due_at == clock.at(date(2024, 12, 13), 17)


def test_period_that_is_not_there_is_not_found(client, cast):
    client.force_login(cast.reviewer)
    assert client.get("/ky-bao-cao/999999/").status_code == 404


def test_edit_page_shows_the_present_times_in_vietnam(client, cast, period_2024):
    client.force_login(cast.reviewer)
    page = client.get(edit_page(period_2024))
    for value in ("00:00 15/11/2024", "17:00 13/12/2024", "17:00 31/01/2025"):
        assertContains(page, f'value="{value}"')


def test_standing_office_moves_the_deadline(client, cast, period_2024):
    client.force_login(cast.reviewer)
    answer = client.post(edit_page(period_2024), TIMES)
    assertRedirects(answer, f"/ky-bao-cao/#ky-{period_2024.pk}", fetch_redirect_response=False)
    period_2024.refresh_from_db()
    assert period_2024.due_at == clock.at(date(2024, 12, 20), 17)
    assertContains(client.get("/ky-bao-cao/"), "Đã lưu thời hạn của kỳ báo cáo năm 2024.")
    assertContains(client.get(edit_page(period_2024)), "17:00 ngày 13/12/2024 thành 17:00 ngày 20/12/2024")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"due_at": "sớm"}, "Giờ và ngày viết theo dạng 17:00 13/12/2024."),
        ({"due_at": ""}, "Giờ và ngày viết theo dạng 17:00 13/12/2024."),
        ({"due_at": "17:00 31/02/2025"}, "Giờ và ngày viết theo dạng 17:00 13/12/2024."),
        ({"due_at": "17:00 01/12/2024"}, "Hạn nộp mới đã qua."),
        ({"due_at": "17:00 14/11/2024"}, "Hạn nộp phải sau lúc mở, 00:00 ngày 15/11/2024."),
        ({"locks_at": "17:00 19/12/2024"}, "Lúc khóa phải sau hạn nộp, 17:00 ngày 20/12/2024."),
        ({"opens_at": "00:00 01/01/0001"}, "Chọn thời điểm trong năm 2024 hoặc 2025."),
        ({"locks_at": "23:59 31/12/9999"}, "Chọn thời điểm trong năm 2024 hoặc 2025."),
    ],
    ids=str,
)
def test_bad_times_are_kept_as_typed_with_a_sentence_and_nothing_is_stored(client, cast, period_2024, change, sentence):
    client.force_login(cast.reviewer)
    page = client.post(edit_page(period_2024), TIMES | change)
    assertContains(page, sentence, status_code=422)
    [typed] = change.values()
    if typed:
        assertContains(page, f'value="{typed}"', status_code=422)
    stored = Period.objects.get(pk=period_2024.pk)
    assert stored.due_at == clock.at(date(2024, 12, 13), 17)


@pytest.mark.parametrize("address", ["/phong-trao/", "/ky-bao-cao/"])
def test_page_costs_the_same_for_few_and_for_many_rows(client, cast, period_2024, address, django_assert_num_queries):
    client.force_login(cast.reviewer)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for year in range(2031, 2061):
        times = {
            name: clock.at(date(year, month, 1)) for name, month in (("opens_at", 1), ("due_at", 2), ("locks_at", 3))
        }
        times |= {"registers_by": date(year, 3, 31), "amends_until": date(year, 6, 30)}
        Period.objects.create(campaign=period_2024.campaign, phase=period_2024.phase, year=year, source="Thử", **times)
        Content.objects.create(campaign=period_2024.campaign, theme="thrift", code=f"X{year}", text="Thử", order=year)
    with django_assert_num_queries(len(few)):
        client.get(address)
