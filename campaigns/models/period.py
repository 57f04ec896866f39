"""The yearly reporting periods, in Vietnam time, and the holidays that working days leave out."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from criteria.models import OpenQuerySet
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.tones import OVERDUE_ICON, Tone

from .plan import Campaign, Phase


class HolidayQuerySet(OpenQuerySet):
    def days(self) -> frozenset:
        """For `lib.clock.working_days_between`."""
        return frozenset(self.values_list("day", flat=True))


class Holiday(models.Model):
    """A day on which offices are closed besides Saturday and Sunday."""

    day = models.DateField("ngày", unique=True)
    name = models.CharField("tên", max_length=120)
    source = models.CharField("căn cứ", max_length=200)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = "ngày nghỉ"
        ordering = ["day"]

    def __str__(self):
        return f"{self.day:%d/%m/%Y}: {self.name}"


class PeriodState(models.TextChoices):
    NOT_OPEN = "not_open", "Chưa mở"
    OPEN = "open", "Đang mở"
    OVERDUE = "overdue", "Quá hạn"
    LOCKED = "locked", "Đã khóa"


# The tone of a state and its icon, "" for the tone's own.
_LOOKS = {
    PeriodState.NOT_OPEN: (Tone.IDLE, ""),
    PeriodState.OPEN: (Tone.WORK, ""),
    PeriodState.OVERDUE: (Tone.STOP, OVERDUE_ICON),
    PeriodState.LOCKED: (Tone.IDLE, "lock-fill"),
}


class PeriodQuerySet(OpenQuerySet):
    """States follow the clock. Each begins at its own moment: at 17:00:00 sharp the time "before 17:00" is over."""

    def not_open(self):
        return self.filter(opens_at__gt=clock.now())

    def open(self):
        now = clock.now()
        return self.filter(opens_at__lte=now, due_at__gt=now)

    def overdue(self):
        now = clock.now()
        return self.filter(due_at__lte=now, locks_at__gt=now)

    def locked(self):
        return self.filter(locks_at__lte=clock.now())

    def accepting(self):
        """Periods into which a report can still be handed in, in time or late."""
        now = clock.now()
        return self.filter(opens_at__lte=now, locks_at__gt=now)


class Period(models.Model):
    """The reporting of one year (plan VI.5). The plan fixes no day: the three times are set by the standing office."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="periods")
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="periods")
    year = models.PositiveSmallIntegerField("năm")
    opens_at = models.DateTimeField("mở lúc")
    due_at = models.DateTimeField("hạn nộp")
    locks_at = models.DateTimeField("khóa lúc")
    registers_by = models.DateField("đăng ký đến hết ngày")
    amends_until = models.DateField("điều chỉnh đăng ký đến hết ngày")
    source = models.CharField("căn cứ", max_length=300)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "kỳ báo cáo"
        ordering = ["campaign", "year"]
        constraints = [
            models.UniqueConstraint(name="campaigns_period_once_a_year", fields=["campaign", "year"]),
            models.CheckConstraint(
                name="campaigns_period_dates_in_order",
                condition=Q(opens_at__lt=F("due_at"), due_at__lt=F("locks_at")),
            ),
            models.CheckConstraint(
                name="campaigns_period_registration_in_order", condition=Q(registers_by__lte=F("amends_until"))
            ),
        ]

    def __str__(self):
        return f"Kỳ báo cáo năm {self.year}"

    def get_absolute_url(self):
        return reverse("campaigns:periods") + f"#ky-{self.pk}"

    @property
    def state(self) -> PeriodState:
        now = clock.now()
        if now < self.opens_at:
            return PeriodState.NOT_OPEN
        if now < self.due_at:
            return PeriodState.OPEN
        if now < self.locks_at:
            return PeriodState.OVERDUE
        return PeriodState.LOCKED

    @property
    def tone(self) -> Tone:
        return _LOOKS[self.state][0]

    @property
    def icon(self) -> str:
        return _LOOKS[self.state][1]
