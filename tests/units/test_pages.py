"""Lists cost the same for one row and for thirty; pages say what is sample and who may what."""

import pytest
from django.urls import reverse

from units import notify
from units.models import Notification
from units.services import registry

pytestmark = pytest.mark.django_db
SHELL = 5  # of every page: session, account, roles, what its units hold, all numbers at the bell and in the rail


def more_units(count, by):
    for number in range(count):
        registry.enter_unit(
            by=by,
            key=f"hop-tac-xa-{number}",
            kind="cooperative",
            name=f"Hợp tác xã {number}",
            short_name=f"HTX {number}",
            founded=by.created_at.date(),
            code=f"H{number}",
        )


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_units_costs_the_same(cast, client_of, django_assert_num_queries, count):
    more_units(count, cast.chief)
    client = client_of(cast.officer)
    with django_assert_num_queries(SHELL + 3):  # units, codes, mandates
        assert client.get("/don-vi/?loai=cooperative").status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_accounts_costs_the_same(cast, account, client_of, django_assert_num_queries, count):
    for number in range(count):
        account(f"them.{number}", "officer", cast.home)
    client = client_of(cast.admin)
    with django_assert_num_queries(SHELL - 1 + 4):  # an administrator has no unit; count, accounts, memberships, units
        assert client.get("/tai-khoan/").status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_notifications_costs_the_same(cast, client_of, django_assert_num_queries, count):
    for number in range(count):
        notify.tell([cast.officer], kind="try", text=f"Thông báo {number}")
    client = client_of(cast.officer)
    with django_assert_num_queries(SHELL + 2):  # count, notifications
        assert client.get("/thong-bao/").status_code == 200


def test_notifications_are_seen_and_read_by_their_owner_only(cast, client_of):
    notify.tell([cast.officer, cast.head], kind="try", text="Chuyện riêng")
    assert "Chuyện riêng" not in client_of(cast.other_officer).get("/thong-bao/").content.decode()
    client_of(cast.officer).post("/thong-bao/da-doc/")
    unread = Notification.objects.unread().values_list("user__username", flat=True)
    assert list(unread) == ["sai.ta"]


def test_a_search_without_accents_finds_a_unit(cast, client_of):
    page = client_of(cast.officer).get("/don-vi/", {"tim": "nam xe"})
    assert [unit.key for unit in page.context["units"]] == ["xa-nam-xe"]


def test_the_standing_office_renames_a_unit_in_the_browser(cast, client_of):
    url = reverse("units:rename_unit", args=[cast.home.pk])
    form = {"name": "UBND xã Nậm Xe A", "short_name": "Nậm Xe A", "valid_from": "01/07/2024", "document": "NQ 12"}
    assert client_of(cast.chief).post(url, form).url == cast.home.get_absolute_url()
    page = client_of(cast.officer).get(cast.home.get_absolute_url()).content.decode()
    assert ("Nậm Xe A" in page, "đổi tên đơn vị" in page, "Đỗ Văn Thành" in page) == (True, True, True)


def test_a_bad_date_is_answered_at_its_field_and_nothing_is_lost(cast, client_of):
    url = reverse("units:rename_unit", args=[cast.home.pk])
    form = {"name": "Tên đã gõ", "short_name": "Đã gõ", "valid_from": "31/02/2024", "document": "NQ 12"}
    answer = client_of(cast.chief).post(url, form)
    page = answer.content.decode()
    assert (answer.status_code, "dd/mm/yyyy" in page, "Tên đã gõ" in page) == (422, True, True)


def test_names_with_markup_stay_text(cast, client_of):
    registry.enter_unit(
        by=cast.chief,
        key="x",
        kind="organisation",
        name="<script>alert(1)</script> \x00=1+1",
        short_name="{{7*7}}",
        founded=cast.home.founded,
    )
    page = client_of(cast.officer).get("/don-vi/?loai=organisation").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page


def test_every_page_says_that_samples_are_samples(cast, client_of, settings):
    client = client_of(cast.officer)
    assert "Dữ liệu mẫu" not in client.get("/don-vi/").content.decode()
    settings.SAMPLE_DATE = cast.home.founded
    page = client.get("/don-vi/").content.decode()
    assert ("Dữ liệu mẫu" in page, "(ngày mẫu)" in page) == (True, True)


def test_a_signed_in_page_is_not_kept_by_the_browser(cast, client_of):
    assert client_of(cast.officer).get("/don-vi/").headers["Cache-Control"] == "private, no-store"


def test_the_choice_of_theme_is_kept(cast, client_of):
    client = client_of(cast.officer)
    client.post("/giao-dien/", {"theme": "dark", "next": "/don-vi/"})
    assert 'data-bs-theme="dark"' in client.get("/don-vi/").content.decode()
