"""Who has reported and who has not, over the units that the dated registry expects; no rate can pass 100 %."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db.models import Count, Q

from campaigns.models import Period, PeriodState
from criteria.scoring import ratio
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.tones import ICONS, OVERDUE_ICON, Tone
from phongtho_thidua.lib.vietnamese import fold, format_number
from reports.models import AnnualReport, Entry, ReportState
from reports.workflow import TONES
from units.models import Unit


class Standing(StrEnum):
    """Where a unit stands; the order is the order of the board: what needs somebody's action comes first."""

    OVERDUE = "overdue"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    DRAFT = "draft"
    NOT_STARTED = "not_started"
    REVIEWING = "reviewing"
    ACCEPTED = "accepted"


LABELS = {
    Standing.OVERDUE: "Quá hạn, chưa nộp",
    Standing.RETURNED: "Trả lại để sửa",
    Standing.SUBMITTED: "Chờ xem xét",
    Standing.DRAFT: "Đang lập",
    Standing.NOT_STARTED: "Chưa bắt đầu",
    Standing.REVIEWING: "Đang xem xét",
    Standing.ACCEPTED: "Đã chấp nhận",
}


class Punctuality(StrEnum):
    ON_TIME = "on_time"
    LATE = "late"
    OVERDUE = "overdue"
    NOT_DUE = "not_due"


_FACTS = (
    (Punctuality.ON_TIME, "Đúng hạn", Tone.DONE, "tt-f-luc"),
    (Punctuality.LATE, "Nộp muộn", Tone.WAIT, "tt-f-ho"),
    (Punctuality.OVERDUE, "Quá hạn, chưa nộp", Tone.STOP, "tt-f-son"),
    (Punctuality.NOT_DUE, "Chưa đến hạn", Tone.IDLE, "tt-f-ink2"),
)


@dataclass(frozen=True)
class Row:
    unit: Unit
    report: AnnualReport | None
    standing: Standing
    punctuality: Punctuality
    answered: int
    asked: int
    days_late: int  # whole days after the due day; of the submission, or so far when there is none

    @property
    def words(self) -> str:
        days = f"Quá hạn {self.days_late} ngày" if self.days_late else "Quá hạn hôm nay"
        return days if self.standing == Standing.OVERDUE else LABELS[self.standing]

    @property
    def tone(self) -> Tone:
        match self.standing:
            case Standing.OVERDUE:
                return Tone.STOP
            case Standing.SUBMITTED:
                return Tone.WORK  # it waits for the reader of this board
            case _:
                return Tone(TONES[self.report.state]) if self.report else Tone.IDLE

    @property
    def icon(self) -> str:
        return {Standing.OVERDUE: OVERDUE_ICON, Standing.SUBMITTED: "inbox"}.get(self.standing, ICONS[self.tone])


@dataclass(frozen=True)
class Fact:
    """`share` is in per cent of the units expected; `x` and `width` place it on a bar 100 wide."""

    label: str
    value: int
    share: Decimal
    tone: Tone
    fill: str
    x: Decimal

    @property
    def base(self) -> str:
        return f"{format_number(self.share, 1)}%"

    @property
    def start(self) -> str:
        return f"{self.x:.2f}"

    @property
    def width(self) -> str:
        return f"{self.share:.2f}"


@dataclass(frozen=True)
class Board:
    period: Period
    rows: list[Row]
    facts: list[Fact]

    @property
    def sentence(self) -> str:
        """The bar in words, for who cannot see it."""
        return "; ".join(f"{fact.label} {fact.value} đơn vị, {fact.base}" for fact in self.facts)


def board_of(period: Period) -> Board:
    """Every unit expected on the due day with its report; three queries whatever their number."""
    due_day = clock.local(period.due_at).date()
    units = Unit.objects.expected_to_report(due_day).in_order()
    reports = {report.unit_id: report for report in AnnualReport.objects.for_period(period)}
    counts = answered_counts(Q(report__period=period))
    rows = [_row(unit, reports.get(unit.pk), counts, period) for unit in units]
    rows.sort(key=lambda row: list(Standing).index(row.standing))  # stable: the Vietnamese order stays within
    return Board(period, rows, facts_of([row.punctuality for row in rows]))


def answered_counts(where: Q) -> dict[int, tuple[int, int]]:
    """{report id: (criteria answered, criteria asked)} of the entries that `where` names, in one query."""
    counted = Entry.objects.filter(where).with_done().values("report")
    counted = counted.annotate(asked=Count("pk"), answered=Count("pk", filter=Q(done=True))).order_by()
    return {row["report"]: (row["answered"], row["asked"]) for row in counted}


def _row(unit, report, counts, period) -> Row:
    punctuality = _punctuality(report, period)
    answered, asked = counts.get(report.pk, (0, 0)) if report else (0, 0)
    return Row(unit, report, _standing(report, punctuality), punctuality, answered, asked, _days_late(report, period))


def _punctuality(report, period) -> Punctuality:
    in_time = report.was_in_time(period) if report else None
    if in_time is not None:
        return Punctuality.ON_TIME if in_time else Punctuality.LATE
    is_past = period.state in (PeriodState.OVERDUE, PeriodState.LOCKED)
    return Punctuality.OVERDUE if is_past else Punctuality.NOT_DUE


def _standing(report, punctuality) -> Standing:
    if report and report.state == ReportState.RETURNED:
        return Standing.RETURNED
    if punctuality == Punctuality.OVERDUE:
        return Standing.OVERDUE
    return Standing(report.state) if report else Standing.NOT_STARTED


def _days_late(report, period) -> int:
    until = report.first_submitted_at if report and report.first_submitted_at else clock.now()
    return max((clock.local(until).date() - clock.local(period.due_at).date()).days, 0)


def facts_of(punctualities: list[Punctuality]) -> list[Fact]:
    """How many of all stand where; the four shares of a board add up to 100, of an empty one to 0."""
    counts, total = Counter(punctualities), len(punctualities)
    facts, before = [], 0
    for name, label, tone, fill in _FACTS:
        share, x = (ratio(Decimal(n), Decimal(total)) or Decimal(0) for n in (counts[name], before))
        facts.append(Fact(label, counts[name], share, tone, fill, x))
        before += counts[name]
    return facts


def narrowed(rows: list[Row], *, kind: str = "", standing: str = "", query: str = "") -> list[Row]:
    """The rows of one kind of unit, in one standing, whose name contains `query` with or without accents."""
    wanted = fold(query)
    return [
        row
        for row in rows
        if kind in ("", row.unit.kind) and standing in ("", row.standing) and wanted in row.unit.search_text
    ]


def current_period() -> Period | None:
    """The latest period that has opened, else the first to come."""
    opened = Period.objects.filter(opens_at__lte=clock.now()).order_by("-year")
    return opened.first() or Period.objects.order_by("year").first()
