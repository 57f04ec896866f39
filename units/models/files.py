"""Files that people hand in: bytes once by their hash outside the web root, names only as data."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from phongtho_thidua.lib import clock


class FileKind(models.TextChoices):
    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"
    XLSX = "xlsx", "Excel"
    JPG = "jpg", "Ảnh JPG"
    PNG = "png", "Ảnh PNG"


class StoredFile(models.Model):
    """Bytes that passed `lib.files.examine`, stored once; `digest` (SHA-256) names them on disk."""

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=4, choices=FileKind)
    size = models.PositiveIntegerField("dung lượng (byte)")
    stored_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "tệp"
        constraints = [
            models.CheckConstraint(name="units_storedfile_kind_is_known", condition=Q(kind__in=FileKind.values))
        ]

    def __str__(self):
        return self.digest[:8]


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own unit's files and those that the apps say this person reads; the standing office sees all."""
        if user.is_standing_office:
            return self
        shown = Q(unit__in=user.unit_ids)
        for readable in _readable:
            shown |= Q(pk__in=readable(user))
        return self.filter(shown)


class Attachment(models.Model):
    """A file under the name that its owner gave it. Two units may own the same bytes without knowing of each other."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="attachments")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="attachments")
    name = models.CharField("tên tệp", max_length=200)
    uploaded_by = models.ForeignKey("units.User", models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("tải lên lúc", default=clock.now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp đính kèm"
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("units:attachment", args=[self.key])


_readable: list = []


def register_readers(readable) -> None:
    """`readable(user)` is a queryset of the ids of attachments that this person reads through another object."""
    if readable not in _readable:
        _readable.append(readable)
