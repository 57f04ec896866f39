"""What a unit is granted beside the dates of a period: a later deadline, or no report at all. Permanent rows."""

from datetime import datetime

from django.db import models
from django.db.models import Max, Q
from django.urls import reverse

from phongtho_thidua.lib import clock


class OwnOrAllQuerySet(models.QuerySet):
    """A unit sees its own rows; the standing office sees all."""

    def visible_to(self, user):
        return self if user.is_standing_office else self.filter(unit__in=user.unit_ids)

    def for_period(self, period):
        return self.filter(period=period)


class ExtensionState(models.TextChoices):
    ASKED = "asked", "Chờ Phòng Nội vụ trả lời"
    GRANTED = "granted", "Đã gia hạn"
    REFUSED = "refused", "Không gia hạn"


class ExtensionQuerySet(OwnOrAllQuerySet):
    def granted(self):
        return self.filter(state=ExtensionState.GRANTED)

    def waiting(self):
        return self.filter(state=ExtensionState.ASKED).order_by("asked_at")

    def deadlines(self) -> dict[int, datetime]:
        """{unit id: the latest deadline granted}; a promise is never shortened by a later one."""
        return dict(self.granted().order_by().values_list("unit").annotate(Max("until")))

    def deadline_of(self, unit_id: int, period_id: int) -> datetime | None:
        """The latest deadline granted to one unit, or None."""
        return self.filter(unit=unit_id, period=period_id).deadlines().get(unit_id)


class Extension(models.Model):
    """A later deadline for one unit (gia hạn): who asked, why, who answered, until when. The latest granted counts."""

    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="extensions")
    period = models.ForeignKey("campaigns.Period", models.PROTECT, related_name="extensions")
    state = models.CharField("trạng thái", max_length=8, choices=ExtensionState, default=ExtensionState.ASKED)
    version = models.PositiveIntegerField(default=1)
    reason = models.TextField("lý do")
    wanted_until = models.DateTimeField("xin đến")
    asked_by = models.ForeignKey("units.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("xin lúc", default=clock.now)
    until = models.DateTimeField("hạn mới", null=True)
    answer = models.TextField("trả lời", blank=True)
    decided_by = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("trả lời lúc", null=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = "gia hạn"
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                name="campaigns_extension_state_is_known", condition=Q(state__in=ExtensionState.values)
            ),
            models.UniqueConstraint(
                name="campaigns_extension_one_waiting", fields=["unit", "period"], condition=Q(state="asked")
            ),
            models.CheckConstraint(
                name="campaigns_extension_answer_is_signed",
                condition=Q(state="asked", decided_by=None, decided_at=None)
                | ~Q(state="asked") & Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="campaigns_extension_granted_has_day", condition=Q(state="granted") ^ Q(until=None)
            ),
        ]

    def __str__(self):
        return f"Gia hạn báo cáo năm {self.period.year}, {self.unit.name}"

    def get_absolute_url(self):
        return reverse("campaigns:extension", args=[self.pk])


class ExcusalQuerySet(OwnOrAllQuerySet):
    def in_force(self):
        return self.filter(revoked_at=None)


class Excusal(models.Model):
    """A unit that need not report for a period, by a document that says so. An error is revoked, the row stays."""

    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="excusals")
    period = models.ForeignKey("campaigns.Period", models.PROTECT, related_name="excusals")
    reason = models.TextField("lý do")
    document = models.CharField("văn bản", max_length=200)
    attachment = models.ForeignKey("units.Attachment", models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey("units.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    revoked_by = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField("hủy lúc", null=True)
    revoked_why = models.TextField("lý do hủy", blank=True)

    objects = ExcusalQuerySet.as_manager()

    class Meta:
        verbose_name = "miễn báo cáo"
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                name="campaigns_excusal_once", fields=["unit", "period"], condition=Q(revoked_at=None)
            ),
            models.CheckConstraint(name="campaigns_excusal_rests_on_document", condition=~Q(document="")),
            models.CheckConstraint(
                name="campaigns_excusal_revocation_is_signed",
                condition=Q(revoked_by=None, revoked_at=None, revoked_why="")
                | Q(revoked_by__isnull=False, revoked_at__isnull=False) & ~Q(revoked_why=""),
            ),
        ]

    def __str__(self):
        return f"Miễn báo cáo năm {self.period.year}, {self.unit.name}"
