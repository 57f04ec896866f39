"""A first password opens the door once; a role holds from a day to a day; only the administrator deals them out."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from phongtho_thidua.lib import clock
from units import audit
from units.models import Membership, Role, User
from units.services import accounts

pytestmark = pytest.mark.django_db
SIGN_IN = "/dang-nhap/"
NEW = "ruộng bậc thang chín vàng"


@pytest.fixture
def newcomer(cast):
    return accounts.open_account(
        username="Lan.NT", full_name=" Nguyễn Thị  Lan", unit=cast.home, role=Role.OFFICER, by=cast.admin
    )


def sign_in(client, username, password, **extra):
    return client.post(SIGN_IN, {"username": username, "password": password, **extra})


@pytest.mark.parametrize("who", ["officer", "head", "reviewer", "chief", "lead", "nobody"])
def test_only_an_administrator_opens_accounts(cast, who):
    with pytest.raises(PermissionDenied):
        accounts.open_account(username="x.y", full_name="X", unit=cast.home, role=Role.OFFICER, by=getattr(cast, who))


def test_a_first_password_works_once_and_must_be_replaced(client, newcomer):
    user, password = newcomer
    assert sign_in(client, "LAN.nt", password).status_code == 302
    assert client.get(reverse("units:my_work")).url == reverse("units:change_password")
    client.logout()
    assert sign_in(client, "lan.nt", password).status_code == 422
    assert [event.action for event in audit.history_of(user)][:1] == ["spend_password"]


def test_the_new_password_is_set_without_the_spent_one_and_opens_the_site(client, newcomer):
    sign_in(client, "lan.nt", newcomer[1])
    assert client.post("/mat-khau/", {"new": NEW, "again": NEW}).status_code == 302
    assert client.get(reverse("units:my_work")).status_code == 200
    client.logout()
    assert sign_in(client, "lan.nt", NEW).url == reverse("units:my_work")


@pytest.mark.parametrize(
    ("new", "again", "sentence"),
    [
        ("ngắn quá", "ngắn quá", "quá ngắn"),
        (NEW, NEW + "x", "Hai lần nhập chưa giống nhau."),
        ("password1234", "password1234", "phổ biến"),
        ("Nguyễn Thị Lan", "Nguyễn Thị Lan", "giống với"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused_at_the_field(client, newcomer, new, again, sentence):
    sign_in(client, "lan.nt", newcomer[1])
    answer = client.post("/mat-khau/", {"new": new, "again": again})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_an_old_password_is_asked_for_once_it_exists(client, cast):
    cast.officer.set_password(NEW)
    cast.officer.save()
    client.force_login(cast.officer)
    wrong = client.post("/mat-khau/", {"current": "sai", "new": "khác hẳn cái cũ", "again": "khác hẳn cái cũ"})
    assert "Mật khẩu hiện nay chưa đúng." in wrong.content.decode()


def test_wrong_passwords_count_down_and_then_lock_for_everybody_else_too(client, newcomer):
    first = sign_in(client, "lan.nt", "sai").content.decode()
    assert "Còn 4 lần thử." in first
    for _ in range(4):
        last = sign_in(client, "lan.nt", "sai")
    assert (last.status_code, "Tạm khóa đến" in last.content.decode()) == (429, True)
    assert sign_in(client, "lan.nt", newcomer[1]).status_code == 429


def test_an_unknown_name_gets_the_same_answer_as_a_wrong_password(client, newcomer):
    known, unknown = (sign_in(client, name, "sai") for name in ("lan.nt", "khong.co"))
    assert (known.status_code, "Còn 4 lần thử." in unknown.content.decode()) == (unknown.status_code, True)


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_sign_in_leads_nowhere_outside_the_site(client, cast, where):
    cast.officer.set_password(NEW)
    cast.officer.save()
    assert sign_in(client, "hanh.lt", NEW, next=where).url == reverse("units:my_work")


def test_a_new_password_ends_every_open_session(client, cast, client_of):
    other = client_of(cast.officer)
    accounts.issue_password(user=cast.officer, by=cast.admin)
    assert other.get(reverse("units:my_work")).status_code == 302


def test_a_locked_account_is_out_at_its_next_request(cast, client_of):
    inside = client_of(cast.officer)
    accounts.set_active(user=cast.officer, active=False, by=cast.admin)
    assert inside.get(reverse("units:my_work")).url.startswith(SIGN_IN)


def test_a_role_that_ended_gives_nothing_any_more(cast):
    post = cast.head.memberships.get()
    accounts.end_role(post=post, by=cast.admin)
    head = User.objects.get(pk=cast.head.pk)
    assert (head.holds(Role.HEAD, cast.home.pk), Membership.objects.get(pk=post.pk).valid_to) == (False, clock.today())


def test_a_role_of_tomorrow_gives_nothing_today(cast):
    accounts.give_role(
        user=cast.nobody, unit=cast.home, role=Role.HEAD, by=cast.admin, valid_from=clock.today() + timedelta(days=1)
    )
    assert User.objects.get(pk=cast.nobody.pk).unit_ids == frozenset()


def test_an_administrator_has_no_power_over_reports(cast):
    powers = ("reports.see_board", "reports.order_summary", "units.edit_registry")
    assert [cast.admin.has_perm(power) for power in powers] == [False] * 3


def test_the_administrator_hands_over_a_first_password_shown_once(client, cast):
    client.force_login(cast.admin)
    form = {"username": "moi.nv", "full_name": "Người Mới", "unit": cast.home.pk, "role": "officer"}
    shown = client.post("/tai-khoan/them/", form)
    user = User.objects.get(username="moi.nv")
    assert (shown.status_code, user.must_change_password) == (200, True)
    assert user.check_password(shown.context["password"])
    taken = client.post("/tai-khoan/them/", form)
    assert (taken.status_code, "đã có người dùng" in taken.content.decode()) == (422, True)


def test_behind_the_proxy_one_address_cannot_lock_out_the_others(client, newcomer, settings):
    settings.PRODUCTION = True
    for _ in range(5):
        client.post(SIGN_IN, {"username": "lan.nt", "password": "sai"}, headers={"x-real-ip": "203.0.113.9"})
    answer = client.post(
        SIGN_IN, {"username": "lan.nt", "password": newcomer[1]}, headers={"x-real-ip": "198.51.100.7"}
    )
    assert answer.status_code == 302


def test_without_a_proxy_a_made_up_address_does_not_escape_the_lock(client, newcomer):
    for number in range(5):
        client.post(SIGN_IN, {"username": "lan.nt", "password": "sai"}, headers={"x-real-ip": f"203.0.113.{number}"})
    assert sign_in(client, "lan.nt", newcomer[1]).status_code == 429
