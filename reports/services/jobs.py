"""Ordering background work."""

from functools import partial

from django.db import transaction

from reports import tasks
from reports.models import Job


@transaction.atomic
def start_job(*, kind: str, key: str, params: dict, by) -> tuple[Job, bool]:
    """The job that does this work and whether it is new: one that is at it already is not ordered twice, nor in a race.

    The caller has asked for the right to order. Nothing is sent before the commit, and a broker that is down costs
    the request nothing but a line in the log.
    """
    job, is_new = Job.objects.active().get_or_create(kind=kind, key=key, defaults={"params": params, "owner": by})
    if is_new:
        transaction.on_commit(partial(tasks.ring_aside, job.pk), robust=True)
    return job, is_new
