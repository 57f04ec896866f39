from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from campaigns.models import Campaign, Period, PeriodState, Phase
from campaigns.services.periods import set_period_dates
from campaigns.services.plan import load_plan
from phongtho_thidua.lib import clock
from units import audit

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
OPENS, DUE, LOCKS = clock.at(date(2024, 11, 15)), clock.at(date(2024, 12, 13), 17), clock.at(date(2025, 1, 31), 17)


@pytest.mark.parametrize(
    ("moment", "before", "after"),
    [
        (OPENS, PeriodState.NOT_OPEN, PeriodState.OPEN),
        (DUE, PeriodState.OPEN, PeriodState.OVERDUE),
        (LOCKS, PeriodState.OVERDUE, PeriodState.LOCKED),
    ],
)
def test_state_turns_at_the_very_second_in_vietnam(period_2024, moment, before, after):
    seen = []
    for instant in (moment - SECOND, moment, moment + SECOND):
        with time_machine.travel(instant, tick=False):
            lists = {state for state in PeriodState if getattr(Period.objects, state)().filter(pk=period_2024.pk)}
            seen.append((period_2024.state, lists))
    assert seen == [(before, {before}), (after, {after}), (after, {after})]


@pytest.mark.parametrize(
    ("instant", "accepted"),
    [(OPENS - SECOND, False), (OPENS, True), (DUE, True), (LOCKS - SECOND, True), (LOCKS, False)],
)
def test_period_accepts_reports_from_opening_until_it_locks(period_2024, instant, accepted):
    with time_machine.travel(instant, tick=False):
        assert Period.objects.accepting().filter(pk=period_2024.pk).exists() == accepted


def test_deadline_is_judged_in_vietnam_wherever_the_server_stands(period_2024):
    with time_machine.travel(datetime(2024, 12, 13, 9, 59, 59, tzinfo=UTC), tick=False):
        assert period_2024.state == PeriodState.OPEN
    with time_machine.travel(datetime(2024, 12, 13, 10, 0, tzinfo=UTC), tick=False):
        assert period_2024.state == PeriodState.OVERDUE


def test_each_state_has_its_own_look(period_2024):
    looks = {}
    for instant in (OPENS - SECOND, OPENS, DUE, LOCKS):
        with time_machine.travel(instant, tick=False):
            looks[period_2024.state] = (period_2024.tone, period_2024.icon)
    assert looks == {
        "not_open": ("idle", ""),
        "open": ("work", ""),
        "overdue": ("stop", "clock-history"),
        "locked": ("idle", "lock-fill"),
    }


@pytest.mark.parametrize(
    "nonsense",
    [{"due_at": OPENS}, {"due_at": LOCKS}, {"opens_at": DUE}, {"locks_at": DUE}, {"locks_at": OPENS}],
    ids=lambda change: next(iter(change)),
)
def test_database_refuses_times_out_of_order(period_2024, nonsense):
    with pytest.raises(IntegrityError), transaction.atomic():
        Period.objects.filter(pk=period_2024.pk).update(**nonsense)


def test_database_refuses_a_second_period_of_the_same_year(period_2024):
    period_2024.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        period_2024.save()


@pytest.mark.parametrize(
    ("model", "nonsense"),
    [
        (Campaign, {"last_year": 2021}),
        (Campaign, {"plan_number": "12/KH-UBND"}),
        (Campaign, {"plan_date": date(2023, 2, 28)}),
        (Phase, {"last_year": 2021}),
    ],
    ids=str,
)
def test_database_refuses_a_campaign_that_makes_no_sense(model, nonsense):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**nonsense)


def moved(period, by, **times):
    return set_period_dates(period=period, by=by, **({"opens_at": OPENS, "due_at": DUE, "locks_at": LOCKS} | times))


def test_standing_office_moves_a_deadline_and_the_history_tells_it(december, period_2024, cast):
    moved(period_2024, cast.reviewer, due_at=DUE + timedelta(days=7))

    period_2024.refresh_from_db()
    assert (period_2024.opens_at, period_2024.due_at, period_2024.locks_at) == (OPENS, DUE + timedelta(days=7), LOCKS)
    event = audit.history_of(period_2024)[0]
    assert (event.actor_name, event.label) == ("Hoàng Minh Đức", "đổi hạn của Kỳ báo cáo năm 2024")
    assert event.changes == {"hạn nộp": ["17:00 ngày 13/12/2024", "17:00 ngày 20/12/2024"]}


def test_same_times_again_leave_no_trace(december, period_2024, cast):
    moved(period_2024, cast.chief)
    assert audit.history_of(period_2024) == []


@pytest.mark.parametrize("who", ["officer", "head", "lead", "company_officer", "admin", "nobody"])
def test_nobody_else_moves_a_deadline(december, period_2024, cast, who):
    with pytest.raises(PermissionDenied):
        moved(period_2024, getattr(cast, who), due_at=DUE + timedelta(days=7))
    period_2024.refresh_from_db()
    assert (period_2024.due_at, audit.history_of(period_2024)) == (DUE, [])


@pytest.mark.parametrize(
    ("times", "errors"),
    [
        ({"due_at": OPENS}, {"due_at": ["Hạn nộp phải sau lúc mở, 00:00 ngày 15/11/2024."]}),
        ({"opens_at": DUE}, {"due_at": ["Hạn nộp phải sau lúc mở, 17:00 ngày 13/12/2024."]}),
        ({"locks_at": DUE}, {"locks_at": ["Lúc khóa phải sau hạn nộp, 17:00 ngày 13/12/2024."]}),
        (
            {"due_at": clock.at(date(2024, 12, 2), 8)},
            {"due_at": ["Hạn nộp mới đã qua. Bây giờ là 09:00 ngày 02/12/2024."]},
        ),
        ({"opens_at": clock.at(date(2023, 12, 31))}, {"opens_at": ["Chọn thời điểm trong năm 2024 hoặc 2025."]}),
        ({"locks_at": clock.at(date(2026, 1, 1))}, {"locks_at": ["Chọn thời điểm trong năm 2024 hoặc 2025."]}),
    ],
    ids=str,
)
def test_times_that_make_no_sense_get_a_sentence_at_their_field(period_2024, cast, times, errors):
    with time_machine.travel(clock.at(date(2024, 12, 2), 9), tick=False), pytest.raises(ValidationError) as refusal:
        moved(period_2024, cast.reviewer, **times)
    assert refusal.value.message_dict == errors
    period_2024.refresh_from_db()
    assert (period_2024.opens_at, period_2024.due_at, period_2024.locks_at) == (OPENS, DUE, LOCKS)


def test_deadline_that_has_passed_may_stay_when_only_the_lock_moves(period_2024, cast):
    with time_machine.travel(clock.at(date(2024, 12, 20)), tick=False):
        moved(period_2024, cast.reviewer, locks_at=LOCKS + timedelta(days=7))
    period_2024.refresh_from_db()
    assert period_2024.locks_at == LOCKS + timedelta(days=7)


def test_loading_the_plan_again_keeps_the_times_that_the_office_has_set(december, period_2024, cast):
    moved(period_2024, cast.reviewer, due_at=DUE + timedelta(days=7))
    assert set(load_plan().values()) == {0}
    period_2024.refresh_from_db()
    assert period_2024.due_at == DUE + timedelta(days=7)
