"""What a unit is granted beside the dates of a period: a later deadline, or no report at all. Permanent rows."""

from django.db import models
from django.db.models import Q

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


class Excusal(models.Model):
    """A unit that need not report for a period, by a document that says so."""

    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="excusals")
    period = models.ForeignKey("campaigns.Period", models.PROTECT, related_name="excusals")
    reason = models.TextField("lý do")
    document = models.CharField("văn bản", max_length=200)
    attachment = models.ForeignKey("units.Attachment", models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey("units.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = OwnOrAllQuerySet.as_manager()

    class Meta:
        verbose_name = "miễn báo cáo"
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(name="campaigns_excusal_once", fields=["unit", "period"]),
            models.CheckConstraint(name="campaigns_excusal_rests_on_document", condition=~Q(document="")),
        ]

    def __str__(self):
        return f"Miễn báo cáo năm {self.period.year}, {self.unit.name}"
