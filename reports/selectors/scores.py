"""The score sheet of a cluster in a year: its lines, the points of every unit at three stages, what is missing."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from campaigns.models import Period, PeriodState
from phongtho_thidua.lib import clock
from reports.models import Ranking, Score, ScoreItem, ScoreKind, Stage
from reports.selectors.cluster import Member, clusters_of, members_of
from reports.selectors.ranking import Entrant
from units.models import Cluster, ClusterRole, Duty, Mandate, Unit

GUESTS = "Chỉ đơn vị của mình, trưởng khối, phó khối và Phòng Nội vụ xem được điểm khi khối chưa xếp hạng."


@dataclass(frozen=True)
class Seat:
    """A unit at the sheet, and the units beside it: what the rules of points ask about."""

    cluster_id: int
    unit_id: int
    lead_id: int | None
    deputy_id: int | None
    office_id: int | None


@dataclass(frozen=True)
class SheetRow:
    member: Member
    seat: Seat
    scores: dict[int, Score]  # by line, only those that exist

    @property
    def unit(self) -> Unit:
        return self.member.unit

    def score(self, item: ScoreItem) -> Score:
        return self.scores.get(item.pk) or Score(item=item, unit=self.unit)

    def total(self, items: list[ScoreItem], stage: Stage) -> Decimal | None:
        """Criteria and bonus less minus points; None while nothing is given."""
        given = [(item.sign, points) for item in items if (points := self.score(item).points(stage)) is not None]
        return sum((sign * points for sign, points in given), Decimal(0)) if given else None

    def missing(self, items: list[ScoreItem], stage: Stage) -> int:
        return sum(self.score(item).points(stage) is None for item in items)


@dataclass(frozen=True)
class Sheet:
    """`rows` are those that the reader may see: all of them when nobody in particular reads."""

    cluster: Cluster
    period: Period
    items: list[ScoreItem]
    rows: list[SheetRow]
    rankings: list[Ranking]
    shows_all: bool

    @property
    def cluster_id(self) -> int:
        return self.cluster.pk

    @property
    def most(self) -> Decimal:
        """What the criteria give at most, without bonus."""
        return sum((item.most for item in self.items if item.kind == ScoreKind.CRITERION), Decimal(0))

    @property
    def unfinished(self) -> list[tuple[str, int]]:
        """(short name, lines without recognised points) of every unit that keeps the ranking waiting."""
        counts = ((row.member.short_name, row.missing(self.items, Stage.RECOGNISED)) for row in self.rows)
        return [(name, count) for name, count in counts if count]

    def row_of(self, unit_id: int) -> SheetRow | None:
        return next((row for row in self.rows if row.unit.pk == unit_id), None)

    @property
    def why_fixed(self) -> str:
        """Why its lines cannot change any more; empty while they can."""
        if any(row.scores for row in self.rows):
            return "Đã có đơn vị được chấm theo bảng này, nên nội dung chấm giữ nguyên."
        if self.period.state in (PeriodState.OVERDUE, PeriodState.LOCKED):
            due = clock.local(self.period.due_at)
            return f"Bảng điểm chỉ đặt trước hạn nộp báo cáo năm, {due:%H:%M ngày %d/%m/%Y}."
        return ""


def sheet_of(cluster: Cluster, period: Period, user=None) -> Sheet:
    """The sheet as `user` may see it, whole without one; the number of queries does not depend on the members."""
    rankings = list(Ranking.objects.filter(cluster=cluster, period=period).select_related("unit"))
    shows_all = user is None or _sees_all(user, cluster, is_ranked=bool(rankings))
    scores = Score.objects.filter(item__cluster=cluster, item__period=period)
    by_unit: dict[int, dict[int, Score]] = defaultdict(dict)
    for score in (scores.visible_to(user) if user else scores).select_related(*(f"{stage}_by" for stage in Stage)):
        by_unit[score.unit_id][score.item_id] = score
    return Sheet(
        cluster=cluster,
        period=period,
        items=list(ScoreItem.objects.filter(cluster=cluster, period=period).select_related("criterion")),
        rows=[
            SheetRow(member, seat, by_unit[member.unit.pk])
            for member, seat in _seated(cluster, period)
            if shows_all or member.unit.pk in user.unit_ids
        ],
        rankings=rankings,
        shows_all=shows_all,
    )


def _sees_all(user, cluster, *, is_ranked: bool) -> bool:
    is_near = cluster.pk in user.led_cluster_ids or (is_ranked and cluster.pk in user.cluster_ids)
    return user.is_standing_office or is_near


def _seated(cluster, period) -> Iterator[tuple[Member, Seat]]:
    members = members_of(cluster, period)
    holders = {member.row.role: member.unit.pk for member in members}
    office = Mandate.objects.on(clock.today()).filter(duty=Duty.STANDING_OFFICE).values_list("unit", flat=True).first()
    lead, deputy = holders.get(ClusterRole.LEAD), holders.get(ClusterRole.DEPUTY)
    for member in members:
        yield member, Seat(cluster.pk, member.unit.pk, lead, deputy, office)


def entrants_of(sheet: Sheet) -> list[Entrant]:
    """The units as the ranking judges them. Every line must have its recognised points."""
    return [_entrant(row, sheet) for row in sheet.rows]


def _entrant(row: SheetRow, sheet: Sheet) -> Entrant:
    points = {item.pk: row.scores[item.pk].recognised for item in sheet.items}
    core = (points[item.pk] for item in sheet.items if item.kind == ScoreKind.CRITERION and item.criterion_id)
    minus = (points[item.pk] for item in sheet.items if item.kind == ScoreKind.MINUS)
    return Entrant(
        unit_id=row.unit.pk,
        name=row.member.short_name,
        total=row.total(sheet.items, Stage.RECOGNISED),
        core=sum(core, Decimal(0)),
        minus=sum(minus, Decimal(0)),
        in_time=row.member.is_accepted and row.member.was_in_time(sheet.period) is True,
        handed_in_at=row.member.report.first_submitted_at if row.member.report else None,
    )


@dataclass(frozen=True)
class SheetListed:
    cluster: Cluster
    period: Period
    lines: int
    ranked: int

    @property
    def words(self) -> str:
        if self.ranked:
            return f"Đã xếp hạng {self.ranked} đơn vị"
        return f"{self.lines} nội dung chấm" if self.lines else "Chưa đặt nội dung chấm"


def years_for(user):
    """The years that have begun, newest first: lines are set long before reports are due."""
    return Period.objects.visible_to(user).filter(year__lte=clock.today().year).order_by("-year")


def sheets_for(user) -> list[SheetListed]:
    """The sheets of this person's clusters in every year that has begun, newest first."""
    clusters = list(clusters_of(user))
    periods = years_for(user)
    lines, ranked = _counts(ScoreItem, clusters), _counts(Ranking, clusters)
    return [
        SheetListed(cluster, period, lines[cluster.pk, period.pk], ranked[cluster.pk, period.pk])
        for period in periods
        for cluster in clusters
    ]


