"""What was granted beside the dates of a period, and how many working days are left."""

from dataclasses import dataclass
from datetime import datetime

from campaigns.models import Excusal, Extension, Holiday, Period, PeriodState
from phongtho_thidua.lib import clock
from units.models import Unit


@dataclass(frozen=True)
class Leeway:
    """`until`: {unit id: its later deadline}; `excused`: {unit id: the excusal in force}."""

    until: dict[int, datetime]
    excused: dict[int, Excusal]

    def due_at(self, unit_id: int, period: Period) -> datetime:
        return max(period.due_at, self.until.get(unit_id, period.due_at))


def leeway_of(period: Period) -> Leeway:
    """Of all units at once, in two queries."""
    excusals = Excusal.objects.in_force().for_period(period)
    return Leeway(Extension.objects.for_period(period).deadlines(), {one.unit_id: one for one in excusals})


def expected_units(period: Period):
    """The units that have to report, by the registry of the due day."""
    return Unit.objects.expected_to_report(clock.local(period.due_at).date()).in_order()


def own_expected_units(user, period: Period):
    return expected_units(period).filter(pk__in=user.unit_ids)


def excusable_units(period: Period):
    return expected_units(period).exclude(pk__in=Excusal.objects.in_force().for_period(period).values("unit"))


def time_left(moment: datetime, holidays: frozenset) -> str:
    """`còn 5 ngày làm việc` until `moment`, in words that fit a day that has come or gone."""
    days = clock.working_days_between(clock.today(), clock.local(moment).date(), holidays)
    if moment <= clock.now():
        return f"đã qua {-days} ngày làm việc" if days < 0 else "đã qua"
    return f"còn {days} ngày làm việc" if days else "trong hôm nay"


@dataclass(frozen=True)
class PeriodRow:
    period: Period
    due_left: str
    lock_left: str

    @property
    def is_running(self) -> bool:
        return self.period.state in (PeriodState.OPEN, PeriodState.OVERDUE)

    @property
    def is_asked_for(self) -> bool:
        """Whether an extension can be asked for: once the period is open, until the year after it ends."""
        return self.period.state != PeriodState.NOT_OPEN and clock.today().year <= self.period.year + 1


def period_rows(periods) -> list[PeriodRow]:
    holidays = Holiday.objects.days()
    return [PeriodRow(one, time_left(one.due_at, holidays), time_left(one.locks_at, holidays)) for one in periods]
