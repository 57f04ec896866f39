"""Đăng ký thi đua (plan II.2, clauses C08 and C09): what a unit promises for a year."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from criteria.models import IndicatorKind
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import format_day, format_number

from .leeway import OwnOrAllQuerySet


class RegistrationState(models.TextChoices):
    DRAFT = "draft", "Đang lập"
    SUBMITTED = "submitted", "Đã đăng ký"
    AMENDING = "amending", "Đang điều chỉnh"


class RegistrationQuerySet(OwnOrAllQuerySet):
    def visible_to(self, user):
        """A unit sees its own at every stage; the standing office what the head has registered."""
        own = Q(unit__in=user.unit_ids)
        return self.filter(own | ~Q(state=RegistrationState.DRAFT)) if user.is_standing_office else self.filter(own)

    def in_force(self):
        """Those that the head has registered, also while they are amended."""
        return self.exclude(state=RegistrationState.DRAFT)

    def with_first_time(self):
        """`first_at`: when it was registered first, which says whether it came late."""
        return self.annotate(first_at=models.Min("versions__submitted_at"))

    def with_parts(self):
        """With contents, targets (in the order of the form), works and file, in three further queries."""
        promises = Promise.objects.select_related("indicator").order_by(
            "indicator__criterion__order", "indicator__order"
        )
        works = PlannedWork.objects.select_related("content")
        parts = (models.Prefetch("promises", promises), models.Prefetch("works", works))
        people = self.select_related("unit", "period", "plan_file", "prepared_by", "submitted_by")
        return people.prefetch_related("contents", *parts)


class Registration(models.Model):
    """One unit, one year: chosen contents, own targets, planned works. While amended, the last edition is in force."""

    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="registrations")
    period = models.ForeignKey("campaigns.Period", models.PROTECT, related_name="registrations")
    state = models.CharField("trạng thái", max_length=10, choices=RegistrationState, default=RegistrationState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    edition = models.PositiveSmallIntegerField("lần đăng ký", default=0)
    contents = models.ManyToManyField("campaigns.Content", verbose_name="nội dung thi đua", related_name="+")
    reason = models.TextField("lý do điều chỉnh", blank=True)
    plan_file = models.ForeignKey("units.Attachment", models.PROTECT, null=True, blank=True, related_name="+")
    prepared_by = models.ForeignKey("units.User", models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField("lập lúc")
    submitted_by = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField("đăng ký lúc", null=True)
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = "đăng ký thi đua"
        ordering = ["-period__year", "unit__sort_key"]
        constraints = [
            models.UniqueConstraint(name="campaigns_registration_once", fields=["unit", "period"]),
            models.CheckConstraint(
                name="campaigns_registration_state_is_known", condition=Q(state__in=RegistrationState.values)
            ),
            models.CheckConstraint(
                name="campaigns_registration_is_signed",
                condition=Q(submitted_by__isnull=False, submitted_at__isnull=False)
                | Q(submitted_by=None, submitted_at=None, state="draft"),
            ),
        ]

    def __str__(self):
        return f"Đăng ký thi đua năm {self.period.year}, {self.unit.name}"

    def get_absolute_url(self):
        return reverse("campaigns:registration", args=[self.pk])

    @property
    def is_registered(self) -> bool:
        return self.state != RegistrationState.DRAFT

    @property
    def is_amending(self) -> bool:
        return self.state == RegistrationState.AMENDING

    @property
    def is_settled(self) -> bool:
        """Registered, and not being amended."""
        return self.state == RegistrationState.SUBMITTED


def is_late(period, first_at) -> bool:
    """Whether a unit that registered first at `first_at` came after the last day, which ends at 24:00 in Vietnam."""
    return first_at is not None and clock.local(first_at).date() > period.registers_by


class Promise(models.Model):
    """The unit's own target for one indicator of its form; yes is 1 and no is 0."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="promises")
    indicator = models.ForeignKey("criteria.Indicator", models.PROTECT, related_name="+")
    value = models.DecimalField("đăng ký", max_digits=20, decimal_places=4, null=True, blank=True)
    day = models.DateField("ngày", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)

    class Meta:
        verbose_name = "chỉ tiêu đăng ký"
        ordering = ["indicator__order"]
        constraints = [
            models.UniqueConstraint(name="campaigns_promise_once", fields=["registration", "indicator"]),
            models.CheckConstraint(
                name="campaigns_promise_says_something", condition=Q(value__isnull=False) | Q(day__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.indicator.name}: {self.words}"

    @property
    def words(self) -> str:
        match self.indicator.kind:
            case IndicatorKind.DATE:
                return format_day(self.day)
            case IndicatorKind.YES_NO:
                return "Có" if self.value else "Không"
            case IndicatorKind.RATIO:
                return f"{format_number(self.value)}%"
            case _:
                return f"{format_number(self.value)} {self.indicator.unit}".strip()


class PlannedWork(models.Model):
    """A work (công trình, phần việc) that the unit will carry out, with its deadline."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="works")
    content = models.ForeignKey("campaigns.Content", models.PROTECT, related_name="+", verbose_name="nội dung thi đua")
    name = models.CharField("công trình, phần việc", max_length=300)
    due_on = models.DateField("hoàn thành trước ngày")
    note = models.CharField("ghi chú", max_length=500, blank=True)

    class Meta:
        verbose_name = "công trình, phần việc"
        ordering = ["due_on", "pk"]

    def __str__(self):
        return self.name


class RegistrationVersionQuerySet(models.QuerySet):
    def newest(self, unit, year: int) -> dict | None:
        """What `unit` registered for `year`, in the last edition in force."""
        editions = self.filter(registration__unit=unit, registration__period__year=year)
        return editions.order_by("-edition").values_list("data", flat=True).first()


class RegistrationVersion(models.Model):
    """What the head registered, frozen: `data` is canonical JSON; `reason` says why it was amended."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="versions")
    edition = models.PositiveSmallIntegerField("lần đăng ký")
    reason = models.TextField("lý do điều chỉnh", blank=True)
    data = models.JSONField()
    submitted_by = models.ForeignKey("units.User", models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    objects = RegistrationVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-edition"]
        constraints = [
            models.UniqueConstraint(name="campaigns_registration_version_once", fields=["registration", "edition"])
        ]

    def __str__(self):
        return f"{self.registration}, lần {self.edition}"
