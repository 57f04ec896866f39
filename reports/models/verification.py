"""The second and third value of a figure: verified by its sector's lead (plan VI.1), recognised by Phòng Nội vụ."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from criteria.models import IndicatorKind
from criteria.scoring import AnswerKind
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import format_day, format_number
from units.models import Duty, Mandate, SectorCode

VERIFIABLE = ("submitted", "reviewing", "returned")  # states of a report that its sectors' leads may look into


def value_words(indicator, value, day, document) -> str:
    """A value as a person reads it, in the indicator's unit."""
    match indicator.kind:
        case IndicatorKind.YES_NO:
            return "Có" if value else "Không"
        case IndicatorKind.DATE:
            return format_day(day)
        case IndicatorKind.DOCUMENT:
            return document
        case _:
            return f"{format_number(value)} {indicator.unit}".strip()


class Judged(models.Model):
    """A value that an office puts beside the reported one; yes is 1 and no is 0."""

    value = models.DecimalField("số liệu", max_digits=20, decimal_places=4, null=True)
    day = models.DateField("ngày", null=True)
    document = models.CharField("số, ngày văn bản", max_length=200, blank=True)
    source = models.CharField("nguồn", max_length=300, blank=True)
    note = models.TextField("ghi chú", blank=True)
    by = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class VerificationState(models.TextChoices):
    WAITING = "waiting", "Chờ thẩm tra"
    AGREES = "agrees", "Khớp"
    DIFFERS = "differs", "Lệch"
    RETURNED = "returned", "Đã trả lại"


class VerificationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A lead sees its own sectors and never another's notes; a unit its own figures; the standing office all."""
        if user.is_standing_office:
            return self
        return self.filter(Q(sector__in=user.led_sectors) | Q(figure__report__unit__in=user.unit_ids))

    def waiting(self):
        return self.filter(state=VerificationState.WAITING)

    def to_judge(self, user):
        """What waits for this person, as the rule `reports.verify_figure` has it; not what its unit is correcting."""
        mine = Q(sector__in=user.led_sectors)
        if user.is_standing_office:
            leads = Mandate.objects.on(clock.today()).filter(duty=Duty.SECTOR_LEAD, sector=OuterRef("sector"))
            mine |= Q(Exists(leads.filter(unit=OuterRef("figure__report__unit"))))
        open_to_all = self.waiting().filter(figure__report__state__in=VERIFIABLE, figure__reopened=False)
        return open_to_all.filter(mine).exclude(figure__report__unit__in=user.unit_ids)


class Verification(Judged):
    """One figure before the lead of its sector. Made when the report is handed in, for figures that have a value."""

    figure = models.OneToOneField("reports.Figure", models.CASCADE, related_name="verification")
    sector = models.CharField("lĩnh vực", max_length=20, choices=SectorCode)
    state = models.CharField("trạng thái", max_length=8, choices=VerificationState, default=VerificationState.WAITING)
    version = models.PositiveIntegerField(default=1)
    figure_version = models.PositiveIntegerField("bản của số liệu")  # the one that was looked at, or waits

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = "thẩm tra số liệu"
        indexes = [models.Index(fields=["sector", "state"], name="reports_verification_waiting")]
        constraints = [
            models.CheckConstraint(
                name="reports_verification_state_is_known", condition=Q(state__in=VerificationState)
            ),
            models.CheckConstraint(name="reports_verification_sector_is_known", condition=Q(sector__in=SectorCode)),
            models.CheckConstraint(
                name="reports_verification_is_signed",
                condition=Q(state="waiting") | Q(by__isnull=False, at__isnull=False),
            ),
            models.CheckConstraint(
                name="reports_verification_difference_has_source",
                condition=~Q(state="differs")
                | ~Q(source="") & (Q(value__isnull=False) | Q(day__isnull=False) | ~Q(document="")),
            ),
        ]

    def __str__(self):
        return f"{self.figure.indicator.name}: {self.get_state_display()}"

    @property
    def words(self) -> str:
        """The verified value as a person reads it; empty while the sector has none."""
        has_value = self.state in (VerificationState.AGREES, VerificationState.DIFFERS)
        return value_words(self.figure.indicator, self.value, self.day, self.document) if has_value else ""


class Recognition(Judged):
    """What counts: the figure as Phòng Nội vụ accepted it. Summaries read these rows."""

    figure = models.OneToOneField("reports.Figure", models.CASCADE, related_name="recognition")
    answer = models.CharField("trả lời", max_length=14, choices=AnswerKind)
    chosen_for = models.PositiveIntegerField(null=True)  # the version of the figure, where the office set its own value

    class Meta:
        verbose_name = "số liệu công nhận"
        constraints = [
            models.CheckConstraint(name="reports_recognition_answer_is_known", condition=Q(answer__in=AnswerKind)),
            models.CheckConstraint(
                name="reports_recognition_is_signed", condition=Q(by__isnull=False, at__isnull=False)
            ),
            models.CheckConstraint(
                name="reports_recognition_answer_is_whole",
                condition=~Q(answer="value") | Q(value__isnull=False) | Q(day__isnull=False) | ~Q(document=""),
            ),
        ]

    def __str__(self):
        return f"{self.figure.indicator.name}: {self.words}"

    @property
    def words(self) -> str:
        if self.answer == AnswerKind.VALUE:
            return value_words(self.figure.indicator, self.value, self.day, self.document)
        return self.get_answer_display()
