"""The annual report of a unit (plan VI.5): entries for criteria, figures for indicators, what was handed in."""

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.functional import cached_property

from campaigns.models import Extension, Finding, PeriodState, RegistrationVersion
from criteria.scoring import AnswerKind, Grade
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import format_day

from .verification import value_words


class ReportState(models.TextChoices):
    DRAFT = "draft", "Đang lập"
    SUBMITTED = "submitted", "Đã nộp, chờ xem xét"
    REVIEWING = "reviewing", "Đang xem xét"
    RETURNED = "returned", "Trả lại để sửa"
    ACCEPTED = "accepted", "Đã chấp nhận"


OPEN_STATES = (ReportState.DRAFT, ReportState.RETURNED)  # of a returned one only what the remarks name
SHORTEST_EXEMPTION = 20  # characters that say why a criterion does not concern a unit
HANDED_IN = (ReportState.SUBMITTED, ReportState.REVIEWING, ReportState.RETURNED, ReportState.ACCEPTED)
IN_QUEUE = (ReportState.SUBMITTED, ReportState.REVIEWING)


class AnnualReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A unit sees its own reports at every stage; the standing office sees what was handed in, and who is at it."""
        return self if user.is_standing_office else self.filter(unit__in=user.unit_ids)

    def for_period(self, period):
        return self.filter(period=period)

    def accepted(self):
        return self.filter(state=ReportState.ACCEPTED)

    def with_deadlines(self):
        """Each with its `extended_until`, so that a list asks for no row's extension by itself."""
        granted = Extension.objects.granted().filter(unit=OuterRef("unit"), period=OuterRef("period"))
        return self.annotate(extended_until=Subquery(granted.order_by("-until").values("until")[:1]))

    def with_facts(self):
        """Each with the four facts named below: its page then asks on only where there is more."""
        same = self.model.objects.filter(pk=OuterRef("pk"))
        found = Finding.objects.filter(inspection__unit=OuterRef("unit"), inspection__period=OuterRef("period"))
        registered = RegistrationVersion.objects.filter(
            registration__unit=OuterRef("unit"), registration__period=OuterRef("period")
        )
        return self.annotate(
            has_remarks=Exists(same.filter(remarks__isnull=False)),
            is_wanted_back=Exists(same.filter(withdrawal_requests__state="asked")),
            was_inspected=Exists(found),
            registered=Subquery(registered.order_by("-edition").values("data")[:1]),
        )

    def in_queue(self):
        """What waits for Phòng Nội vụ, in the order of arrival."""
        return self.filter(state__in=IN_QUEUE).order_by("submitted_at", "pk")


