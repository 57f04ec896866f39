"""What an office asks a unit to put right: one entry or figure, a reason, a day. Only what is named opens again."""

from django.db import models
from django.db.models import Q

from phongtho_thidua.lib import clock
from units.models import SectorCode

from .report import AnnualReport, Entry, Figure


class RemarkState(models.TextChoices):
    OPEN = "open", "Chờ đơn vị sửa"
    ANSWERED = "answered", "Đơn vị đã sửa, chờ xem lại"
    SETTLED = "settled", "Đã xong"
    DROPPED = "dropped", "Đã rút lại"


LIVE = (RemarkState.OPEN, RemarkState.ANSWERED)


class RemarkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The unit reads what is asked of it; a lead its own sectors' remarks; the standing office all."""
        if user.is_standing_office:
            return self
        return self.filter(Q(report__unit__in=user.unit_ids) | Q(sector__in=user.led_sectors))

    def open(self):
        return self.filter(state=RemarkState.OPEN)

    def answered(self):
        return self.filter(state=RemarkState.ANSWERED)

    def live(self):
        return self.filter(state__in=LIVE)

    def about(self, answers):
        """Remarks on any of these entries and figures."""
        pks = {kind: [one.pk for one in answers if isinstance(one, kind)] for kind in (Entry, Figure)}
        return self.filter(Q(entry__in=pks[Entry]) | Q(figure__in=pks[Figure])).with_answers()

    def with_answers(self):
        """With all that is needed to name what they are about, and to say who asked."""
        return self.select_related(
            "report__period", "report__unit", "entry__criterion", "figure__indicator__criterion", "asked_by"
        )


class Remark(models.Model):
    """Asked by the lead of `sector`, or by the standing office when it is blank; only the asker looks again."""

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="remarks")
    entry = models.ForeignKey("reports.Entry", models.CASCADE, null=True, related_name="remarks")
    figure = models.ForeignKey("reports.Figure", models.CASCADE, null=True, related_name="remarks")
    sector = models.CharField("lĩnh vực", max_length=20, choices=SectorCode, blank=True)
    office = models.CharField("nơi trả lại", max_length=200, blank=True)  # its name on that day
    state = models.CharField("trạng thái", max_length=8, choices=RemarkState, default=RemarkState.OPEN)
    version = models.PositiveIntegerField(default=1)
    reason = models.TextField("lý do")
    due_at = models.DateTimeField("sửa và gửi lại trước")
    before = models.TextField("nội dung khi trả lại", blank=True)  # the answer as it read when it was returned
    reply = models.TextField("lý do giữ nguyên", blank=True)  # why the unit leaves it as it was
    asked_by = models.ForeignKey("units.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("trả lại lúc", default=clock.now)
    answered_at = models.DateTimeField("đơn vị gửi lại lúc", null=True)
    settled_by = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField("xem lại lúc", null=True)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = "ý kiến trả lại"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(name="reports_remark_state_is_known", condition=Q(state__in=RemarkState)),
            models.CheckConstraint(name="reports_remark_names_one_answer", condition=Q(entry=None) ^ Q(figure=None)),
            models.UniqueConstraint(
                name="reports_remark_one_live_per_entry", fields=["entry"], condition=Q(state__in=LIVE)
            ),
            models.UniqueConstraint(
                name="reports_remark_one_live_per_figure", fields=["figure"], condition=Q(state__in=LIVE)
            ),
            models.CheckConstraint(
                name="reports_remark_settled_is_signed",
                condition=Q(state__in=LIVE, settled_by=None, settled_at=None)
                | ~Q(state__in=LIVE) & Q(settled_by__isnull=False, settled_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.reason

    @property
    def is_open(self) -> bool:
        return self.state == RemarkState.OPEN

    @property
    def answer(self):
        return self.entry or self.figure

    @property
    def is_answered(self) -> bool:
        """The unit changed what was asked about, or wrote why it stays."""
        return bool(self.reply) or self.answer.words != self.before


class WithdrawalState(models.TextChoices):
    ASKED = "asked", "Chờ Phòng Nội vụ trả lời"
    ALLOWED = "allowed", "Đã cho rút về"
    REFUSED = "refused", "Không cho rút về"


class WithdrawalRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(report__in=AnnualReport.objects.visible_to(user))

    def waiting(self):
        return self.filter(state=WithdrawalState.ASKED)


class WithdrawalRequest(models.Model):
    """Once the review is open the head can only ask to take the report back."""

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="withdrawal_requests")
    state = models.CharField("trạng thái", max_length=7, choices=WithdrawalState, default=WithdrawalState.ASKED)
    version = models.PositiveIntegerField(default=1)
    reason = models.TextField("lý do")
    asked_by = models.ForeignKey("units.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("xin lúc", default=clock.now)
    answer = models.TextField("trả lời", blank=True)
    decided_by = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("trả lời lúc", null=True)

    objects = WithdrawalRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "xin rút báo cáo"
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(name="reports_withdrawal_state_is_known", condition=Q(state__in=WithdrawalState)),
            models.UniqueConstraint(
                name="reports_withdrawal_one_waiting", fields=["report"], condition=Q(state="asked")
            ),
            models.CheckConstraint(
                name="reports_withdrawal_answer_is_signed",
                condition=Q(state="asked", decided_by=None, decided_at=None)
                | ~Q(state="asked") & Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"Xin rút {self.report}"
