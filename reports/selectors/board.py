"""Who has reported and who has not, over the units that the dated registry expects; no rate can pass 100 %."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from django.db.models import Count, Q

from campaigns.models import Period
from criteria.scoring import ratio
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.tones import ICONS, OVERDUE_ICON, Tone
from phongtho_thidua.lib.vietnamese import fold, format_number
from reports.models import AnnualReport, Entry, ReportState, Verification, VerificationState
from reports.selectors import timeliness
from reports.selectors.reminders import Reminded, mailings_of, reminded_units
from reports.selectors.timeliness import HANDED_IN, Case, Punctuality
from reports.workflow import TONES
from units.models import Cluster, ClusterMember, SectorCode, Unit, UnitKind


class Standing(StrEnum):
    """Where a unit stands; the order is the order of the board: what needs somebody's action comes first."""

    OVERDUE = "overdue"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    DRAFT = "draft"
    NOT_STARTED = "not_started"
    REVIEWING = "reviewing"
    ACCEPTED = "accepted"
    EXCUSED = "excused"


LABELS = {
    Standing.OVERDUE: "Quá hạn, chưa nộp",
    Standing.RETURNED: "Trả lại để sửa",
    Standing.SUBMITTED: "Chờ xem xét",
    Standing.DRAFT: "Đang lập",
    Standing.NOT_STARTED: "Chưa bắt đầu",
    Standing.REVIEWING: "Đang xem xét",
    Standing.ACCEPTED: "Đã chấp nhận",
    Standing.EXCUSED: "Được miễn báo cáo",
}
_ORDER = {standing: place for place, standing in enumerate(Standing)}
_ICONS = {Standing.OVERDUE: OVERDUE_ICON, Standing.SUBMITTED: "inbox", Standing.EXCUSED: "slash-circle"}
_LOOKS = {  # tone and colour on the bar; the last two stand there only when a unit is in them
    Punctuality.ON_TIME: (Tone.DONE, "tt-f-luc"),
    Punctuality.LATE: (Tone.WAIT, "tt-f-ho"),
    Punctuality.OVERDUE: (Tone.STOP, "tt-f-son"),
    Punctuality.NOT_DUE: (Tone.IDLE, "tt-f-ink2"),
    Punctuality.EXTENDED: (Tone.WORK, "tt-f-cham"),
    Punctuality.EXCUSED: (Tone.IDLE, "tt-f-band"),
}
NO_CLUSTER = "0"
_RARE = (Punctuality.EXTENDED, Punctuality.EXCUSED)

