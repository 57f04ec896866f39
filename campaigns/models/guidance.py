"""What a lead office tells those who report (plan VI.1), and what they ask (the plan's closing paragraph)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from criteria.models import OpenQuerySet
from phongtho_thidua.lib import clock
from units.models import SectorCode
from units.models.dated import Dated, DatedQuerySet


class GuidanceQuerySet(DatedQuerySet, OpenQuerySet):
    """Guidance is for everybody who fills in a form."""


class Guidance(Dated):
    """A hint of the sector's lead office beside a criterion or one of its indicators, from a day to a day.

    `question` is the one whose answer it was.
    """

    criterion = models.ForeignKey("criteria.Criterion", models.PROTECT, related_name="hints")
    indicator = models.ForeignKey("criteria.Indicator", models.PROTECT, null=True, blank=True, related_name="hints")
    text = models.TextField("hướng dẫn")
    document = models.CharField("văn bản", max_length=200, blank=True)
    attachment = models.ForeignKey("units.Attachment", models.PROTECT, null=True, blank=True, related_name="+")
    question = models.OneToOneField("Question", models.PROTECT, null=True, blank=True, related_name="guidance")
    by = models.ForeignKey("units.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = GuidanceQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = "hướng dẫn"
        ordering = ["criterion__order", "-at"]

    def __str__(self):
        return self.text

    @property
    def subject(self) -> str:
        return subject_of(self)


def subject_of(row) -> str:
    """What a hint or a question is about: `HT6, vốn đã giải ngân`."""
    return f"{row.criterion.code}, {row.indicator.name}" if row.indicator_id else f"{row.criterion.code}, cả tiêu chí"


class QuestionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own unit's, those of the sectors one leads, and whatever was answered; the standing office sees all."""
        if user.is_standing_office:
            return self
        return self.filter(Q(unit__in=user.unit_ids) | Q(sector__in=user.led_sectors) | Q(answered_at__isnull=False))

    def waiting(self):
        return self.filter(answered_at=None).order_by("asked_at")


class Question(models.Model):
    """Vướng mắc: asked at a field, routed to the lead of its sector, or to the standing office when it has none."""

    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="questions")
    criterion = models.ForeignKey("criteria.Criterion", models.PROTECT, null=True, related_name="questions")
    indicator = models.ForeignKey("criteria.Indicator", models.PROTECT, null=True, blank=True, related_name="questions")
    sector = models.CharField("lĩnh vực", max_length=20, choices=SectorCode, blank=True)
    text = models.TextField("câu hỏi")
    asked_by = models.ForeignKey("units.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    answer = models.TextField("trả lời", blank=True)
    answered_by = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "vướng mắc"
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                name="campaigns_question_answer_is_signed",
                condition=Q(answer="", answered_by=None, answered_at=None)
                | ~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("campaigns:question", args=[self.pk])

    @property
    def subject(self) -> str:
        return subject_of(self)
