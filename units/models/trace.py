"""Traces: what was done (append-only, chained) and who was told."""

from django.db import models

from phongtho_thidua.lib import clock


class AuditEvent(models.Model):
    """One deed. No foreign keys, so that the log outlives what it tells of and never holds it back."""

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120)
    actor_post = models.CharField(max_length=300, blank=True)
    action = models.CharField(max_length=60)
    target_type = models.CharField(max_length=60)
    target_id = models.CharField(max_length=40)
    label = models.CharField(max_length=300)
    old = models.CharField(max_length=40, blank=True)
    new = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    changes = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["target_type", "target_id"], name="units_audit_target")]

    def __str__(self):
        return f"{self.actor_name} {self.label}"


class AuditHead(models.Model):
    """The last link of the chain: writers queue here, and a tail cut off shows against it."""

    digest = models.CharField(max_length=64, default="")
    count = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return f"{self.count} {self.digest[:8]}"


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user=user)

    def unread(self):
        return self.filter(read_at=None)


class Notification(models.Model):
    user = models.ForeignKey("units.User", models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    text = models.CharField(max_length=400)
    url = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="units_notification_unread"),
        ]

    def __str__(self):
        return self.text