# The 17 communes as they lie to each other, column and key, row by row from the north; not a map to scale.
TILES = (
    (3, "xa-si-lo-lau"), (2, "xa-vang-ma-chai"), (3, "xa-mo-si-san"), (4, "xa-pa-vay-su"), (1, "xa-ma-li-pho"),
    (2, "xa-mu-sang"), (3, "xa-dao-san"), (4, "xa-tung-qua-lin"), (1, "xa-huoi-luong"), (2, "xa-hoang-then"),
    (3, "thi-tran-phong-tho"), (4, "xa-khong-lao"), (5, "xa-ban-lang"), (2, "xa-lan-nhi-thang"), (3, "xa-muong-so"),
    (4, "xa-sin-suoi-ho"), (5, "xa-nam-xe"),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    case: Case
    standing: Standing
    answered: int
    asked: int
    done: int  # sector offices that have judged all their figures
    offices: int  # of so many
    days_late: int  # whole days after the due day; of the submission, or so far when there is none
    reminded: Reminded | None
    cluster: Cluster | None

    @property
    def unit(self) -> Unit:
        return self.case.unit

    @property
    def report(self) -> AnnualReport | None:
        return self.case.report

    @property
    def punctuality(self) -> Punctuality:
        return self.case.punctuality

    @cached_property
    def when(self) -> str:
        first = self.report and self.report.first_submitted_at
        return _day(first) if first else "chưa nộp"

    @cached_property
    def note(self) -> str:
        """The second line: how late, by which deadline, excused by what, reminded when."""
        match self.punctuality:
            case Punctuality.ON_TIME:
                return ""
            case Punctuality.LATE:
                return f"muộn {self.days_late} ngày" if self.days_late else "muộn trong ngày"
            case Punctuality.EXCUSED:
                return f"miễn theo {self.case.excusal.document}"
        due = f"{'gia hạn đến' if self.punctuality == Punctuality.EXTENDED else 'hạn'} {_day(self.case.due_at)}"
        return f"{due}, đã nhắc {_day(self.reminded.last_at)}" if self.reminded else due

    @cached_property
    def words(self) -> str:
        days = f"Quá hạn {self.days_late} ngày" if self.days_late else "Quá hạn hôm nay"
        return days if self.standing == Standing.OVERDUE else LABELS[self.standing]

    @cached_property
    def tone(self) -> Tone:
        match self.standing:
            case Standing.OVERDUE:
                return Tone.STOP
            case Standing.EXCUSED:
                return Tone.IDLE
            case Standing.SUBMITTED:
                return Tone.WORK  # it waits for the reader of this board
            case _:
                return Tone(TONES[self.report.state]) if self.report else Tone.IDLE

    @property
    def icon(self) -> str:
        return _ICONS.get(self.standing, ICONS[self.tone])


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
class Group:
    """Units of one kind or cluster; every unit is in one of the counts, and `handed_in` never passes `expected`."""

    key: str
    label: str
    expected: int
    counts: Counter

    @property
    def handed_in(self) -> int:
        return sum(self.counts[one] for one in HANDED_IN)

    @property
    def rate(self) -> Decimal:
        return _share(self.handed_in, self.expected)

    @property
    def figures(self) -> list[int]:
        """In the order of `PUNCTUALITIES`, for the columns of a table."""
        return [self.counts[one] for one in _LOOKS]


PUNCTUALITIES = [timeliness.LABELS[one] for one in _LOOKS]


@dataclass(frozen=True)
class SectorRow:
    """How far the lead of a sector has judged the figures that were handed in."""

    label: str
    waiting: int
    judged: int
    returned: int


@dataclass(frozen=True)
class Tile:
    column: int
    row: Row


@dataclass(frozen=True)
class Board:
    period: Period
    rows: list[Row]
    facts: list[Fact]
    sectors: list[SectorRow]

    @property
    def sentence(self) -> str:
        """The bar in words, for who cannot see it."""
        return "; ".join(f"{fact.label} {fact.value} đơn vị, {fact.base}" for fact in self.facts)

    @cached_property
    def kinds(self) -> list[Group]:
        groups = _grouped(self.rows, lambda row: row.unit.kind)
        return [_group(kind.value, kind.label, groups[kind]) for kind in UnitKind if kind in groups]

    @cached_property
    def clusters(self) -> list[Group]:
        """By membership on the due day; who is in no cluster stands last, nothing when there are no clusters."""
        groups = _grouped(self.rows, lambda row: row.cluster)
        named = sorted((one for one in groups if one), key=lambda one: (one.order, one.name))
        found = [_group(str(cluster.pk), cluster.name, groups[cluster]) for cluster in named]
        return [*found, _group(NO_CLUSTER, "Chưa xếp khối", groups[None])] if found and None in groups else found

    @cached_property
    def tiles(self) -> list[Tile]:
        """Whatever of the 17 communes this board has; on another map of units the places stay empty."""
        rows = {row.unit.key: row for row in self.rows}
        return [Tile(column, rows[key]) for column, key in TILES if key in rows]


def board_of(period: Period) -> Board:
    """Every unit expected on the due day with its report; eight queries whatever their number."""
    counts = answered_counts(Q(report__period=period))
    offices, sectors = _verified(period)
    reminded, clusters = reminded_units(period), _clusters_on(clock.local(period.due_at).date())
    rows = [
        _row(case, counts, offices, reminded.get(case.unit.pk), clusters.get(case.unit.pk))
        for case in timeliness.cases_of(period)
    ]
    rows.sort(key=lambda row: _ORDER[row.standing])  # stable: the Vietnamese order stays within
    return Board(period, rows, facts_of([row.punctuality for row in rows]), sectors)


def answered_counts(where: Q) -> dict[int, tuple[int, int]]:
    """{report id: (criteria answered, criteria asked)} of the entries that `where` names, in one query."""
    counted = Entry.objects.filter(where).with_done().values("report")
    counted = counted.annotate(asked=Count("pk"), answered=Count("pk", filter=Q(done=True))).order_by()
    return {row["report"]: (row["answered"], row["asked"]) for row in counted}


def _verified(period: Period) -> tuple[dict[int, tuple[int, int]], list[SectorRow]]:
    """{report id: (offices done, offices asked)}, and the same figures by sector; one query for both."""
    found = Verification.objects.filter(figure__report__period=period).order_by()
    rows = found.values_list("figure__report", "sector", "state").annotate(Count("pk"))
    by_report, by_sector = defaultdict(Counter), defaultdict(Counter)
    for report, sector, state, count in rows:
        by_report[report][sector] += count if state in _UNDONE else 0
        by_sector[sector][state] += count
    offices = {pk: (sum(not left for left in one.values()), len(one)) for pk, one in by_report.items()}
    return offices, [_sector_row(sector, by_sector[sector]) for sector in SectorCode if sector in by_sector]


_UNDONE = (VerificationState.WAITING, VerificationState.RETURNED)


def _sector_row(sector, counts) -> SectorRow:
    judged = counts[VerificationState.AGREES] + counts[VerificationState.DIFFERS]
    return SectorRow(sector.label, counts[VerificationState.WAITING], judged, counts[VerificationState.RETURNED])


def _clusters_on(day) -> dict[int, Cluster]:
    return {one.unit_id: one.cluster for one in ClusterMember.objects.on(day).select_related("cluster").order_by()}


def _row(case: Case, counts, offices, reminded, cluster) -> Row:
    pk = case.report.pk if case.report else None
    answered, done = counts.get(pk, (0, 0)), offices.get(pk, (0, 0))
    return Row(case, _standing(case), *answered, *done, _days_late(case), reminded, cluster)


def _standing(case: Case) -> Standing:
    if case.report and case.report.state == ReportState.RETURNED:
        return Standing.RETURNED
    match case.punctuality:
        case Punctuality.OVERDUE:
            return Standing.OVERDUE
        case Punctuality.EXCUSED:
            return Standing.EXCUSED
        case _:
            return Standing(case.report.state) if case.report else Standing.NOT_STARTED


def _day(moment: datetime) -> str:
    """20/12 within the current business year, else 20/12/2024."""
    day = clock.local(moment)
    return f"{day:%d/%m}" if day.year == clock.today().year else f"{day:%d/%m/%Y}"


def _days_late(case: Case) -> int:
    if case.punctuality not in (Punctuality.LATE, Punctuality.OVERDUE):
        return 0
    until: datetime = (case.report and case.report.first_submitted_at) or clock.now()
    return max((clock.local(until).date() - clock.local(case.due_at).date()).days, 0)


def facts_of(punctualities: list[Punctuality]) -> list[Fact]:
    """How many of all stand where; the shares of a board add up to 100, of an empty one to 0."""
    counts, total = Counter(punctualities), len(punctualities)
    facts, before = [], 0
    for name, (tone, fill) in _LOOKS.items():
        if counts[name] or name not in _RARE:
            share, x = _share(counts[name], total), _share(before, total)
            facts.append(Fact(timeliness.LABELS[name], counts[name], share, tone, fill, x))
            before += counts[name]
    return facts


def _share(part: int, whole: int) -> Decimal:
    return ratio(Decimal(part), Decimal(whole)) or Decimal(0)


def _grouped(rows: Iterable[Row], key: Callable) -> dict:
    groups = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _group(key: str, label: str, rows: list[Row]) -> Group:
    return Group(key, label, len(rows), Counter(row.punctuality for row in rows))


def narrowed(rows: list[Row], *, kind: str = "", standing: str = "", query: str = "", cluster: str = "") -> list[Row]:
    """The rows of one kind of unit and one cluster, in one standing, whose name has `query` with or without accents."""
    wanted = fold(query)
    return [
        row
        for row in rows
        if kind in ("", row.unit.kind)
        and standing in ("", row.standing)
        and wanted in row.unit.search_text
        and cluster in ("", str(row.cluster.pk) if row.cluster else NO_CLUSTER)
    ]


def waiting_mailings(period: Period):
    """What was prepared from this board and not sent yet, with how many letters."""
    return mailings_of(period).waiting().annotate(letters_count=Count("letters")).order_by("prepared_at")


def current_period() -> Period | None:
    """The latest period that has opened, else the first to come."""
    opened = Period.objects.filter(opens_at__lte=clock.now()).order_by("-year")
    return opened.first() or Period.objects.order_by("year").first()
