"""Hộp chờ gửi: letters to many people wait here until somebody has seen how many go to whom, and sends them."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from phongtho_thidua.lib import clock


class MailingState(models.TextChoices):
    WAITING = "waiting", "Chờ gửi"
    SENT = "sent", "Đã gửi"
    DROPPED = "dropped", "Đã bỏ"


class MailingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The outbox is the standing office's; a sector lead sees the mailings of its own office."""
        return self if user.is_standing_office else self.filter(office__in=user.unit_ids)

    def waiting(self):
        return self.filter(state=MailingState.WAITING)

    def sent(self):
        return self.filter(state=MailingState.SENT)


class Mailing(models.Model):
    """Letters of one occasion. What was sent cannot be called back, so it is never changed or deleted."""

    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=40, blank=True)  # the id of what it is about, for the app that prepared it
    key = models.CharField(max_length=60, null=True, unique=True)  # of what the clock prepares, once
    title = models.CharField("việc", max_length=300)
    office = models.ForeignKey("units.Unit", models.PROTECT, related_name="mailings")
    state = models.CharField("trạng thái", max_length=8, choices=MailingState, default=MailingState.WAITING)
    version = models.PositiveIntegerField(default=1)
    left_out = models.JSONField("không gửi", default=list)  # [[whom, why]] as the sender was shown them
    prepared_by = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")  # None: the clock
    prepared_at = models.DateTimeField("soạn lúc", default=clock.now)
    settled_by = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField("gửi hoặc bỏ lúc", null=True)

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt thư"
        ordering = ["-prepared_at"]
        constraints = [
            models.CheckConstraint(name="units_mailing_state_is_known", condition=Q(state__in=MailingState.values)),
            models.CheckConstraint(
                name="units_mailing_is_prepared_by_somebody_or_the_clock",
                condition=Q(prepared_by__isnull=False, prepared_at__isnull=False)
                | Q(prepared_by=None, prepared_at__isnull=False, key__isnull=False),
            ),
            models.CheckConstraint(
                name="units_mailing_is_signed",
                condition=Q(state="waiting", settled_by=None, settled_at=None)
                | ~Q(state="waiting") & Q(settled_by__isnull=False, settled_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("units:mailing", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.state == MailingState.WAITING

    @property
    def is_sent(self) -> bool:
        return self.state == MailingState.SENT


class Letter(models.Model):
    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="letters")
    recipient = models.ForeignKey("units.User", models.PROTECT, related_name="letters")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    text = models.CharField("nội dung", max_length=400)
    url = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "thư"
        ordering = ["unit__sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(name="units_letter_once_a_mailing", fields=["mailing", "recipient", "unit"])
        ]

    def __str__(self):
        return f"{self.recipient}: {self.text}"
