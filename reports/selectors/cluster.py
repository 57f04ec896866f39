"""Clusters in a year: their members on the due date, their reports, what asks to be done."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from campaigns.models import Period
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.tones import Tone
from phongtho_thidua.lib.work import Group, Item
from reports.models import AnnualReport, ClusterReport, ClusterReportState, ReportState
from reports.workflow import CLUSTER_TONES
from units.models import Cluster, ClusterMember, ClusterRole, Unit, UnitName


@dataclass(frozen=True)
class Member:
    """A unit of the cluster on the due date, by its names of that day, with its report; None when it has not begun."""

    row: ClusterMember
    name: str
    short_name: str
    report: AnnualReport | None

    @property
    def unit(self) -> Unit:
        return self.row.unit

    @property
    def is_accepted(self) -> bool:
        return self.report is not None and self.report.state == ReportState.ACCEPTED

    def was_in_time(self, period: Period) -> bool | None:
        return self.report.was_in_time(period) if self.report else None


def members_of(cluster: Cluster, period: Period) -> list[Member]:
    """The lead, the deputy, then the others in the order of their names; three queries whatever their number."""
    day = clock.local(period.due_at).date()
    rows = list(cluster.members.on(day).select_related("unit").order_by("unit__sort_key"))
    units = [row.unit_id for row in rows]
    names = {one.unit_id: one for one in UnitName.objects.on(day).filter(unit__in=units)}
    reports = {one.unit_id: one for one in AnnualReport.objects.for_period(period).filter(unit__in=units)}
    order = list(ClusterRole)
    rows.sort(key=lambda row: order.index(row.role))
    named = ((row, names.get(row.unit_id, row.unit)) for row in rows)
    return [Member(row, one.name, one.short_name, reports.get(row.unit_id)) for row, one in named]


@dataclass(frozen=True)
class ClusterYear:
    """A cluster in a year as it stands in a list; `may_start` while it has no report and this person can begin it."""

    cluster: Cluster
    period: Period
    report: ClusterReport | None
    may_start: bool

    @property
    def cluster_id(self) -> int:
        return self.cluster.pk

    @property
    def tone(self) -> str:
        return CLUSTER_TONES[self.report.state] if self.report else Tone.IDLE

    @property
    def words(self) -> str:
        return self.report.get_state_display() if self.report else "Chưa nộp"


@dataclass(frozen=True)
class Stand:
    """Somebody at a cluster, for the rules that ask about no report yet."""

    cluster_id: int


def cluster_years(user) -> list[ClusterYear]:
    """The clusters of this person (all of them for Phòng Nội vụ) in every year that was opened, newest first.

    What a report says before it is handed in, and whether it was begun, only its lead and deputy see.
    """
    clusters = list(clusters_of(user))
    periods = list(Period.objects.visible_to(user).filter(opens_at__lte=clock.now()).order_by("-year"))
    reports = ClusterReport.objects.visible_to(user).filter(cluster__in=clusters)
    found = {(one.cluster_id, one.period_id): one for one in reports}
    return [
        ClusterYear(
            cluster,
            period,
            report := found.get((cluster.pk, period.pk)),
            report is None and user.has_perm("reports.write_cluster_report", Stand(cluster.pk)),
        )
        for period in periods
        for cluster in clusters
    ]


def clusters_of(user):
    """The clusters in which a unit of this person competes; all for Phòng Nội vụ."""
    rows = Cluster.objects.visible_to(user)
    return rows if user.is_standing_office else rows.filter(pk__in=user.cluster_ids)


def takes_part(user) -> bool:
    """Whether clusters are any business of this person."""
    return user.is_standing_office or bool(user.cluster_ids)


def work_items(user) -> Iterator[Item]:
    """The report that the lead's people owe for the running year."""
    led = [cluster for role, cluster, _ in user.cluster_posts if role == ClusterRole.LEAD]
    for period in Period.objects.accepting() if led else ():
        reports = {one.cluster_id: one for one in ClusterReport.objects.filter(cluster__in=led, period=period)}
        for cluster in Cluster.objects.filter(pk__in=led):
            report = reports.get(cluster.pk)
            if report is None or report.is_open:
                yield _owed(cluster, period, report)


def _owed(cluster: Cluster, period: Period, report: ClusterReport | None) -> Item:
    due = clock.local(period.due_at)
    is_returned = report is not None and report.state == ClusterReportState.RETURNED
    return Item(
        group=Group.TODO,
        what=f"{'Sửa báo' if is_returned else 'Báo'} cáo {cluster.name} năm {period.year}",
        why=f"Phòng Nội vụ: “{report.return_note}”" if is_returned else "Lập từ báo cáo được chấp nhận của thành viên.",
        url=report.get_absolute_url() if report else reverse("reports:cluster_reports"),
        day=due.date(),
        button="Viết tiếp" if report else "Lập báo cáo khối",
        tone=Tone.STOP if is_returned else Tone.WAIT,
    )
