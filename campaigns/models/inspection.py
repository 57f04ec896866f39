"""Kiểm tra, giám sát (plan I.2, III.1.2, clause C03): what was found, recommended, and followed until it is closed."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from phongtho_thidua.lib import clock


class InspectionState(models.TextChoices):
    PLANNED = "planned", "Theo kế hoạch"
    CARRIED_OUT = "carried_out", "Đã kiểm tra"
    CLOSED = "closed", "Đã khép lại"


class InspectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who leads it, the unit inspected once there are findings, and the standing office."""
        if user.is_standing_office:
            return self
        inspected = Q(unit__in=user.unit_ids) & ~Q(state=InspectionState.PLANNED)
        return self.filter(Q(led_by__in=user.unit_ids) | inspected)


class Inspection(models.Model):
    """One visit to one unit: by which plan or decision, led by which office, on which days."""

    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="inspections")
    led_by = models.ForeignKey("units.Unit", models.PROTECT, related_name="inspections_led", verbose_name="chủ trì")
    period = models.ForeignKey("campaigns.Period", models.PROTECT, related_name="inspections", verbose_name="năm")
    state = models.CharField("trạng thái", max_length=12, choices=InspectionState, default=InspectionState.PLANNED)
    version = models.PositiveIntegerField(default=1)
    document = models.CharField("kế hoạch, quyết định", max_length=200)
    subject = models.CharField("nội dung", max_length=300)
    planned_on = models.DateField("ngày dự kiến")
    carried_out_on = models.DateField("ngày kiểm tra", null=True, blank=True)
    team = models.TextField("thành phần đoàn", blank=True)
    conclusion = models.TextField("kết luận", blank=True)
    attachment = models.ForeignKey("units.Attachment", models.PROTECT, null=True, blank=True, related_name="+")
    made_by = models.ForeignKey("units.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = "kiểm tra, giám sát"
        ordering = ["-planned_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="campaigns_inspection_state_is_known", condition=Q(state__in=InspectionState.values)
            ),
            models.CheckConstraint(
                name="campaigns_inspection_carried_out_has_day",
                condition=Q(state="planned") | Q(carried_out_on__isnull=False),
            ),
        ]

    def __str__(self):
        return f"Kiểm tra {self.unit.name}: {self.subject}"

    def get_absolute_url(self):
        return reverse("campaigns:inspection", args=[self.pk])

    @property
    def is_planned(self) -> bool:
        return self.state == InspectionState.PLANNED

    @property
    def is_closed(self) -> bool:
        return self.state == InspectionState.CLOSED


class FindingState(models.TextChoices):
    OPEN = "open", "Chờ đơn vị thực hiện"
    ANSWERED = "answered", "Đơn vị đã báo thực hiện"
    CLOSED = "closed", "Đã xong"


class FindingQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(inspection__in=Inspection.objects.visible_to(user))

    def not_closed(self):
        return self.exclude(state=FindingState.CLOSED)


class Finding(models.Model):
    """What was found on one criterion, and what the unit is asked to do about it by which day."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="findings")
    criterion = models.ForeignKey("criteria.Criterion", models.PROTECT, related_name="findings")
    indicator = models.ForeignKey("criteria.Indicator", models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField("trạng thái", max_length=8, choices=FindingState, default=FindingState.OPEN)
    version = models.PositiveIntegerField(default=1)
    text = models.TextField("phát hiện")
    recommendation = models.TextField("kiến nghị", blank=True)
    due_on = models.DateField("thực hiện trước ngày", null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "phát hiện khi kiểm tra"
        ordering = ["criterion__order", "pk"]
        constraints = [
            models.CheckConstraint(name="campaigns_finding_state_is_known", condition=Q(state__in=FindingState.values)),
            models.CheckConstraint(
                name="campaigns_finding_recommendation_has_deadline",
                condition=Q(recommendation="", due_on=None) | ~Q(recommendation="") & Q(due_on__isnull=False),
            ),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return f"{self.inspection.get_absolute_url()}#phat-hien-{self.pk}"

    @property
    def is_closed(self) -> bool:
        return self.state == FindingState.CLOSED

    @property
    def unit_id(self):
        """The unit that has to act, for the rules."""
        return self.inspection.unit_id


class FollowUp(models.Model):
    """What the unit did about a finding, or what the inspectors answered to it."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="follow_ups")
    text = models.TextField("nội dung")
    attachment = models.ForeignKey("units.Attachment", models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey("units.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return self.text