class AnnualReport(models.Model):
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="reports_made")
    period = models.ForeignKey("campaigns.Period", models.PROTECT, related_name="reports")
    criteria_set = models.ForeignKey("criteria.CriteriaSet", models.PROTECT, related_name="reports")
    state = models.CharField("trạng thái", max_length=12, choices=ReportState, default=ReportState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    edition = models.PositiveSmallIntegerField("bản nộp thứ", default=0)
    receipt = models.CharField("số phiếu tiếp nhận", max_length=20, blank=True)
    prepared_by = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField("lập lúc", null=True)
    submitted_by = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField("nộp lúc", null=True)
    first_submitted_at = models.DateTimeField("nộp lần đầu lúc", null=True)
    reviewed_by = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField("xem xét lúc", null=True)
    entered_by = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")  # nhập thay, from paper
    paper = models.ForeignKey("units.Attachment", models.PROTECT, null=True, related_name="+")
    paper_note = models.TextField("nộp theo bản giấy đã ký", blank=True)
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)

    objects = AnnualReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo năm"
        ordering = ["-period__year", "unit__sort_key"]
        indexes = [models.Index(fields=["period", "state"], name="reports_report_by_state")]
        constraints = [
            models.UniqueConstraint(name="reports_one_report_per_unit_and_period", fields=["unit", "period"]),
            models.UniqueConstraint(name="reports_receipt_once", fields=["receipt"], condition=~Q(receipt="")),
            models.CheckConstraint(name="reports_report_state_is_known", condition=Q(state__in=ReportState.values)),
            models.CheckConstraint(
                name="reports_report_prepared_is_signed",
                condition=Q(prepared_by=None, prepared_at=None)
                | Q(prepared_by__isnull=False, prepared_at__isnull=False),
            ),
            models.CheckConstraint(
                name="reports_report_handed_in_is_signed",
                condition=Q(submitted_by__isnull=False, submitted_at__isnull=False)
                | Q(submitted_by=None, submitted_at=None, state=ReportState.DRAFT),
            ),
            models.CheckConstraint(
                name="reports_report_entered_with_its_paper",
                condition=Q(entered_by=None, paper=None, paper_note="")
                | Q(entered_by__isnull=False, paper__isnull=False),
            ),
            models.CheckConstraint(
                name="reports_report_review_is_signed",
                condition=Q(reviewed_by__isnull=False, reviewed_at__isnull=False)
                | Q(reviewed_by=None, reviewed_at=None) & ~Q(state=ReportState.ACCEPTED),
            ),
        ]

    def __str__(self):
        return f"Báo cáo năm {self.period.year}, {self.unit.name}"

    def get_absolute_url(self):
        return reverse("reports:report", args=[self.pk])

    @cached_property
    def extended_until(self):
        """The later deadline its unit was granted, or None. Lists set it from one query for all their rows."""
        return Extension.objects.deadline_of(self.unit_id, self.period_id)

    def was_in_time(self, period) -> bool | None:
        """Whether it was first handed in before it was due in `period`, its own; None while it never was."""
        if self.first_submitted_at is None:
            return None
        return self.first_submitted_at < period.due_at or self._falls_in_extension(self.first_submitted_at)

    def _falls_in_extension(self, moment) -> bool:
        return self.extended_until is not None and moment < self.extended_until

    @property
    def is_late(self) -> bool:
        return self.was_in_time(self.period) is False

    @property
    def due_at(self):
        return max(self.period.due_at, self.extended_until or self.period.due_at)

    @property
    def is_open(self) -> bool:
        """Whether the unit may write in it now: its state says so, and its period is not locked."""
        return self.state in OPEN_STATES and not self.is_locked

    @property
    def is_handed_in(self) -> bool:
        return self.state in HANDED_IN

    @property
    def is_locked(self) -> bool:
        """The lock stops who has not handed in; what Phòng Nội vụ returned stays open until it is in order."""
        is_past = self.state == ReportState.DRAFT and self.period.state == PeriodState.LOCKED
        return is_past and not self._falls_in_extension(clock.now())

    @cached_property
    def makers(self) -> frozenset[int]:
        """Ids of everybody with a hand in it: prepared, entered from paper, handed in, or wrote an answer last."""
        writers = self.entries.order_by().values_list("saved_by")
        handed_in = self.versions.order_by().values_list("submitted_by")
        found = writers.union(self.figures.order_by().values_list("saved_by"), handed_in)
        signed = (self.prepared_by_id, self.entered_by_id, self.submitted_by_id)
        return frozenset(pk for pk in (*signed, *(pk for (pk,) in found)) if pk)

    @cached_property
    def remark_states(self) -> frozenset[str]:
        """Which states its remarks are in; empty for a report that was never returned."""
        return frozenset(self.remarks.order_by().values_list("state", flat=True).distinct())

    @cached_property
    def has_remarks(self) -> bool:
        """This and the next three are set by `with_facts`, in the query that reads the report."""
        return bool(self.remark_states)

    @cached_property
    def is_wanted_back(self) -> bool:
        return self.withdrawal_requests.waiting().exists()

    @cached_property
    def was_inspected(self) -> bool:
        """Whether an inspection of its unit and year found something."""
        return Finding.objects.filter(inspection__unit=self.unit_id, inspection__period=self.period_id).exists()

    @cached_property
    def registered(self) -> dict | None:
        """What its unit registered for the year, in the last edition in force."""
        return RegistrationVersion.objects.newest(self.unit_id, self.period.year)


class AnswerQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(report__in=AnnualReport.objects.visible_to(user))

    def writable_in(self, reports):
        """Answers the unit may change, the state of `reports` being so: all of a draft, of a returned what opened."""
        returned = Q(report__in=reports.filter(state=ReportState.RETURNED))
        return self.filter(Q(report__in=reports.filter(state=ReportState.DRAFT)) | returned & Q(reopened=True))

    def of_units(self, unit_ids):
        """For writing: one's own units only, so that a save asks for no mandate."""
        return self.filter(report__unit__in=unit_ids)


class EntryQuerySet(AnswerQuerySet):
    def with_done(self):
        """`done`: all that is asked on this criterion was said; `selectors.problems` names what is missing."""
        figures = Figure.objects.filter(report=OuterRef("report"), indicator__criterion=OuterRef("criterion"))
        exempt = Q(applies=False, told__gte=SHORTEST_EXEMPTION)
        answered = (
            Q(applies=True) & ~Q(grade="") & ~Exists(figures.filter(answer="")) & (Q(told__gt=0) | Exists(figures))
        )
        done = models.ExpressionWrapper(exempt | answered, models.BooleanField())
        return self.annotate(told=Length("narrative")).annotate(done=done)


