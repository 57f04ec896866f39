"""The reports of one's own units, year by year, with those that can be begun now."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from campaigns.models import Excusal, Extension, Period
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.tones import Tone
from reports.models import AnnualReport
from reports.selectors.board import answered_counts
from reports.workflow import TONES
from units.models import Unit


@dataclass(frozen=True)
class ShelfRow:
    """`report` is None where the unit has not begun one; `answered` of `asked` criteria."""

    unit: Unit
    period: Period
    report: AnnualReport | None = None
    answered: int = 0
    asked: int = 0
    until: datetime | None = None  # a later deadline, where no report knows it

    @property
    def due_at(self) -> datetime:
        return self.report.due_at if self.report else max(self.period.due_at, self.until or self.period.due_at)

    @property
    def words(self) -> str:
        return self.report.get_state_display() if self.report else "Chưa lập"

    @property
    def tone(self) -> Tone:
        return Tone(TONES[self.report.state]) if self.report else Tone.IDLE


def shelf_of(user) -> list[ShelfRow]:
    """Newest year first; a row without a report stands only where one can still be begun and handed in."""
    own = Q(unit__in=user.unit_ids)
    reports = list(AnnualReport.objects.filter(own).with_deadlines().select_related("unit", "period"))
    counts = answered_counts(Q(report__unit__in=user.unit_ids))
    rows = [ShelfRow(report.unit, report.period, report, *counts.get(report.pk, (0, 0))) for report in reports]
    begun = {(report.unit_id, report.period_id) for report in reports}
    rows += [row for row in _to_begin(user) if (row.unit.pk, row.period.pk) not in begun]
    return sorted(rows, key=lambda row: (-row.period.year, row.unit.sort_key))


def _to_begin(user) -> list[ShelfRow]:
    """Periods overlap at most for weeks, so this asks for units once or twice."""
    if not user.unit_ids:
        return []
    granted = Extension.objects.granted().filter(unit__in=user.unit_ids).order_by("until")
    until = {(one.unit_id, one.period_id): one.until for one in granted}
    late = [period for (_, period), moment in until.items() if moment > clock.now()]
    rows = []
    for period in Period.objects.filter(Q(pk__in=Period.objects.accepting().values("pk")) | Q(pk__in=late)):
        due_day = clock.local(period.due_at).date()
        expected = Unit.objects.expected_to_report(due_day).filter(pk__in=user.unit_ids)
        expected = expected.exclude(pk__in=Excusal.objects.in_force().for_period(period).values("unit"))
        rows += [ShelfRow(unit, period, until=until.get((unit.pk, period.pk))) for unit in expected]
    return [row for row in rows if clock.now() < max(row.period.locks_at, row.due_at)]
