"""Writing part by part: nobody's words are overwritten, nothing is written when it is closed or wrong."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from campaigns.models import Registration
from campaigns.selectors.registration import data_of, seen
from campaigns.services import registration as deeds
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import StepRefused
from tests.campaigns.registering import SPENT, contents, registration_of, target, work
from units.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def march():
    with time_machine.travel(clock.at(date(2024, 3, 11), 9), tick=True):
        yield


@pytest.fixture
def row(cast, period_2024):
    return registration_of(cast.home, period_2024, officer=cast.officer, head=cast.head)


def stored(row):
    return data_of(Registration.objects.with_parts().get(pk=row.pk))


WRITE = {
    "contents": lambda **who: deeds.save_contents(contents=contents("ND1"), **who),
    "promises": lambda **who: deeds.save_promises(promises={SPENT: target("1")}, **who),
    "works": lambda **who: deeds.save_works(works=[], **who),
    "plan_file": lambda **who: deeds.save_plan_file(upload=None, **who),
}


@pytest.mark.parametrize("who", ["other_officer", "reviewer", "lead", "admin", "nobody"])
@pytest.mark.parametrize("part", WRITE)
def test_only_the_unit_writes(cast, row, part, who):
    before = stored(row)
    with pytest.raises(PermissionDenied):
        WRITE[part](registration=row, by=getattr(cast, who))
    assert stored(row) == before


@pytest.mark.parametrize("part", WRITE)
def test_nobody_writes_in_what_is_registered(cast, row, part):
    deeds.submit(registration=row, by=cast.head)
    with pytest.raises(StepRefused, match="Muốn sửa, chọn Điều chỉnh"):
        WRITE[part](registration=row, by=cast.officer)


@pytest.mark.parametrize(("state", "day"), [("draft", date(2025, 1, 1)), ("amending", date(2024, 7, 1))])
def test_nobody_writes_after_the_last_day(cast, period_2024, state, day):
    row = registration_of(cast.other, period_2024, officer=cast.other_officer, head=cast.other_head, state=state)
    with time_machine.travel(clock.at(day), tick=False), pytest.raises(StepRefused, match=r"đã hết|đến hết ngày"):
        WRITE["contents"](registration=row, by=cast.other_officer)


def test_what_a_colleague_saved_meanwhile_is_not_overwritten(cast, row):
    mine = seen(stored(row), "works")
    deeds.save_works(registration=row, works=[work("Cầu treo Po Chà")], by=cast.head, seen_as=mine)
    with pytest.raises(deeds.Overtaken, match=r"Tẩn A Sài đã lưu mục này lúc .* Chọn bản giữ lại") as conflict:
        deeds.save_works(registration=row, works=[work("Kênh Mấn")], by=cast.officer, seen_as=mine)
    assert [one["name"] for one in stored(row)["works"]] == ["Cầu treo Po Chà"]
    assert conflict.value.theirs == ["Cầu treo Po Chà: ND6, xong trước 30/09/2024 (2,4 km)"]
    deeds.save_works(registration=row, works=[work("Kênh Mấn")], by=cast.officer, seen_as=conflict.value.seen)
    assert [one["name"] for one in stored(row)["works"]] == ["Kênh Mấn"]


def test_two_people_on_two_parts_do_not_stand_in_each_others_way(cast, row):
    data = stored(row)
    deeds.save_works(registration=row, works=[], by=cast.head, seen_as=seen(data, "works"))
    deeds.save_contents(registration=row, contents=contents("ND1"), by=cast.officer, seen_as=seen(data, "contents"))
    assert (stored(row)["works"], stored(row)["contents"][0]["code"]) == ([], "ND1")


def test_the_same_click_twice_is_one_save(cast, row):
    mine = seen(stored(row), "works")
    for _ in range(2):
        deeds.save_works(registration=row, works=[work("Kênh Mấn")], by=cast.officer, seen_as=mine)
    assert AuditEvent.objects.filter(action="save_works", note="").count() == 2  # with the one of the fixture


def test_the_text_that_was_replaced_stays_in_the_history(cast, row):
    deeds.save_works(registration=row, works=[], by=cast.head)
    event = AuditEvent.objects.filter(action="save_works").latest("pk")
    assert event.changes == {"Công trình, phần việc Đường bản Po Chà": ["ND6, xong trước 30/09/2024 (2,4 km)", ""]}


def test_who_saved_last_prepared_it(cast, row):
    deeds.save_works(registration=row, works=[], by=cast.head)
    row.refresh_from_db()
    assert row.prepared_by == cast.head


def test_a_target_that_the_form_does_not_ask_is_refused(cast, row):
    with pytest.raises(ValidationError, match=r"không hỏi chỉ tiêu MT2.tien"):
        deeds.save_promises(registration=row, promises={"MT2.tien": target("1")}, by=cast.officer)


@pytest.mark.parametrize(
    "works",
    [
        [work(due_on=date(2025, 1, 1))],
        [work(due_on=date(2023, 12, 31))],
        [work(content="ND99")],
        [work(f"Công trình {number}") for number in range(51)],
    ],
)
def test_works_out_of_the_year_or_the_plan_or_too_many_are_refused_whole(cast, row, works):
    before = stored(row)
    with pytest.raises(ValidationError, match="Nhiều nhất 50"):
        deeds.save_works(registration=row, works=works, by=cast.officer)
    assert stored(row) == before


def test_fifty_works_up_to_the_last_day_are_taken(cast, row):
    works = [work(f"Công trình {number}", due_on=date(2024, 12, 31)) for number in range(50)]
    deeds.save_works(registration=row, works=works, by=cast.officer)
    assert len(stored(row)["works"]) == 50
