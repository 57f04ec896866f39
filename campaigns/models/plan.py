"""The movement: the plan it rests on, its phases and contents."""

from django.db import models
from django.db.models import F, Q

from criteria.models import OpenQuerySet, Theme


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
    title = models.CharField("câu ngắn", max_length=140)
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
