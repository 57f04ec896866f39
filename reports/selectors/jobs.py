"""A job as its panel on a page shows it (templates/components/job.html)."""

from dataclasses import dataclass, field

from django.urls import reverse

from phongtho_thidua.lib.tones import Tone
from reports.models import IssuedFile, Job, JobState, Snapshot, Summary


@dataclass(frozen=True)
class Step:
    label: str
    tone: str


@dataclass(frozen=True)
class File:
    url: str
    label: str
    icon: str = "download"


@dataclass(frozen=True)
class Panel:
    """`mark` changes whenever anything on the panel does, so that a poll can be answered with "nothing new"."""

    title: str
    words: str
    mark: str
    running: bool
    failed: bool
    done: int
    total: int
    sections: list[Step]
    poll_url: str
    retry_url: str = ""
    retry_label: str = "Chạy lại"
    files: list[File] = field(default_factory=list)


def panel_of(job: Job, user) -> Panel:
    summary = Summary.objects.select_related("period").get(pk=job.params["summary"])
    may_retry = job.state == JobState.FAILED and user.has_perm("reports.order_summary")
    return Panel(
        title=f"Lập báo cáo tổng hợp năm {summary.period.year}",
        words=_words(job),
        mark=f"{job.state}-{job.done}-{len(job.steps)}-{int(job.waits_long)}",
        running=job.is_active,
        failed=job.state == JobState.FAILED,
        done=job.done,
        total=len(job.steps) or 1,
        sections=[Step(title, _tone(job, place)) for place, title in enumerate(job.steps)],
        poll_url=reverse("reports:job_state", args=[job.pk]),
        retry_url=reverse("reports:order_summary", args=[summary.period.year]) if may_retry else "",
        files=_files(job, user),
    )


def _words(job: Job) -> str:
    match job.state:
        case JobState.QUEUED if job.waits_long:
            return "Đang chờ bộ xử lý nền. Việc vẫn xếp hàng và sẽ chạy khi bộ xử lý hoạt động lại."
        case JobState.QUEUED:
            return "Đã xếp hàng, sắp chạy. Có thể rời trang."
        case JobState.RUNNING:
            return f"Đang lập, {job.done} trên {len(job.steps)} phần. Có thể rời trang."
        case JobState.DONE:
            return "Đã lập xong."
        case _:
            return job.error


def _tone(job: Job, place: int) -> Tone:
    if place < job.done:
        return Tone.DONE
    if place > job.done or job.state == JobState.QUEUED:
        return Tone.IDLE
    return Tone.STOP if job.state == JobState.FAILED else Tone.WORK


def _files(job: Job, user) -> list[File]:
    """What a finished job has brought, as far as this person may see it."""
    draft = Snapshot.objects.visible_to(user).filter(pk=job.result.get("snapshot")).first()
    if draft is None:
        return []
    return [File(draft.get_absolute_url(), f"Xem dự thảo {draft.number}", "eye"), *map(file_of, draft.files.all())]


def file_of(file: IssuedFile) -> File:
    return File(reverse("reports:issued_file", args=[file.pk]), f"Tải {file.get_face_display()}")
