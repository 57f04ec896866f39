"""What the worker does: take a job, keep it alive, carry it out; and the sweeper that finds what nobody took."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Event, Thread

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from celery.signals import worker_ready
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connections, transaction
from kombu.exceptions import OperationalError

from reports.documents import making
from reports.models import Job, JobState, JobTaken, Progress, StepFailed
from reports.models.job import ATTEMPTS

logger = logging.getLogger(__name__)

BEAT_EVERY = 10.0  # seconds; six beats fit into the lease
SOFT_LIMIT = 15 * 60
HARD_LIMIT = SOFT_LIMIT + 60


@dataclass(frozen=True)
class Work:
    """`make(job, progress)` does the long part and returns `deliver() -> result`, which writes the outcome.

    `deliver` runs in one transaction with the end of the job: all rows of the outcome appear with "done", or none.
    `tell_failure(job, sentence)` runs in one transaction with "failed".
    """

    make: Callable[[Job, Progress], Callable[[], dict]]
    tell_failure: Callable[[Job, str], None]


WORK = {
    "summary": Work(making.make_for_job, making.tell_failure),
}


def ring(job_id) -> None:
    """Wake a worker. A silent broker is no failure: the row waits, the sweeper rings again."""
    try:
        run_job.apply_async((str(job_id),), retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("job %s waits: the broker does not answer (%s)", job_id, error)


def ring_aside(job_id) -> None:
    """Ring without waiting: a broker that is down or hangs would hold a request for six seconds."""
    Thread(target=ring, args=(job_id,), name=f"bell of {job_id}", daemon=True).start()


@shared_task(soft_time_limit=SOFT_LIMIT, time_limit=HARD_LIMIT)
def run_job(job_id):
    job = Job.objects.filter(pk=job_id).first()
    if job is None or not job.claim():
        return
    with beating(job):
        _carry_out(job)


def _carry_out(job: Job) -> None:
    try:
        deliver = WORK[job.kind].make(job, Progress(job))
        with transaction.atomic():
            result = deliver()
            if not job.finish(JobState.DONE, result=result):
                raise JobTaken
    except JobTaken:
        logger.warning("job %s was taken away from this worker: nothing written", job.pk)
    except Exception as error:  # the edge of the process: a job always ends in words
        logger.exception("job %s failed", job.pk)
        _end_in_failure(job, _sentence(job, error), partial(job.finish, JobState.FAILED))


def _end_in_failure(job: Job, sentence: str, end: Callable[..., bool]) -> None:
    with transaction.atomic():
        if end(error=sentence) and job.kind in WORK:
            WORK[job.kind].tell_failure(job, sentence)


def _sentence(job: Job, error: Exception) -> str:
    """Why it failed, for people; the code leads to the traceback in the log."""
    cause = error.__cause__ if isinstance(error, StepFailed) else error
    where = f"phần “{error.title}”" if isinstance(error, StepFailed) else "văn bản"
    match cause:
        case PermissionDenied():
            return "Người đặt lập không còn quyền lập báo cáo tổng hợp. Người đang có quyền ở Phòng Nội vụ cần đặt lại."
        case SoftTimeLimitExceeded():
            return f"Chưa lập được {where}: quá {SOFT_LIMIT // 60} phút. Số liệu giữ nguyên."
        case _:
            return (
                f"Chưa lập được {where}. Số liệu giữ nguyên. Chạy lại, hoặc báo mã {str(job.pk)[:8]} cho quản trị viên."
            )


@contextmanager
def beating(job: Job, every: float = BEAT_EVERY) -> Iterator[None]:
    """The job stays alive while the block runs, however long one of its steps takes."""
    stop = Event()
    heart = Thread(target=_beat, args=(job, stop, every), name=f"heart of {job.pk}", daemon=True)
    heart.start()
    try:
        yield
    finally:
        stop.set()
        heart.join()


def _beat(job: Job, stop: Event, every: float) -> None:
    held = True
    try:
        while held and not stop.wait(every):
            try:
                held = job.beat()
            except DatabaseError as error:  # busy or away for a moment: the lease outlives some beats
                logger.warning("job %s missed a beat (%s)", job.pk, error)
    finally:
        connections.close_all()  # this thread's own


@shared_task
def sweep_jobs():
    """Ring again for what nobody took; let the dead wait again, or end them. Running it twice at once does no harm."""
    for job in Job.objects.dead():
        if job.attempts >= ATTEMPTS:
            _end_in_failure(job, _died_too_often(), job.give_up)
        elif job.requeue():
            ring(job.pk)
    for job in Job.objects.unheard():
        if job.note_ring():
            ring(job.pk)


def _died_too_often() -> str:
    return f"Bộ xử lý nền đã dừng giữa chừng {ATTEMPTS} lần khi lập văn bản này. Báo quản trị viên trước khi chạy lại."


@worker_ready.connect
def take_up_what_was_left(**kwargs):
    """A job that a stop interrupted need not wait for the next round of the clock."""
    try:
        sweep_jobs()
    finally:
        connections.close_all()
