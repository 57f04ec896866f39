"""Summaries: ordered by Phòng Nội vụ, made by a job from one frozen view of the data."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from phongtho_thidua.lib import clock


class SummaryKind(models.TextChoices):
    YEARLY = "yearly", "Báo cáo tổng hợp năm"


class SummaryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Drafts belong to the standing office; published ones come with their own page."""
        return self if user.is_standing_office else self.none()


class Summary(models.Model):
    kind = models.CharField("loại", max_length=12, choices=SummaryKind, default=SummaryKind.YEARLY)
    period = models.ForeignKey("campaigns.Period", models.PROTECT, related_name="summaries")
    created_at = models.DateTimeField(default=clock.now)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo tổng hợp"
        ordering = ["-period__year"]
        constraints = [
            models.UniqueConstraint(name="reports_one_summary_per_period", fields=["kind", "period"]),
            models.CheckConstraint(name="reports_summary_kind_is_known", condition=Q(kind__in=SummaryKind.values)),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.period.year}"

    def get_absolute_url(self):
        return reverse("reports:summary", args=[self.pk])


class SnapshotQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(summary__in=Summary.objects.visible_to(user))


class Snapshot(models.Model):
    """The figures as they stood: canonical JSON and its hash. The same snapshot always gives the same documents."""

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="snapshots")
    number = models.PositiveSmallIntegerField("dự thảo số")
    taken_at = models.DateTimeField("chốt số lúc")
    ordered_by = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")
    data = models.TextField()
    digest = models.CharField(max_length=64)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(name="reports_one_snapshot_per_number", fields=["summary", "number"]),
        ]

    def __str__(self):
        return f"{self.summary}, dự thảo {self.number}"

    def get_absolute_url(self):
        return f"{self.summary.get_absolute_url()}?ban={self.number}"

    @property
    def label(self) -> str:
        return f"Dự thảo {self.number}"


class Face(models.TextChoices):
    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"
    XLSX = "xlsx", "Excel"


class IssuedFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(snapshot__in=Snapshot.objects.visible_to(user))


class IssuedFile(models.Model):
    """A document made from a snapshot. The bytes lie under ISSUED_DIR by their hash, outside the web root."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="files")
    face = models.CharField(max_length=4, choices=Face)
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=clock.now)

    objects = IssuedFileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]  # PDF, Word, Excel, as they were made
        constraints = [
            models.UniqueConstraint(name="reports_one_file_per_face", fields=["snapshot", "face"]),
            models.CheckConstraint(name="reports_file_face_is_known", condition=Q(face__in=Face.values)),
        ]

    def __str__(self):
        return f"{self.snapshot}, {self.get_face_display()}"
