"""The completeness board: over the units expected, never above 100 %, what needs action first."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from phongtho_thidua.lib import clock
from reports.models import AnnualReport
from reports.selectors.board import Standing, board_of, facts_of, narrowed
from reports.selectors.timeliness import Punctuality
from reports.services import annual
from tests.reports.filled import communes, report_of
from units.models import Unit
from units.services.registry import dissolve_unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

AFTER_DUE = clock.at(date(2024, 12, 16), 9)  # three days after 17:00 on 13/12/2024


def row_of(period, unit):
    return next(row for row in board_of(period).rows if row.unit == unit)


def counts(period):
    return {fact.label: fact.value for fact in board_of(period).facts}


@given(st.lists(st.sampled_from(list(Punctuality)), max_size=400))
def test_the_shares_of_a_board_never_pass_a_hundred(punctualities):
    facts = facts_of(punctualities)
    shares = [fact.share for fact in facts]
    assert sum(fact.value for fact in facts) == len(punctualities)
    assert all(0 <= share <= 100 for share in shares)
    assert abs(sum(shares) - (100 if punctualities else 0)) < 1e-9
    assert all(abs(fact.x + fact.share) <= 100 + 1e-9 for fact in facts)


def test_only_units_expected_on_the_due_day_are_counted(cast, period_2024):
    before = len(board_of(period_2024).rows)
    report_of(cast.other, period_2024, by=cast.other_head)
    dissolve_unit(unit=cast.other, dissolved=date(2024, 12, 13), document="Nghị quyết", by=cast.chief)
    Unit.objects.filter(pk=cast.company.pk).update(reports=False)
    board = board_of(period_2024)
    assert (len(board.rows), [row for row in board.rows if row.unit in (cast.other, cast.company)]) == (before - 2, [])
    assert sum(fact.value for fact in board.facts) == len(board.rows)


def test_every_expected_unit_stands_on_the_board_once(period_2024):
    rows = board_of(period_2024).rows
    expected = Unit.objects.expected_to_report(date(2024, 12, 13))
    assert sorted(row.unit.pk for row in rows) == sorted(expected.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("state", "standing", "words", "tone", "icon"),
    [
        (None, Standing.NOT_STARTED, "Chưa bắt đầu", "idle", "circle"),
        ("draft", Standing.DRAFT, "Đang lập", "work", "pencil"),
        ("submitted", Standing.SUBMITTED, "Chờ xem xét", "work", "inbox"),
        ("reviewing", Standing.REVIEWING, "Đang xem xét", "wait", "hourglass-split"),
        ("returned", Standing.RETURNED, "Trả lại để sửa", "stop", "arrow-return-left"),
        ("accepted", Standing.ACCEPTED, "Đã chấp nhận", "done", "check-circle-fill"),
    ],
)
def test_a_state_has_words_tone_and_icon(cast, period_2024, state, standing, words, tone, icon):
    if state:
        report_of(cast.home, period_2024, by=cast.head, state=state)
    row = row_of(period_2024, cast.home)
    assert (row.standing, row.words, row.tone, row.icon) == (standing, words, tone, icon)


@pytest.mark.parametrize("state", [None, "draft"])
def test_who_has_not_handed_in_after_the_due_time_is_overdue(cast, period_2024, state):
    if state:
        report_of(cast.home, period_2024, by=cast.head, state=state)
    with time_machine.travel(AFTER_DUE, tick=False):
        row = row_of(period_2024, cast.home)
    assert (row.standing, row.words, row.icon) == (Standing.OVERDUE, "Quá hạn 3 ngày", "clock-history")


def test_the_due_time_itself_is_too_late(cast, period_2024):
    due = period_2024.due_at
    for unit, moment in ((cast.home, due - timedelta(microseconds=1)), (cast.other, due)):
        report = report_of(unit, period_2024, by=cast.head)
        AnnualReport.objects.filter(pk=report.pk).update(first_submitted_at=moment)
    found = [row_of(period_2024, unit).punctuality for unit in (cast.home, cast.other)]
    assert found == [Punctuality.ON_TIME, Punctuality.LATE]


def test_a_returned_report_was_in_time_when_it_first_came(cast, period_2024):
    report_of(cast.home, period_2024, by=cast.head, state="returned")
    with time_machine.travel(AFTER_DUE, tick=False):
        row = row_of(period_2024, cast.home)
    assert (row.standing, row.punctuality) == (Standing.RETURNED, Punctuality.ON_TIME)


def test_a_report_taken_back_is_not_handed_in(cast, moved, period_2024):
    annual.withdraw(report=moved("submitted"), by=cast.head)
    assert row_of(period_2024, cast.home).punctuality == Punctuality.NOT_DUE


def test_what_needs_action_comes_first_then_the_vietnamese_order(cast, period_2024):
    for unit, state in ((cast.company, "returned"), (cast.other, "accepted"), (cast.home, "submitted")):
        report_of(unit, period_2024, by=cast.head, state=state)
    with time_machine.travel(AFTER_DUE, tick=False):
        rows = board_of(period_2024).rows
    overdue = [row.unit for row in rows if row.standing == Standing.OVERDUE]
    assert [row.unit for row in rows] == [*overdue, cast.company, cast.home, cast.other]
    assert overdue == sorted(overdue, key=lambda unit: unit.sort_key)


def test_the_board_counts_criteria_answered_of_criteria_asked(cast, begun, complete, period_2024):
    complete(begun)
    begun.entries.filter(criterion__code__in=["HT1", "TK9"]).update(grade="")
    begun.figures.filter(indicator__code="HT2.cong_trinh").update(answer="", value=None)
    row = row_of(period_2024, cast.home)
    assert (row.answered, row.asked) == (12, 15)


def test_facts_name_how_many_of_all(cast, period_2024):
    total = len(board_of(period_2024).rows)
    report_of(cast.home, period_2024, by=cast.head)
    report_of(cast.other, period_2024, by=cast.head, late=True)
    with time_machine.travel(AFTER_DUE, tick=False):
        found = counts(period_2024)
    assert found == {"Đúng hạn": 1, "Nộp muộn": 1, "Quá hạn, chưa nộp": total - 2, "Chưa đến hạn": 0}


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({}, ["a", "b", "c"]),
        ({"kind": "commune"}, ["a", "b"]),
        ({"standing": "overdue"}, ["b"]),
        ({"query": "Nậm  XE"}, ["a"]),
        ({"kind": "commune", "query": "so"}, ["b"]),
        ({"kind": "nonsense"}, []),
    ],
)
def test_a_filter_leaves_the_rows_it_names(wanted, names):
    made = (
        ("a", "commune", "draft", "nam xe"),
        ("b", "commune", "overdue", "muong so"),
        ("c", "union", "draft", "hoi"),
    )
    rows = [
        SimpleNamespace(
            name=name, unit=SimpleNamespace(kind=kind, search_text=text), standing=Standing(standing), cluster=None
        )
        for name, kind, standing, text in made
    ]
    assert [row.name for row in narrowed(rows, **wanted)] == names


def test_the_bar_says_in_words_what_it_shows(cast, period_2024, client_of):
    page = client_of(cast.reviewer).get("/tien-do/2024/")
    total = len(page.context["board"].rows)
    none = "Đúng hạn 0 đơn vị, 0,0%; Nộp muộn 0 đơn vị, 0,0%; Quá hạn, chưa nộp 0 đơn vị, 0,0%"
    words = f"{none}; Chưa đến hạn {total} đơn vị, 100,0%"
    assert f'aria-label="{words}"' in page.content.decode()


def test_a_draft_is_named_on_the_board_and_leads_nowhere(cast, begun, client_of):
    assert begun.get_absolute_url() not in client_of(cast.reviewer).get("/tien-do/2024/").content.decode()


def test_a_report_handed_in_is_one_press_away(cast, moved, client_of):
    report = moved("submitted")
    assert report.get_absolute_url() in client_of(cast.reviewer).get("/tien-do/2024/").content.decode()


@pytest.mark.parametrize(("address", "status"), [("/tien-do/1999/", 404), ("/tien-do/2030/", 200)])
def test_a_board_exists_for_every_period(cast, client_of, address, status):
    assert client_of(cast.reviewer).get(address).status_code == status


def test_the_board_of_now_is_the_one_of_the_latest_open_period(cast, client_of):
    assert client_of(cast.reviewer).get("/tien-do/").url == "/tien-do/2024/"


def test_the_board_costs_the_same_for_one_and_for_thirty(cast, period_2024, client_of, queries):
    client, counts = client_of(cast.reviewer), []
    for made in (communes(1), communes(30, first=1)):
        for unit in made:
            report_of(unit, period_2024, by=cast.head, state="submitted", late=True)
        with queries() as asked:
            client.get("/tien-do/2024/")
        counts.append(asked.count)
    assert counts[0] == counts[1] <= 24
