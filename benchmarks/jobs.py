"""From the order of a summary to its first progress on the page, with a real worker; the poll of the page comes on top.

The clock runs from the call of the deed until the job's row shows its steps. The worker is idle and warm, as it is when
somebody orders. Wall time: waiting is what is measured. The queue is the one of the settings: files, or Redis.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import processes
from django.conf import settings

from benchmarks import world
from benchmarks.measuring import Row
from campaigns.models import Period
from reports.models import Job
from reports.services.summary import order_summary

WORKER = "-q -A phongtho_thidua worker --concurrency 1 --without-gossip --without-mingle --loglevel ERROR"
PATIENCE = 60.0  # seconds


def measure(*, rounds: int = 15) -> list[Row]:
    by, period = world.reviewer(), Period.objects.get(year=2024)
    with _worker():
        _once(period, by)  # the worker has started when its first job is done
        waits = [_once(period, by) for _ in range(rounds)]
    target, queue = (50, "Redis") if settings.REDIS_URL else (300, "files")
    ours, slowest = median(waits), max(waits)
    work = f"order to first progress, queue of {queue}"
    return [Row(work, ours, "ms", f"≤ {target} ms", ours <= target, note=f"slowest of {rounds}: {slowest:.0f} ms")]


@contextmanager
def _worker() -> Iterator[None]:
    process = processes.start([sys.executable, "-W", "ignore", "-m", "celery", *WORKER.split()])
    try:
        yield
    finally:
        processes.clear(process)


def _once(period: Period, by) -> float:
    """Milliseconds until the first progress; comes back when the job has ended, so the next finds an idle worker."""
    began = time.perf_counter()
    job = order_summary(period=period, by=by)
    _await(lambda: Job.objects.filter(pk=job.pk).exclude(steps=[]).exists())
    waited = (time.perf_counter() - began) * 1000
    _await(lambda: not Job.objects.active().filter(pk=job.pk).exists())
    return waited


def _await(condition) -> None:
    if not processes.wait_until(condition, seconds=PATIENCE, every=0.002):
        raise SystemExit("the worker did not take the job")
