"""The movement: the plan it rests on, its phases and contents, and the yearly reporting periods."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from criteria.models import OpenQuerySet, Theme
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.tones import OVERDUE_ICON, Tone


class Campaign(models.Model):
    """One movement (phong trào thi đua). A plan without number is a draft, and every page says so."""

    key = models.SlugField("mã cố định", max_length=60, unique=True)
    title = models.CharField("tên phong trào", max_length=300)
    plan_title = models.CharField("tên kế hoạch", max_length=400)
    plan_number = models.CharField("số kế hoạch", max_length=60, blank=True)
    plan_date = models.DateField("ngày ban hành", null=True, blank=True)
    plan_note = models.CharField("ghi chú về kế hoạch", max_length=300, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=200)
    legal_bases = models.TextField("căn cứ", help_text="Mỗi dòng một căn cứ.")
    first_year = models.PositiveSmallIntegerField("từ năm")
    last_year = models.PositiveSmallIntegerField("đến năm")

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = "phong trào thi đua"
        ordering = ["first_year", "key"]
        constraints = [
            models.CheckConstraint(
                name="campaigns_campaign_years_in_order", condition=Q(last_year__gte=F("first_year"))
            ),
            models.CheckConstraint(
                name="campaigns_campaign_number_comes_with_date",
                condition=Q(plan_number="", plan_date=None) | (~Q(plan_number="") & Q(plan_date__isnull=False)),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_draft(self) -> bool:
        return not self.plan_number


class Phase(models.Model):
    """A phase of plan V."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="phases")
    number = models.PositiveSmallIntegerField("giai đoạn")
    name = models.CharField("tên", max_length=120)
    first_year = models.PositiveSmallIntegerField("từ năm")
    last_year = models.PositiveSmallIntegerField("đến năm")
    wording = models.TextField("nguyên văn")

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = "giai đoạn"
        ordering = ["campaign", "number"]
        constraints = [
            models.UniqueConstraint(name="campaigns_phase_number_once", fields=["campaign", "number"]),
            models.CheckConstraint(name="campaigns_phase_years_in_order", condition=Q(last_year__gte=F("first_year"))),
        ]

    def __str__(self):
        return self.name


class Milestone(models.Model):
    """What plan V expects of a year (sơ kết 2025, tổng kết 2030)."""

    phase = models.ForeignKey(Phase, models.PROTECT, related_name="milestones")
    key = models.SlugField("mã cố định", max_length=40)
    year = models.PositiveSmallIntegerField("năm")
    name = models.CharField("việc", max_length=200)
    clause = models.CharField("điều khoản", max_length=40)

    class Meta:
        verbose_name = "mốc"
        ordering = ["year", "key"]
        constraints = [models.UniqueConstraint(name="campaigns_milestone_once", fields=["phase", "key"])]

    def __str__(self):
        return f"{self.year}: {self.name}"


class Content(models.Model):
    """One of the eleven contents of plan II.2, in its official wording; a unit's registration chooses among them."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="contents")
    theme = models.CharField("nội dung", max_length=20, choices=Theme)
    code = models.CharField("mã", max_length=10)
    clause = models.CharField("điều khoản", max_length=40)
    text = models.TextField("nguyên văn")
    order = models.PositiveSmallIntegerField("thứ tự")

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = "nội dung thi đua"
        ordering = ["campaign", "order"]
        constraints = [
            models.UniqueConstraint(name="campaigns_content_code_once", fields=["campaign", "code"]),
            models.CheckConstraint(name="campaigns_content_theme_is_known", condition=Q(theme__in=Theme.values)),
        ]

    def __str__(self):
        return self.code


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