def _counts(model, clusters) -> dict[tuple[int, int], int]:
    counts = defaultdict(int)
    for pair in model.objects.filter(cluster__in=clusters).order_by().values_list("cluster", "period"):
        counts[pair] += 1
    return counts


def stages_of(user, row: SheetRow) -> list[Stage]:
    """The columns in which this person gives points to the unit."""
    rights = {
        Stage.CLAIMED: "reports.claim_points",
        Stage.VERIFIED: "reports.verify_points",
        Stage.RECOGNISED: "reports.recognise_points",
    }
    return [stage for stage, right in rights.items() if user.has_perm(right, row.seat)]


def who_gives(stage: Stage, row: SheetRow) -> str:
    """The sentence for somebody who may not."""
    lead = row.seat.lead_id
    match stage:
        case Stage.CLAIMED:
            return f"Chỉ cán bộ đầu mối hoặc thủ trưởng của {row.member.name} tự chấm được."
        case Stage.VERIFIED if lead not in (None, row.unit.pk):
            return "Chỉ đơn vị trưởng khối thẩm định được, và không thẩm định điểm của chính mình."
        case Stage.VERIFIED:
            return "Điểm của trưởng khối do đơn vị phó khối hoặc Phòng Nội vụ thẩm định."
        case _ if row.unit.pk == row.seat.office_id:
            return "Điểm của Phòng Nội vụ do đơn vị trưởng khối hoặc phó khối công nhận."
        case _:
            return "Chỉ Phòng Nội vụ công nhận điểm được."
