"""The list of summaries by year, and what the home page says about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import OuterRef, Prefetch, Q, Subquery

from campaigns.models import Period
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.tones import ICONS, Tone
from phongtho_thidua.lib.work import Group, Item
from reports.models import Job, JobState, Snapshot, Summary

RECENT = timedelta(days=7)
JOB_TONES = {
    JobState.QUEUED: Tone.WAIT,
    JobState.RUNNING: Tone.WAIT,
    JobState.DONE: Tone.DONE,
    JobState.FAILED: Tone.STOP,
}


@dataclass(frozen=True)
class YearRow:
    """One year of the list; without a summary nothing has been ordered yet."""

    period: Period
    summary: Summary | None
    draft: Snapshot | None
    job: Job | None

    @property
    def words(self) -> str:
        return self.job.get_state_display() if self.job else "Chưa lập"

    @property
    def tone(self) -> Tone:
        return JOB_TONES[self.job.state] if self.job else Tone.IDLE

    @property
    def icon(self) -> str:
        """Failed is not returned: the tone's own icon would say so."""
        return "exclamation-circle-fill" if self.tone == Tone.STOP else ICONS[self.tone]


def years_for(user) -> list[YearRow]:
    """The years whose reporting has begun, newest first; four queries."""
    periods = Period.objects.visible_to(user).filter(opens_at__lte=clock.now()).order_by("-year")
    summaries = {summary.period_id: summary for summary in summaries_for(user)}
    jobs = latest_jobs(summaries.values())
    return [_year_row(period, summaries.get(period.pk), jobs) for period in periods]


def _year_row(period: Period, summary: Summary | None, jobs: dict[str, Job]) -> YearRow:
    if summary is None:
        return YearRow(period, None, None, None)
    return YearRow(period, summary, next(iter(summary.latest), None), jobs.get(str(summary.pk)))


def summaries_for(user):
    """Summaries with `latest`, a list of the newest draft without its data, if there is one."""
    newest = Snapshot.objects.filter(summary=OuterRef("summary")).order_by("-number").values("pk")[:1]
    latest = Snapshot.objects.filter(pk=Subquery(newest)).defer("data")
    return Summary.objects.visible_to(user).select_related("period").prefetch_related(
        Prefetch("snapshots", latest, to_attr="latest")
    )  # fmt: skip


def latest_jobs(summaries: Iterable[Summary]) -> dict[str, Job]:
    """{summary id as the key of its jobs: the newest job}."""
    keys = [str(summary.pk) for summary in summaries]
    return {job.key: job for job in Job.objects.filter(kind="summary", key__in=keys).order_by("created_at")}


def latest_job(summary: Summary) -> Job | None:
    return latest_jobs([summary]).get(str(summary.pk))


def work_items(user) -> list[Item]:
    """For the home page of the standing office: what is being made, what is done, what failed."""
    if not user.is_standing_office:
        return []
    since = clock.machine_now() - RECENT
    jobs = Job.objects.filter(Q(finished_at=None) | Q(finished_at__gte=since), kind="summary").order_by("created_at")
    newest = {job.key: job for job in jobs}
    summaries = Summary.objects.visible_to(user).select_related("period").filter(pk__in=newest) if newest else []
    return [_item(summary, newest[str(summary.pk)]) for summary in summaries]


def _item(summary: Summary, job: Job) -> Item:
    name, url = f"Báo cáo tổng hợp năm {summary.period.year}", summary.get_absolute_url()
    match job.state:
        case JobState.FAILED:
            return Item(Group.TODO, f"{name} chưa lập được", job.error, url, button="Xem và chạy lại", tone="stop")
        case JobState.DONE:
            return Item(
                Group.DONE, f"{name} đã lập xong", "Xem trên màn hình, tải PDF, Word, Excel.", url, clock.today(),
                tone="done", status=JobState.DONE.label,
            )  # fmt: skip
        case _:
            return Item(Group.WAITING, f"{name} đang lập", "Khi xong, thông báo hiện ở chuông phía trên.", url,
                        tone="wait", status=job.get_state_display())  # fmt: skip
