"""Registrations in lists: a unit's own, the roll of a year, the work of each person; what pages cost."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Period
from campaigns.selectors.registrations import roll_of, shelf_of, work_items
from campaigns.services import registration as deeds
from phongtho_thidua.lib import clock
from tests.campaigns.registering import REASON, registration_of, target, work
from tests.reports.filled import communes
from units.models import Membership, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def march():
    with time_machine.travel(clock.at(date(2024, 3, 11), 9), tick=True):
        yield


@pytest.fixture
def row(cast, period_2024):
    return registration_of(cast.home, period_2024, officer=cast.officer, head=cast.head)


def test_the_shelf_offers_this_year_and_the_next(cast):
    shelf = [(line.period.year, line.registration, line.may_start) for line in shelf_of(cast.officer)]
    assert shelf == [(2024, None, True), (2025, None, True)]


def test_the_roll_names_all_that_should_register(cast, period_2024, row):
    deeds.submit(registration=row, by=cast.head)
    roll = roll_of(period_2024)
    assert [line.unit for line in roll.rows if line.registration] == [cast.home]
    assert [line.codes for line in roll.rows if line.data] == ["ND3, ND6"]
    assert [fact.value for fact in roll.facts] == ["1", str(len(roll.rows) - 1), "0", "0"]


def told(user):
    """Read anew as in a new request."""
    fresh = type(user).objects.get(pk=user.pk)
    return [(item.what, item.button or item.status, item.day_note) for item in work_items(fresh)]


NAME = "Đăng ký thi đua năm 2024, UBND xã Nậm Xe"


def test_what_is_due_is_told_to_the_unit_and_what_is_ready_to_its_head(cast, period_2024):
    assert told(cast.officer) == [(NAME, "Lập đăng ký", "còn 14 ngày làm việc")]
    row = registration_of(cast.home, period_2024, officer=cast.officer, head=cast.head, full=False)
    assert told(cast.officer) == [(NAME, "Viết tiếp", "còn 14 ngày làm việc")]
    deeds.save_contents(registration=row, contents=list(deeds.Content.objects.all()[:1]), by=cast.officer)
    deeds.save_works(registration=row, works=[work(content="ND1")], by=cast.officer)
    assert told(cast.officer) == [(NAME, "Chờ thủ trưởng đăng ký", "")]
    assert told(cast.head) == [(NAME, "Đọc và đăng ký", "còn 14 ngày làm việc")]
    deeds.submit(registration=row, by=cast.head)
    assert told(cast.officer) == told(cast.head) == []


def test_after_mid_year_only_what_was_begun_is_asked_for(cast, period_2024, row):
    with time_machine.travel(clock.at(date(2024, 7, 1), 9), tick=True):
        assert told(cast.other_officer) == []
        assert [button for _, button, _ in told(cast.head)] == ["Đọc và đăng ký"]
    deeds.submit(registration=row, by=cast.head)
    deeds.amend(registration=row, note=REASON, by=cast.officer)
    with time_machine.travel(clock.at(date(2024, 7, 1), 9), tick=True):
        [item] = work_items(cast.head)
        assert (item.button, "Lần đăng ký trước vẫn có hiệu lực" in item.why) == ("Mở đăng ký", True)


@pytest.mark.parametrize("who", ["admin", "nobody"])
def test_who_acts_for_no_unit_has_nothing_to_register(cast, row, who):
    assert told(getattr(cast, who)) == []


LISTS = {
    "shelf": shelf_of,
    "work": lambda user: list(work_items(user)),
    "roll": lambda user: roll_of(Period.objects.get(year=2024)).facts,
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_cost_the_same_for_one_and_for_thirty(cast, period_2024, name):
    units = communes(30, kind="commune")
    for unit in units:
        Membership.objects.create(user=cast.reviewer, unit=unit, role=Role.HEAD, valid_from=date(2022, 1, 1))

    def asked():
        reader = User.objects.get(pk=cast.reviewer.pk)
        with CaptureQueriesContext(connection) as queries:
            LISTS[name](reader)
        return len(queries)

    registration_of(units[0], period_2024, officer=cast.reviewer, head=cast.reviewer, state="submitted")
    registration_of(units[1], period_2024, officer=cast.reviewer, head=cast.reviewer)
    few = asked()
    for unit in units[2:]:
        state = "submitted" if unit.pk % 2 else "draft"
        registration_of(unit, period_2024, officer=cast.reviewer, head=cast.reviewer, state=state)
    assert asked() == few


def test_a_page_costs_the_same_for_one_and_for_many_rows(cast, client_of, row):
    def asked(address):
        with CaptureQueriesContext(connection) as queries:
            assert client_of(cast.officer).get(address).status_code == 200
        return len(queries)

    addresses = [f"/dang-ky/{row.pk}/{part}" for part in ("", "in/", "noi-dung/", "chi-tieu/", "cong-trinh/")]
    few = [asked(address) for address in addresses]
    works = [work(f"Công trình {number}", due_on=date(2024, 1, 1) + timedelta(number)) for number in range(40)]
    deeds.save_works(registration=row, works=works, by=cast.officer)
    codes = [one.code for group in deeds.asked_of(cast.home, 2024) for one in group.asked if one.kind == "number"]
    deeds.save_promises(registration=row, promises={code: target("1") for code in codes}, by=cast.officer)
    assert [asked(address) for address in addresses] == few
