"""Who had to report, and whether it came in time: the one home of the rule, for the board and for the summary.

Every unit that the dated registry expects on the due day is in exactly one class, so no rate can leave 0 to 100 %.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from campaigns.models import Excusal, Period
from campaigns.selectors.leeway import expected_units, leeway_of
from phongtho_thidua.lib import clock
from reports.models import AnnualReport
from units.models import Unit


class Punctuality(StrEnum):
    ON_TIME = "on_time"
    LATE = "late"
    OVERDUE = "overdue"
    EXTENDED = "extended"
    EXCUSED = "excused"
    NOT_DUE = "not_due"


LABELS = {
    Punctuality.ON_TIME: "Đúng hạn",
    Punctuality.LATE: "Nộp muộn",
    Punctuality.OVERDUE: "Quá hạn, chưa nộp",
    Punctuality.EXTENDED: "Được gia hạn",
    Punctuality.EXCUSED: "Được miễn",
    Punctuality.NOT_DUE: "Chưa đến hạn",
}
HANDED_IN = frozenset({Punctuality.ON_TIME, Punctuality.LATE})
MISSING = frozenset({Punctuality.OVERDUE, Punctuality.EXTENDED, Punctuality.NOT_DUE})  # a report is still to come


@dataclass(frozen=True)
class Case:
    """One unit that has to report; `due_at` is its own deadline."""

    unit: Unit
    report: AnnualReport | None
    punctuality: Punctuality
    due_at: datetime
    excusal: Excusal | None


def cases_of(period: Period) -> list[Case]:
    """Every unit expected, in the Vietnamese order of short names; four queries whatever their number."""
    leeway = leeway_of(period)
    reports = {report.unit_id: report for report in AnnualReport.objects.for_period(period)}
    return [_case(unit, reports.get(unit.pk), leeway, period) for unit in expected_units(period)]


def _case(unit, report, leeway, period) -> Case:
    due_at, excusal = leeway.due_at(unit.pk, period), leeway.excused.get(unit.pk)
    if report:
        report.period, report.extended_until = period, leeway.until.get(unit.pk)
    return Case(unit, report, punctuality_of(report, due_at, period, is_excused=excusal is not None), due_at, excusal)


def punctuality_of(report: AnnualReport | None, due_at: datetime, period: Period, *, is_excused=False) -> Punctuality:
    """Who is excused and reports all the same had no deadline to miss."""
    first = report.first_submitted_at if report else None
    if first:
        return Punctuality.ON_TIME if is_excused or first < due_at else Punctuality.LATE
    if is_excused:
        return Punctuality.EXCUSED
    if clock.now() >= due_at:
        return Punctuality.OVERDUE
    return Punctuality.EXTENDED if due_at > period.due_at else Punctuality.NOT_DUE
