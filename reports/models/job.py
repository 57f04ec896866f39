"""Background work: this row is the truth, the broker only a doorbell (docs/adr/0005)."""

import uuid
from contextlib import contextmanager
from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from phongtho_thidua.lib import clock

LEASE = timedelta(seconds=60)  # a running job that has not beaten for so long is dead
UNHEARD = timedelta(seconds=20)  # a queued job that nobody took for so long rings again
LONG_WAIT = timedelta(seconds=30)  # after that the page says that the worker seems to be down
ATTEMPTS = 3


class JobState(models.TextChoices):
    QUEUED = "queued", "Đang chờ"
    RUNNING = "running", "Đang lập"
    DONE = "done", "Đã lập xong"
    FAILED = "failed", "Chưa lập được"


ACTIVE = (JobState.QUEUED, JobState.RUNNING)


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The results are the standing office's; whoever ordered a job follows it too."""
        return self if user.is_standing_office else self.filter(owner=user)

    def active(self):
        return self.filter(state__in=ACTIVE)

    def unheard(self):
        return self.filter(state=JobState.QUEUED, rung_at__lt=clock.machine_now() - UNHEARD)

    def dead(self):
        return self.filter(state=JobState.RUNNING, beat_at__lt=clock.machine_now() - LEASE)


class Job(models.Model):
    """One order. Times here are the machine's own (`clock.machine_now`): leases must run on a sample date too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    owner = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    steps = models.JSONField(default=list)  # titles, in order
    done = models.PositiveSmallIntegerField(default=0)  # how many of `steps` are finished
    created_at = models.DateTimeField(default=clock.machine_now)
    rung_at = models.DateTimeField(default=clock.machine_now)
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    result = models.JSONField(default=dict)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(name="reports_job_state_is_known", condition=Q(state__in=JobState.values)),
            models.CheckConstraint(
                name="reports_job_end_is_dated",
                condition=Q(state__in=ACTIVE, finished_at=None) | (~Q(state__in=ACTIVE) & Q(finished_at__isnull=False)),
            ),
            models.UniqueConstraint(
                name="reports_one_active_job_per_key", fields=["kind", "key"], condition=Q(state__in=ACTIVE)
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.key} {self.state}"

    def get_absolute_url(self):
        return reverse("reports:job", args=[self.pk])

    def claim(self) -> bool:
        """True for the one worker that gets the job; a message delivered twice gets False."""
        taken = Job.objects.filter(pk=self.pk, state=JobState.QUEUED).update(
            state=JobState.RUNNING, attempts=F("attempts") + 1, beat_at=clock.machine_now(), done=0, error=""
        )
        self.refresh_from_db()
        return bool(taken)

    def beat(self, **changes) -> bool:
        """Still alive, with progress. False when the job was taken away meanwhile: stop then."""
        held = Job.objects.filter(pk=self.pk, state=JobState.RUNNING, attempts=self.attempts)
        return bool(held.update(beat_at=clock.machine_now(), **changes))

    def finish(self, state, *, error="", result=None) -> bool:
        held = Job.objects.filter(pk=self.pk, state=JobState.RUNNING, attempts=self.attempts)
        return bool(held.update(state=state, error=error[:300], result=result or {}, finished_at=clock.machine_now()))

    def requeue(self) -> bool:
        """A dead job waits again. False when it is alive after all, or another sweeper was quicker."""
        changes = {"state": JobState.QUEUED, "rung_at": clock.machine_now(), "beat_at": None, "done": 0}
        return bool(self._if_dead().update(**changes))

    def give_up(self, error: str) -> bool:
        """A job that died too often has failed; False as in `requeue`."""
        changes = {"state": JobState.FAILED, "error": error[:300], "finished_at": clock.machine_now()}
        return bool(self._if_dead().update(**changes))

    def _if_dead(self):
        return Job.objects.dead().filter(pk=self.pk, attempts=self.attempts)

    def note_ring(self) -> bool:
        """True for the one sweeper that may ring again for a job nobody took."""
        return bool(Job.objects.unheard().filter(pk=self.pk).update(rung_at=clock.machine_now()))

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def waits_long(self) -> bool:
        return self.state == JobState.QUEUED and self.created_at < clock.machine_now() - LONG_WAIT


class JobTaken(Exception):
    """The job now belongs to another worker: whoever still works on it stops and writes nothing."""


class StepFailed(Exception):
    """`title` names the step for people; the cause is the exception's own."""

    def __init__(self, title: str):
        super().__init__(title)
        self.title = title


class Progress:
    """How a work tells what it is about; every word is also a heartbeat."""

    def __init__(self, job: Job):
        self.job = job
        self.done = 0

    def plan(self, titles: list[str]) -> None:
        self._say(steps=titles, done=0)

    @contextmanager
    def step(self, title: str):
        """One of the planned steps, in their order. Raises StepFailed for what goes wrong inside, and JobTaken."""
        try:
            yield
        except JobTaken:
            raise
        except Exception as error:
            raise StepFailed(title) from error
        self.done += 1
        self._say(done=self.done)

    def _say(self, **changes) -> None:
        if not self.job.beat(**changes):
            raise JobTaken
