"""What an emulation cluster hands in for a year (plan VI.5): its report, its score sheet, its ranking."""

from decimal import Decimal

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse


class ClusterReportState(models.TextChoices):
    DRAFT = "draft", "Đang lập"
    SUBMITTED = "submitted", "Đã nộp"
    RETURNED = "returned", "Trả lại để sửa"


OPEN_CLUSTER_STATES = (ClusterReportState.DRAFT, ClusterReportState.RETURNED)


class ClusterReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Lead and deputy at every stage; members and the standing office what was handed in."""
        led = Q(cluster__in=user.led_cluster_ids)
        handed_in = Q(state=ClusterReportState.SUBMITTED)
        if user.is_standing_office:  # what went back to the lead was handed in once, and is remembered
            return self.filter(led | handed_in | Q(state=ClusterReportState.RETURNED))
        return self.filter(led | handed_in & Q(cluster__in=user.cluster_ids))


class ClusterReport(models.Model):
    cluster = models.ForeignKey("units.Cluster", models.PROTECT, related_name="reports")
    period = models.ForeignKey("campaigns.Period", models.PROTECT, related_name="cluster_reports")
    state = models.CharField("trạng thái", max_length=9, choices=ClusterReportState, default=ClusterReportState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    activity = models.TextField("hoạt động của khối", blank=True)
    assessment = models.TextField("đánh giá chung", blank=True)
    proposals = models.TextField("kiến nghị", blank=True)
    prepared_by = models.ForeignKey("units.User", models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField("lập lúc")
    submitted_by = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField("nộp lúc", null=True)
    data = models.JSONField("số liệu của thành viên khi nộp", null=True)  # frozen when it is handed in
    return_note = models.TextField("lý do trả lại", blank=True)
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)

    objects = ClusterReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo khối"
        ordering = ["-period__year", "cluster"]
        constraints = [
            models.UniqueConstraint(name="reports_clusterreport_once", fields=["cluster", "period"]),
            models.CheckConstraint(
                name="reports_clusterreport_handed_in_is_signed",
                condition=Q(state__in=("draft", "returned"), submitted_by=None, submitted_at=None)
                | Q(state="submitted", submitted_by__isnull=False, submitted_at__isnull=False, data__isnull=False),
            ),
        ]

    def __str__(self):
        return f"Báo cáo {self.cluster.name} năm {self.period.year}"

    def get_absolute_url(self):
        return reverse("reports:cluster_report", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_CLUSTER_STATES


class ScoreKind(models.TextChoices):
    CRITERION = "criterion", "Điểm tiêu chí"
    BONUS = "bonus", "Điểm thưởng"
    MINUS = "minus", "Điểm trừ"


PROVEN_KINDS = (ScoreKind.BONUS, ScoreKind.MINUS)  # their points need a document


class Stage(models.TextChoices):
    """Whose points: three columns of one score, in the order in which they come."""

    CLAIMED = "claimed", "Tự chấm"
    VERIFIED = "verified", "Khối thẩm định"
    RECOGNISED = "recognised", "Công nhận"


class ScoreItem(models.Model):
    """A line of a cluster's score sheet for a year, with the most points that it can give or take."""

    cluster = models.ForeignKey("units.Cluster", models.PROTECT, related_name="score_items")
    period = models.ForeignKey("campaigns.Period", models.PROTECT, related_name="score_items")
    kind = models.CharField("loại điểm", max_length=9, choices=ScoreKind)
    criterion = models.ForeignKey("criteria.Criterion", models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField("nội dung chấm", max_length=300)
    most = models.DecimalField("điểm tối đa", max_digits=6, decimal_places=2)
    order = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = "nội dung chấm điểm"
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(name="reports_scoreitem_kind_is_known", condition=Q(kind__in=ScoreKind)),
            models.CheckConstraint(name="reports_scoreitem_most_is_positive", condition=Q(most__gt=0)),
        ]

    def __str__(self):
        return self.name

    @property
    def needs_document(self) -> bool:
        return self.kind in PROVEN_KINDS

    @property
    def sign(self) -> int:
        """What a point of this line does to the total."""
        return -1 if self.kind == ScoreKind.MINUS else 1


class ScoreQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; all of the cluster for its lead and deputy, and for every member once the year is ranked."""
        if user.is_standing_office:
            return self
        ranked = Ranking.objects.filter(cluster=OuterRef("item__cluster"), period=OuterRef("item__period"))
        is_shown = Q(item__cluster__in=user.led_cluster_ids) | Q(Exists(ranked), item__cluster__in=user.cluster_ids)
        return self.filter(is_shown | Q(unit__in=user.unit_ids))


class Score(models.Model):
    """Points of one unit on one line: its own, the lead's after checking, and those Phòng Nội vụ recognises."""

    item = models.ForeignKey(ScoreItem, models.CASCADE, related_name="scores")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="scores")
    version = models.PositiveIntegerField(default=1)
    claimed = models.DecimalField("tự chấm", max_digits=6, decimal_places=2, null=True)
    claimed_by = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    verified = models.DecimalField("khối thẩm định", max_digits=6, decimal_places=2, null=True)
    verified_by = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    recognised = models.DecimalField("công nhận", max_digits=6, decimal_places=2, null=True)
    recognised_by = models.ForeignKey("units.User", models.PROTECT, null=True, related_name="+")
    recognised_at = models.DateTimeField(null=True)
    document = models.CharField("văn bản", max_length=200, blank=True)
    note = models.TextField("ghi chú", blank=True)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = "điểm"
        constraints = [models.UniqueConstraint(name="reports_score_once", fields=["item", "unit"])] + [
            models.CheckConstraint(
                name=f"reports_score_{stage}_is_signed",
                condition=Q(**{stage: None, f"{stage}_by": None, f"{stage}_at": None})
                | Q(**{f"{stage}__gte": 0, f"{stage}_by__isnull": False, f"{stage}_at__isnull": False}),
            )
            for stage in ("claimed", "verified", "recognised")
        ]

    def __str__(self):
        return f"{self.unit}, {self.item}"

    @property
    def seen_version(self) -> int:
        """What a page says it has read: 0 while nothing is stored."""
        return self.version if self.pk else 0

    def points(self, stage: Stage) -> Decimal | None:
        return getattr(self, stage)


class Ranking(models.Model):
    """A unit's place in its cluster; `path` tells each comparison that decided it, so ties explain themselves."""

    cluster = models.ForeignKey("units.Cluster", models.PROTECT, related_name="rankings")
    period = models.ForeignKey("campaigns.Period", models.PROTECT, related_name="rankings")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="rankings")
    place = models.PositiveSmallIntegerField("thứ hạng")
    points = models.DecimalField("tổng điểm", max_digits=8, decimal_places=2)
    path = models.JSONField("cách xếp hạng", default=list)
    made_by = models.ForeignKey("units.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField("xếp hạng lúc")

    class Meta:
        verbose_name = "xếp hạng"
        ordering = ["place", "unit__sort_key"]
        constraints = [
            models.UniqueConstraint(name="reports_ranking_once", fields=["period", "unit"]),
            models.CheckConstraint(name="reports_ranking_place_counts_from_one", condition=Q(place__gte=1)),
        ]

    def __str__(self):
        return f"{self.place}. {self.unit}"
