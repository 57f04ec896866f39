"""The pages of a registration: written, refused at the place, conflicts, read by whom, the roll, the work list."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import Period, Registration
from campaigns.services import registration as deeds
from criteria.models import Indicator
from phongtho_thidua.lib import clock
from tests.campaigns.registering import REASON, SPENT, registration_of, target, work
from tests.lib.hostile import png
from tests.reports.filled import report_of
from units.models import Attachment, AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def march():
    with time_machine.travel(clock.at(date(2024, 3, 11), 9), tick=True):
        yield


@pytest.fixture
def row(cast, period_2024):
    return registration_of(cast.home, period_2024, officer=cast.officer, head=cast.head)


@pytest.fixture
def spent(row):
    return f"chi-tieu-{Indicator.objects.get(code=SPENT).pk}"


def rows_of(*works, total=None):
    """The fields that the browser sends for a list of works."""
    data = {"viec-TOTAL_FORMS": total or len(works), "viec-INITIAL_FORMS": 0}
    for number, row in enumerate(works):
        data |= {f"viec-{number}-{name}": value for name, value in row.items()}
    return data


CABLE = {"name": "Cầu treo Po Chà", "content": "ND6", "due_on": "30/09/2024", "note": ""}


# --- writing ----------------------------------------------------------------------------------------------------------


def test_the_whole_way_without_script(cast, client_of, period_2024):
    officer, head = client_of(cast.officer), client_of(cast.head)
    answer = officer.post(f"/dang-ky/nam/2024/don-vi/{cast.home.pk}/", follow=True)
    row = Registration.objects.get()
    assert "Chưa chọn nội dung thi đua nào." in answer.content.decode()
    chosen = deeds.Content.objects.filter(code__in=("ND3", "ND6")).values_list("pk", flat=True)
    for part, data in (("noi-dung", {"contents": list(chosen)}), ("cong-trinh", rows_of(CABLE))):
        page = officer.get(f"/dang-ky/{row.pk}/{part}/")
        saved = officer.post(f"/dang-ky/{row.pk}/{part}/", data | {"seen": page.context["seen"]})
        assert saved.status_code == 302
    assert officer.post(f"/dang-ky/{row.pk}/buoc/", {"step": "submit"}).status_code == 403
    page = head.get(f"/dang-ky/{row.pk}/")
    version = page.context["registration"].version
    page = head.post(f"/dang-ky/{row.pk}/buoc/", {"step": "submit", "version": version}, follow=True)
    assert "Đã đăng ký lúc" in page.content.decode()
    assert Registration.objects.get().state == "submitted"


def test_beginning_twice_leads_to_the_first(cast, client_of, row):
    page = client_of(cast.head).post(f"/dang-ky/nam/2024/don-vi/{cast.home.pk}/")
    assert page.status_code == 409
    assert f'href="/dang-ky/{row.pk}/"' in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("8412a", "không phải là số"),
        ("8412.5", "số thập phân viết bằng dấu phẩy"),
        ("-1", "không nhỏ hơn 0"),
        ("999999999999", "Số quá lớn"),
        ("1,23456", "chỉ tiêu này nhận nhiều nhất"),
    ],
)
def test_a_wrong_target_is_told_at_its_place_and_kept_as_typed(cast, client_of, row, spent, typed, sentence):
    page = client_of(cast.officer).post(f"/dang-ky/{row.pk}/chi-tieu/", {spent: typed, f"{spent}-ghi-chu": "x"})
    text = page.content.decode()
    assert page.status_code == 422
    assert sentence in text
    assert f'id="id_{spent}_error"' in text
    assert f'value="{typed}"' in text
    assert row.promises.get().value == 8412


def test_a_note_needs_its_target(cast, client_of, row, spent):
    page = client_of(cast.officer).post(f"/dang-ky/{row.pk}/chi-tieu/", {f"{spent}-ghi-chu": "vốn tỉnh"})
    assert (page.status_code, "Có ghi chú nhưng chưa ghi chỉ tiêu." in page.content.decode()) == (422, True)


def test_targets_are_written_the_vietnamese_way_and_read_back(cast, client_of, row, spent):
    client = client_of(cast.officer)
    before = client.get(f"/dang-ky/{row.pk}/chi-tieu/").context["seen"]
    client.post(f"/dang-ky/{row.pk}/chi-tieu/", {spent: "9.000,5", f"{spent}-ghi-chu": "tỉnh\x00 giao", "seen": before})
    promise = row.promises.get()
    assert promise.words == "8.412 triệu đồng"  # a control character is refused with the whole page
    client.post(f"/dang-ky/{row.pk}/chi-tieu/", {spent: "9.000,5", f"{spent}-ghi-chu": "tỉnh giao", "seen": before})
    promise = row.promises.get()
    assert (promise.words, promise.note) == ("9.000,5 triệu đồng", "tỉnh giao")
    assert 'value="9.000,5"' in client.get(f"/dang-ky/{row.pk}/chi-tieu/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Chưa ghi tên công trình, phần việc."),
        ({"due_on": ""}, "Chưa ghi ngày hoàn thành."),
        ({"due_on": "31.02.2024"}, "Ngày viết theo dạng dd/mm/yyyy"),
        ({"due_on": "01/01/2025"}, "Ngày phải trong năm 2024"),
        ({"content": ""}, "Chưa chọn nội dung thi đua."),
    ],
)
def test_a_wrong_work_is_told_at_its_row_and_everything_typed_stays(cast, client_of, row, wrong, sentence):
    page = client_of(cast.officer).post(f"/dang-ky/{row.pk}/cong-trinh/", rows_of(CABLE, CABLE | wrong))
    text = page.content.decode()
    assert (page.status_code, f"Dòng 2: {sentence}" in text) == (422, True)
    assert 'value="Cầu treo Po Chà"' in text
    assert [one.name for one in row.works.all()] == ["Đường bản Po Chà"]


def test_more_than_fifty_works_are_refused(cast, client_of, row):
    page = client_of(cast.officer).post(f"/dang-ky/{row.pk}/cong-trinh/", rows_of(*[CABLE] * 51))
    assert (page.status_code, "Nhiều nhất 50 công trình, phần việc." in page.content.decode()) == (422, True)


@pytest.mark.parametrize("total", ["", "x", "-1", "999999"])
def test_a_form_that_was_tampered_with_is_no_server_error(cast, client_of, row, total):
    page = client_of(cast.officer).post(f"/dang-ky/{row.pk}/cong-trinh/", {"viec-TOTAL_FORMS": total})
    assert page.status_code == 422
    assert row.works.count() == 1


def test_empty_rows_are_no_works_and_marked_ones_go(cast, client_of, row):
    client = client_of(cast.officer)
    empty = dict.fromkeys(CABLE, "")
    data = rows_of(CABLE, empty, CABLE | {"name": "Kênh Mấn", "DELETE": "on"})
    page = client.get(f"/dang-ky/{row.pk}/cong-trinh/")
    answer = client.post(f"/dang-ky/{row.pk}/cong-trinh/", data | {"seen": page.context["seen"], "more": "1"})
    assert (answer.status_code, answer["Location"]) == (302, f"/dang-ky/{row.pk}/cong-trinh/")
    assert [one.name for one in row.works.all()] == ["Cầu treo Po Chà"]


@pytest.mark.parametrize("data", [{"contents": ["x"]}, {"contents": ["999999"]}])
def test_a_content_that_is_not_of_the_plan_is_refused(cast, client_of, row, data):
    assert client_of(cast.officer).post(f"/dang-ky/{row.pk}/noi-dung/", data).status_code == 422
    assert row.contents.count() == 2


def test_a_conflict_shows_theirs_keeps_mine_and_lets_me_choose(cast, client_of, row):
    client = client_of(cast.officer)
    opened = client.get(f"/dang-ky/{row.pk}/cong-trinh/").context["seen"]
    deeds.save_works(registration=row, works=[work("Kênh Mấn")], by=cast.head)
    page = client.post(f"/dang-ky/{row.pk}/cong-trinh/", rows_of(CABLE) | {"seen": opened})
    text = page.content.decode()
    assert page.status_code == 409
    assert "Tẩn A Sài đã lưu mục này lúc" in text
    assert "Kênh Mấn: ND6" in text
    assert 'value="Cầu treo Po Chà"' in text
    again = client.post(f"/dang-ky/{row.pk}/cong-trinh/", rows_of(CABLE) | {"seen": page.context["seen"]})
    assert again.status_code == 302
    assert [one.name for one in row.works.all()] == ["Cầu treo Po Chà"]


def test_what_was_typed_while_the_head_registered_is_kept_on_the_page(cast, client_of, row):
    deeds.submit(registration=row, by=cast.head)
    page = client_of(cast.officer).post(f"/dang-ky/{row.pk}/cong-trinh/", rows_of(CABLE))
    text = page.content.decode()
    assert (page.status_code, "Muốn sửa, chọn Điều chỉnh" in text) == (409, True)
    assert 'value="Cầu treo Po Chà"' in text


def test_a_short_reason_is_told_at_its_place(cast, client_of, row):
    deeds.submit(registration=row, by=cast.head)
    page = client_of(cast.officer).post(f"/dang-ky/{row.pk}/buoc/", {"step": "amend", "note": "Thiếu vốn"})
    text = page.content.decode()
    assert (page.status_code, "Cần ít nhất 20 ký tự" in text, ">Thiếu vốn</textarea>" in text) == (422, True, True)


@pytest.mark.parametrize("step", ["", "approve"])
def test_a_step_that_does_not_exist_is_not_found(cast, client_of, row, step):
    assert client_of(cast.officer).post(f"/dang-ky/{row.pk}/buoc/", {"step": step}).status_code == 404


# --- reading ----------------------------------------------------------------------------------------------------------


def test_after_mid_year_the_step_stays_visible_with_the_rule_and_who_can_change_it(cast, client_of, row):
    deeds.submit(registration=row, by=cast.head)
    with time_machine.travel(clock.at(date(2024, 7, 1)), tick=True):
        text = client_of(cast.officer).get(f"/dang-ky/{row.pk}/").content.decode()
    assert 'aria-describedby="ai-amend">Điều chỉnh</button>' in text
    assert "điều chỉnh được đến hết ngày 30/06/2024. Chỉ Phòng Nội vụ đổi được hạn này" in text


def test_an_officer_sees_who_registers(cast, client_of, row):
    assert "Chỉ thủ trưởng đơn vị đăng ký được." in client_of(cast.officer).get(f"/dang-ky/{row.pk}/").content.decode()


def test_last_year_and_the_plan_stand_beside_the_target(cast, client_of, row, period_2024):
    report = report_of(cast.home, Period.objects.get(year=2023), by=cast.head, state="accepted")
    for code, value in (("HT6.von_ke_hoach", 8000), (SPENT, 7600)):
        report.figures.filter(indicator__code=code).update(answer="value", value=value)
    text = client_of(cast.officer).get(f"/dang-ky/{row.pk}/chi-tieu/").content.decode()
    assert "<dt>Năm 2023</dt><dd>7.600 triệu đồng</dd>" in text
    assert "<dt>Đích</dt><dd>100%, từng đơn vị</dd>" in text


def test_the_standing_office_reads_the_edition_in_force_and_no_draft(cast, client_of, row):
    office, url = client_of(cast.reviewer), f"/dang-ky/{row.pk}/"
    assert office.get(url).status_code == 404
    deeds.submit(registration=row, by=cast.head)
    deeds.amend(registration=row, note=REASON, by=cast.officer)
    deeds.save_promises(registration=row, promises={SPENT: target("9000")}, by=cast.officer)
    for page in (office.get(url), office.get(f"{url}in/")):
        text = page.content.decode()
        assert ("8.412 triệu đồng" in text, "9.000 triệu đồng" in text) == (True, False)
    assert "9.000 triệu đồng" in client_of(cast.head).get(f"{url}in/").content.decode()


@pytest.mark.parametrize("who", ["other_officer", "lead", "admin", "nobody"])
def test_strangers_find_nothing(cast, client_of, row, who):
    deeds.submit(registration=row, by=cast.head)
    client = client_of(getattr(cast, who))
    assert {client.get(f"/dang-ky/{row.pk}/{part}").status_code for part in ("", "in/", "noi-dung/")} == {404}


def test_a_late_registration_says_so(cast, client_of, row):
    with time_machine.travel(clock.at(date(2024, 4, 1)), tick=True):
        deeds.submit(registration=row, by=cast.head)
        assert "Đăng ký muộn" in client_of(cast.reviewer).get(f"/dang-ky/{row.pk}/").content.decode()
        assert "đăng ký muộn" in client_of(cast.reviewer).get("/dang-ky/nam/2024/").content.decode()


# --- the unit's own plan as a file ------------------------------------------------------------------------------------


@pytest.fixture
def upload(settings, tmp_path):
    settings.FILES_DIR = tmp_path
    return lambda name="ke-hoach.png", data=None: SimpleUploadedFile(name, data or png())


def test_a_file_is_stored_shown_replaced_and_taken_off(cast, client_of, row, upload):
    client, url = client_of(cast.officer), f"/dang-ky/{row.pk}/ke-hoach/"
    for name in ("ke-hoach.png", "ke-hoach.png"):  # the same name twice is two files
        opened = client.get(url).context["seen"]
        assert client.post(url, {"file": upload(name), "seen": opened}).status_code == 302
    row.refresh_from_db()
    first, second = Attachment.objects.order_by("pk")
    assert (row.plan_file, first.unit) == (second, cast.home)
    text = client.get(f"/dang-ky/{row.pk}/").content.decode()
    assert f'<a href="{second.get_absolute_url()}">ke-hoach.png</a>' in text
    client.post(url, {"remove": "on", "seen": client.get(url).context["seen"]})
    row.refresh_from_db()
    assert row.plan_file is None


@pytest.mark.parametrize(
    ("name", "data", "sentence"), [("x.png", b"MZ\x90\x00" * 40, "Không nhận tệp này"), (None, None, "Chưa chọn tệp.")]
)
def test_a_wrong_file_is_refused_in_words(cast, client_of, row, upload, name, data, sentence):
    data = {"file": upload(name, data)} if name else {"remove": ""}
    page = client_of(cast.officer).post(f"/dang-ky/{row.pk}/ke-hoach/", data)
    assert (page.status_code, sentence in page.content.decode()) == (422, True)
    assert not Attachment.objects.exists()


def test_no_file_is_taken_into_what_is_registered(cast, client_of, row, upload):
    deeds.submit(registration=row, by=cast.head)
    assert client_of(cast.officer).post(f"/dang-ky/{row.pk}/ke-hoach/", {"file": upload()}).status_code == 409
    assert not Attachment.objects.exists()


# --- the last days ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["officer", "head", "lead", "admin"])
def test_only_the_standing_office_sets_the_last_days(cast, client_of, who):
    data = {"registers_by": "15/04/2024", "amends_until": "31/07/2024"}
    page = client_of(getattr(cast, who)).post("/dang-ky/nam/2024/han/", data)
    assert (page.status_code, "Chỉ Phòng Nội vụ" in page.content.decode()) == (403, True)


@pytest.mark.parametrize(
    ("registers_by", "amends_until", "sentence"),
    [
        ("31/03/2024", "30/03/2024", "Không trước ngày cuối đăng ký, 31/03/2024."),
        ("31/03/2025", "30/06/2025", "Chọn ngày trong năm 2024."),
        ("hôm nay", "30/06/2024", "Ngày viết theo dạng dd/mm/yyyy"),
    ],
)
def test_wrong_last_days_are_told_at_their_place(cast, client_of, period_2024, registers_by, amends_until, sentence):
    data = {"registers_by": registers_by, "amends_until": amends_until}
    page = client_of(cast.reviewer).post("/dang-ky/nam/2024/han/", data)
    assert (page.status_code, sentence in page.content.decode()) == (422, True)
    period_2024.refresh_from_db()
    assert (period_2024.registers_by, period_2024.amends_until) == (date(2024, 3, 31), date(2024, 6, 30))


def test_last_days_are_set_and_audited(cast, client_of, period_2024):
    data = {"registers_by": "15/04/2024", "amends_until": "31/07/2024"}
    assert client_of(cast.reviewer).post("/dang-ky/nam/2024/han/", data).status_code == 302
    period_2024.refresh_from_db()
    assert (period_2024.registers_by, period_2024.amends_until) == (date(2024, 4, 15), date(2024, 7, 31))
    assert AuditEvent.objects.latest("pk").changes == {
        "đăng ký đến hết ngày": ["31/03/2024", "15/04/2024"],
        "điều chỉnh đăng ký đến hết ngày": ["30/06/2024", "31/07/2024"],
    }