class Entry(models.Model):
    """What a unit says on one criterion: its words and its own grade, or why the criterion does not concern it."""

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="entries")
    criterion = models.ForeignKey("criteria.Criterion", models.PROTECT, related_name="+")
    applies = models.BooleanField("áp dụng", default=True)
    narrative = models.TextField("kết quả thực hiện", blank=True)
    grade = models.CharField("tự đánh giá", max_length=20, choices=Grade, blank=True)
    reopened = models.BooleanField("mở lại để sửa", default=False)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["criterion__order"]
        constraints = [
            models.UniqueConstraint(name="reports_one_entry_per_criterion", fields=["report", "criterion"]),
            models.CheckConstraint(name="reports_entry_grade_is_known", condition=Q(grade__in=["", *Grade.values])),
            models.CheckConstraint(
                name="reports_entry_saved_is_signed",
                condition=Q(saved_by=None, saved_at=None) | Q(saved_by__isnull=False, saved_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.criterion.code} {self.get_grade_display()}".strip()

    @property
    def is_open(self) -> bool:
        """Whether the unit may change it now; of a returned report only what a remark opened again."""
        return self.report.is_open and (self.reopened or self.report.state == ReportState.DRAFT)

    @property
    def key(self) -> str:
        return f"entry-{self.pk}"

    @property
    def words(self) -> str:
        """The answer as a person reads it; empty when there is none yet."""
        parts = ("" if self.applies else "Không liên quan đến đơn vị", self.get_grade_display(), self.narrative)
        return ". ".join(part for part in parts if part)


class Figure(models.Model):
    """The reported figure of one indicator, with one of three answers; a blank answer is none yet.

    `value` is in the indicator's unit; yes is 1 and no is 0. What was typed under another answer is kept.
    """

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="figures")
    indicator = models.ForeignKey("criteria.Indicator", models.PROTECT, related_name="+")
    answer = models.CharField("trả lời", max_length=14, choices=AnswerKind, blank=True)
    value = models.DecimalField("số liệu", max_digits=20, decimal_places=4, null=True)
    day = models.DateField("ngày", null=True)
    document = models.CharField("số, ngày văn bản", max_length=200, blank=True)
    reason = models.CharField("lý do không áp dụng", max_length=500, blank=True)
    expected_on = models.DateField("ngày dự kiến có số liệu", null=True)
    explanation = models.CharField("giải thích", max_length=500, blank=True)  # why an unusual figure is right
    reopened = models.BooleanField("mở lại để sửa", default=False)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(null=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["indicator__order"]
        constraints = [
            models.UniqueConstraint(name="reports_one_figure_per_indicator", fields=["report", "indicator"]),
            models.CheckConstraint(
                name="reports_figure_answer_is_known", condition=Q(answer__in=["", *AnswerKind.values])
            ),
            models.CheckConstraint(
                name="reports_figure_answer_is_whole",
                condition=Q(answer="")
                | Q(answer=AnswerKind.VALUE) & (Q(value__isnull=False) | Q(day__isnull=False) | ~Q(document=""))
                | Q(answer=AnswerKind.NOT_APPLICABLE) & ~Q(reason="")
                | Q(answer=AnswerKind.NO_DATA, expected_on__isnull=False),
            ),
            models.CheckConstraint(
                name="reports_figure_saved_is_signed",
                condition=Q(saved_by=None, saved_at=None) | Q(saved_by__isnull=False, saved_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.indicator.name}: {self.words}"

    @property
    def is_open(self) -> bool:
        """Whether the unit may change it now; of a returned report only what a remark opened again."""
        return self.report.is_open and (self.reopened or self.report.state == ReportState.DRAFT)

    @property
    def key(self) -> str:
        """Names the answer in forms and addresses within the page."""
        return f"figure-{self.pk}"

    @property
    def words(self) -> str:
        """The answer as a person reads it; empty when there is none yet."""
        match self.answer:
            case AnswerKind.VALUE:
                return value_words(self.indicator, self.value, self.day, self.document)
            case AnswerKind.NOT_APPLICABLE:
                return f"Không áp dụng: {self.reason}"
            case AnswerKind.NO_DATA:
                return f"Chưa có số liệu, dự kiến {format_day(self.expected_on)}"
            case _:
                return ""


class ReportVersion(models.Model):
    """What the head handed in, frozen: `data` is canonical JSON of all entries and figures."""

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="versions")
    edition = models.PositiveSmallIntegerField("bản nộp thứ")
    data = models.TextField()
    digest = models.CharField(max_length=144)
    submitted_by = models.ForeignKey("units.User", models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ["-edition"]
        constraints = [
            models.UniqueConstraint(name="reports_one_version_per_edition", fields=["report", "edition"]),
        ]

    def __str__(self):
        return f"{self.report}, bản {self.edition}"

    @property
    def before(self) -> int:
        """The edition that this one followed."""
        return self.edition - 1
