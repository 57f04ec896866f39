"""What the home page says about annual reports, to whom and until when."""

from datetime import date

import pytest
import time_machine

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.work import Group
from reports.selectors.work import work_items
from reports.services import annual, withdrawals
from tests.reports.conftest import NOTE
from tests.reports.filled import communes, report_of
from units.models import Unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]


def told(user):
    """What stands on this person's page, read anew as in a new request."""
    fresh = type(user).objects.get(pk=user.pk)
    return [(item.group, item.what, item.button or item.status) for item in work_items(fresh)]


NAME = "Báo cáo năm 2024, UBND xã Nậm Xe"


@pytest.mark.parametrize("who", ["nobody", "admin"])
def test_who_acts_for_no_unit_has_nothing_to_do(cast, moved, who):
    moved("submitted")
    assert told(getattr(cast, who)) == []


def test_a_report_that_is_due_and_not_begun_is_to_be_written(cast):
    assert told(cast.officer) == told(cast.head) == [(Group.TODO, NAME, "Lập báo cáo")]


def test_a_report_begun_is_to_be_continued_and_says_how_far_it_is(cast, begun):
    [item] = work_items(cast.officer)
    assert (item.button, item.why) == ("Viết tiếp", "Đã trả lời 0 trên 15 tiêu chí. Hạn nộp 17:00 ngày 13/12/2024.")


def test_a_complete_report_waits_for_the_head(cast, ready):
    assert told(cast.head) == [(Group.TODO, NAME, "Đọc và nộp")]
    assert told(cast.officer) == [(Group.WAITING, NAME, "Chờ thủ trưởng nộp")]


def test_a_contradiction_keeps_a_report_with_its_writers(cast, ready):
    ready.figures.filter(indicator__code="HT6.von_giai_ngan").update(value=1)
    assert told(cast.head) == told(cast.officer) == [(Group.TODO, NAME, "Viết tiếp")]


def test_a_returned_report_stands_first_with_its_reason(cast, moved):
    moved("returned")
    [item] = work_items(cast.officer)
    assert (item.what, item.why, item.button) == (
        "Sửa HT6, báo cáo năm 2024, UBND xã Nậm Xe",
        f"Phòng Nội vụ trả lại HT6: “{NOTE}” Gửi lại trước 17:00 ngày 09/12/2024.",
        "Sửa báo cáo",
    )
    assert (item.day, item.day_note) == (date(2024, 12, 9), "còn 5 ngày làm việc")


def test_once_all_is_answered_the_head_is_asked_to_send_it_back(cast, moved):
    moved("returned").remarks.update(reply="Kho bạc đã xác nhận đúng số này.")
    assert told(cast.head) == [(Group.TODO, "Gửi lại báo cáo năm 2024, UBND xã Nậm Xe", "Đọc và gửi lại")]
    assert [row[2] for row in told(cast.officer)] == ["Sửa báo cáo"]


def test_a_wish_to_take_a_report_back_stands_with_the_standing_office(cast, moved):
    withdrawals.ask(report=moved("reviewing"), reason="Còn thiếu công trình nước sạch bản Mấn.", by=cast.head)
    assert (Group.TODO, "UBND xã Nậm Xe xin rút báo cáo năm 2024", "Trả lời") in told(cast.reviewer)


def test_a_report_handed_in_waits_elsewhere(cast, moved):
    moved("submitted")
    assert told(cast.officer) == [(Group.WAITING, NAME, "Đã nộp, chờ xem xét")]


def test_an_accepted_report_is_told_for_seven_days(cast, moved):
    moved("accepted")
    assert told(cast.officer) == [(Group.DONE, NAME, "")]
    with time_machine.travel(clock.at(date(2024, 12, 9), 10), tick=False):
        assert told(cast.officer) == []


@pytest.mark.parametrize(
    ("moment", "note"),
    [
        (clock.at(date(2024, 12, 2), 9), "còn 9 ngày làm việc"),
        (clock.at(date(2024, 12, 13), 16, 59), "hạn hôm nay"),
        (clock.at(date(2024, 12, 13), 17), "quá hạn hôm nay"),
        (clock.at(date(2024, 12, 16), 9), "quá hạn 1 ngày làm việc"),
        (clock.at(date(2025, 1, 2), 9), "quá hạn 13 ngày làm việc"),  # New Year's Day does not count
    ],
)
def test_the_time_left_is_told_in_working_days(cast, moment, note):
    with time_machine.travel(moment, tick=False):
        [item] = work_items(cast.officer)
    assert item.day_note == note


def test_a_draft_that_is_locked_asks_for_nothing(cast, begun):
    with time_machine.travel(clock.at(date(2025, 2, 3)), tick=False):
        assert told(cast.officer) == []


def test_the_standing_office_has_its_queue_and_its_own_report(cast, moved):
    moved("submitted")
    assert told(cast.reviewer) == [
        (Group.TODO, "Báo cáo năm 2024, Phòng Nội vụ", "Lập báo cáo"),
        (Group.TODO, "Xem xét 1 báo cáo đã nộp", "Mở hàng đợi"),
    ]


def test_the_standing_office_sees_how_many_are_overdue(cast, moved):
    moved("submitted")
    with time_machine.travel(clock.at(date(2024, 12, 16), 9), tick=False):
        overdue = [item for item in work_items(cast.chief) if "quá hạn, chưa nộp" in item.what]
    expected = Unit.objects.expected_to_report(date(2024, 12, 13)).count()
    assert [item.what for item in overdue] == [f"{expected - 1} đơn vị quá hạn, chưa nộp báo cáo năm 2024"]


def test_what_a_reviewer_accepted_is_told_to_that_reviewer_alone(cast, moved):
    moved("accepted")
    assert [row for row in told(cast.reviewer) if row[0] == Group.DONE] == [(Group.DONE, NAME, "")]
    assert [row for row in told(cast.chief) if row[0] == Group.DONE] == []


def test_the_items_of_the_standing_office_cost_the_same_for_one_and_for_thirty(cast, period_2024, queries):
    units, costs = communes(31), []
    for some in (units[:1], units[1:]):
        for unit in some:
            report_of(unit, period_2024, by=cast.head, state="submitted")
        reader = type(cast.reviewer).objects.get(pk=cast.reviewer.pk)
        with time_machine.travel(clock.at(date(2024, 12, 16), 9), tick=False), queries() as asked:
            list(work_items(reader))
        costs.append(asked.count)
    assert costs[0] == costs[1]


def test_the_items_of_a_unit_cost_the_same_for_one_remark_and_for_many(cast, moved, ask, queries):
    report, costs = moved("returned"), []
    for _ in range(2):
        reader = type(cast.officer).objects.get(pk=cast.officer.pk)
        with queries() as asked:
            list(work_items(reader))
        costs.append(asked.count)
        if len(costs) == 1:
            ask(report, *report.entries.values_list("criterion__code", flat=True))
    assert costs[0] == costs[1]


def test_a_person_who_acts_for_two_units_sees_both(cast, period_2024):
    [unit] = communes(1)
    cast.officer.memberships.create(unit=unit, role="officer", valid_from=date(2022, 1, 1))
    annual.start_report(unit=unit, period=period_2024, by=type(cast.officer).objects.get(pk=cast.officer.pk))
    assert [row[1:] for row in told(cast.officer)] == [
        (NAME, "Lập báo cáo"),
        ("Báo cáo năm 2024, UBND xã Số 0", "Viết tiếp"),
    ]
