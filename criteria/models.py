"""What is measured, against which target, by whom verified: section III.1 of the plan as data."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from units.models import SectorCode, UnitKind

from .scoring import Aggregation
from .targets import TargetKind, TargetSpec, goal


class Audience(models.TextChoices):
    """The four addressees of plan III.1."""

    AUTHORITIES = "authorities", "Các cơ quan, ban, ngành huyện; các xã, thị trấn"
    UNIONS = "unions", "Mặt trận Tổ quốc, tổ chức chính trị - xã hội, tổ chức xã hội, đoàn thể"
    ORGANISATIONS = "organisations", "Các tổ chức, doanh nghiệp, hợp tác xã, hộ gia đình"
    INDIVIDUALS = "individuals", "Cá nhân"


# A unit answers the criteria of its kind's audience; no unit answers for individuals (III.1.4): those criteria shape
# the achievement report of a nomination.
AUDIENCE_OF_KIND = {
    UnitKind.OFFICE: Audience.AUTHORITIES,
    UnitKind.PUBLIC_SERVICE: Audience.AUTHORITIES,
    UnitKind.COMMUNE: Audience.AUTHORITIES,
    UnitKind.TOWNSHIP: Audience.AUTHORITIES,
    UnitKind.UNION: Audience.UNIONS,
    UnitKind.ENTERPRISE: Audience.ORGANISATIONS,
    UnitKind.COOPERATIVE: Audience.ORGANISATIONS,
    UnitKind.ORGANISATION: Audience.ORGANISATIONS,
}


class Theme(models.TextChoices):
    INFRASTRUCTURE = "infrastructure", "Phát triển kết cấu hạ tầng"
    THRIFT = "thrift", "Thực hành tiết kiệm, chống lãng phí"
    BOTH = "both", "Kết cấu hạ tầng và tiết kiệm, chống lãng phí"


class OpenQuerySet(models.QuerySet):
    """The plan is public: whoever may sign in may read all of it."""

    def visible_to(self, user):
        return self if user.is_authenticated else self.none()


class Sector(models.Model):
    """A field of plan VI.1. Its lead is whoever holds the mandate, so no unit is named here."""

    code = models.CharField("mã", max_length=20, choices=SectorCode, unique=True)
    name = models.CharField("tên", max_length=120)
    order = models.PositiveSmallIntegerField("thứ tự")

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = "lĩnh vực"
        ordering = ["order"]
        constraints = [models.CheckConstraint(name="criteria_sector_is_known", condition=Q(code__in=SectorCode.values))]

    def __str__(self):
        return self.name


class CriteriaSetQuerySet(OpenQuerySet):
    def for_year(self, year: int) -> "CriteriaSet":
        """The newest set valid in `year`.

        Where none covers the year, the latest earlier one: phase 1's set stays in use until phase 2's is opened from
        the interim review (plan V.2). Raises CriteriaSet.DoesNotExist for a year before the first set.
        """
        begun = self.filter(first_year__lte=year)
        found = (
            begun.filter(last_year__gte=year).order_by("-version").first()
            or begun.order_by("-last_year", "-version").first()
        )
        if found is None:
            raise self.model.DoesNotExist(f"no criteria set for {year}")
        return found


class CriteriaSet(models.Model):
    """The criteria of one phase. Frozen with the first report that uses it: what was answered stays what was asked."""

    name = models.CharField("tên", max_length=120)
    version = models.PositiveSmallIntegerField("lần ban hành", unique=True)
    first_year = models.PositiveSmallIntegerField("từ năm")
    last_year = models.PositiveSmallIntegerField("đến năm")
    frozen_at = models.DateTimeField("khóa lúc", null=True, blank=True, editable=False)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = CriteriaSetQuerySet.as_manager()

    class Meta:
        verbose_name = "bộ tiêu chí"
        ordering = ["version"]
        constraints = [
            models.CheckConstraint(
                name="criteria_criteriaset_years_in_order", condition=Q(last_year__gte=F("first_year"))
            ),
            models.CheckConstraint(
                name="criteria_criteriaset_freezing_is_signed",
                condition=Q(frozen_at=None, frozen_by=None) | Q(frozen_at__isnull=False, frozen_by__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        self.refuse_if_frozen("bộ tiêu chí")

    def refuse_if_frozen(self, what: str) -> None:
        """Raises ValidationError when `what` may no longer be changed."""
        if self.frozen_at:
            raise ValidationError(f"{self.name} đã khóa từ khi có báo cáo đầu tiên, không sửa được {what}.")


class Criterion(models.Model):
    """One dash item of plan III.1, in its official wording."""

    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="criteria")
    code = models.CharField("mã", max_length=10)
    clause = models.CharField("điều khoản", max_length=40)
    audience = models.CharField("đối tượng", max_length=20, choices=Audience)
    theme = models.CharField("nội dung", max_length=20, choices=Theme)
    title = models.CharField("câu ngắn", max_length=140)
    wording = models.TextField("nguyên văn")
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="criteria", verbose_name="lĩnh vực thẩm tra")
    order = models.PositiveSmallIntegerField("thứ tự")

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = "tiêu chí"
        ordering = ["criteria_set", "order"]
        constraints = [
            models.UniqueConstraint(name="criteria_criterion_code_once", fields=["criteria_set", "code"]),
            models.CheckConstraint(
                name="criteria_criterion_audience_is_known", condition=Q(audience__in=Audience.values)
            ),
            models.CheckConstraint(name="criteria_criterion_theme_is_known", condition=Q(theme__in=Theme.values)),
            models.CheckConstraint(name="criteria_criterion_says_something", condition=~Q(wording="") & ~Q(title="")),
        ]

    def __str__(self):
        return f"{self.code}. {self.title}"

    def clean(self):
        self.criteria_set.refuse_if_frozen(self.code)


class IndicatorKind(models.TextChoices):
    """What an answer is. MONEY is kept in millions of đồng unless the unit of measure says otherwise."""

    NUMBER = "number", "Số"
    MONEY = "money", "Tiền"
    RATIO = "ratio", "Tỷ lệ tự tính"
    DATE = "date", "Ngày"
    YES_NO = "yes_no", "Có hoặc không"
    DOCUMENT = "document", "Văn bản"


class IndicatorQuerySet(OpenQuerySet):
    def asked_of(self, kind):
        """The indicators that a unit of `kind` answers."""
        return self.filter(askings__unit_kind=kind)


class Indicator(models.Model):
    """One figure asked under a criterion. A ratio is never typed: it is `numerator` in per cent of `denominator`."""

    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="indicators")
    code = models.CharField("mã", max_length=40)
    name = models.CharField("tên", max_length=160)
    unit = models.CharField("đơn vị tính", max_length=30, blank=True)
    kind = models.CharField("loại", max_length=10, choices=IndicatorKind)
    aggregation = models.CharField("cách tổng hợp", max_length=20, choices=Aggregation)
    numerator = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    denominator = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    whole = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="là một phần của"
    )
    parts_make_whole = models.BooleanField("cộng các phần bằng tổng", default=False)
    decimals = models.PositiveSmallIntegerField("số chữ số thập phân", default=0)
    order = models.PositiveSmallIntegerField("thứ tự")
    clause = models.CharField("điều khoản", max_length=40)
    guidance = models.TextField("hướng dẫn", blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = "chỉ tiêu"
        ordering = ["criterion", "order"]
        constraints = [
            # The code begins with the criterion's own, so this makes it unique in the set.
            models.UniqueConstraint(name="criteria_indicator_code_once", fields=["criterion", "code"]),
            models.CheckConstraint(name="criteria_indicator_kind_is_known", condition=Q(kind__in=IndicatorKind.values)),
            models.CheckConstraint(
                name="criteria_indicator_aggregation_is_known", condition=Q(aggregation__in=Aggregation.values)
            ),
            models.CheckConstraint(
                name="criteria_indicator_ratio_has_both_parts",
                condition=Q(
                    kind=IndicatorKind.RATIO,
                    aggregation=Aggregation.RATIO_OF_SUMS,
                    numerator__isnull=False,
                    denominator__isnull=False,
                )
                | (
                    ~Q(kind=IndicatorKind.RATIO)
                    & ~Q(aggregation=Aggregation.RATIO_OF_SUMS)
                    & Q(numerator=None, denominator=None)
                ),
            ),
            models.CheckConstraint(
                name="criteria_indicator_is_not_part_of_itself",
                condition=Q(whole=None) | ~Q(whole=F("id")),
            ),
            models.CheckConstraint(name="criteria_indicator_decimals_are_few", condition=Q(decimals__lte=4)),
        ]

    def __str__(self):
        return f"{self.name} ({self.unit})" if self.unit else self.name

    @property
    def is_derived(self) -> bool:
        """Computed from two other figures, never typed."""
        return self.kind == IndicatorKind.RATIO

    def clean(self):
        self.criterion.criteria_set.refuse_if_frozen(self.code)
        if not self.code.startswith(f"{self.criterion.code}."):
            raise ValidationError({"code": f"Mã chỉ tiêu bắt đầu bằng {self.criterion.code} và dấu chấm."})


class Asking(models.Model):
    """Units of this kind are asked for this figure; a row, so that forms and totals can join it."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="askings")
    unit_kind = models.CharField("loại đơn vị", max_length=20, choices=UnitKind)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="criteria_asking_once", fields=["indicator", "unit_kind"]),
            models.CheckConstraint(name="criteria_asking_kind_is_known", condition=Q(unit_kind__in=UnitKind.values)),
        ]

    def __str__(self):
        return f"{self.indicator}: {self.get_unit_kind_display()}"


class Scope(models.TextChoices):
    """Whose figure the plan's number speaks of: a commune is not judged by the forest cover of the whole district."""

    UNIT = "unit", "từng đơn vị"
    DISTRICT = "district", "toàn huyện"


class TargetQuerySet(OpenQuerySet):
    def in_year(self, year: int):
        return self.filter(first_year__lte=year, last_year__gte=year)


class Target(models.Model):
    """A number that the plan sets for an indicator; `targets.judge` says whether a figure reaches it."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets")
    kind = models.CharField("loại đích", max_length=20, choices=TargetKind)
    scope = models.CharField("phạm vi", max_length=10, choices=Scope)
    value = models.DecimalField("mức", max_digits=20, decimal_places=4, null=True, blank=True)
    high = models.DecimalField("mức trên", max_digits=20, decimal_places=4, null=True, blank=True)
    base_indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, blank=True, related_name="+")
    base_year = models.PositiveSmallIntegerField("năm gốc", null=True, blank=True)
    base_source = models.CharField("nguồn số liệu gốc", max_length=200, blank=True)
    due_year = models.PositiveSmallIntegerField("hạn là năm", null=True, blank=True)
    first_year = models.PositiveSmallIntegerField("từ năm")
    last_year = models.PositiveSmallIntegerField("đến năm")
    clause = models.CharField("điều khoản", max_length=40)
    note = models.CharField("ghi chú", max_length=300, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = "đích"
        ordering = ["indicator", "first_year", "kind"]
        constraints = [
            models.UniqueConstraint(name="criteria_target_once", fields=["indicator", "kind", "first_year"]),
            models.CheckConstraint(name="criteria_target_kind_is_known", condition=Q(kind__in=TargetKind.values)),
            models.CheckConstraint(name="criteria_target_scope_is_known", condition=Q(scope__in=Scope.values)),
            models.CheckConstraint(name="criteria_target_years_in_order", condition=Q(last_year__gte=F("first_year"))),
            models.CheckConstraint(
                name="criteria_target_range_has_two_ends",
                condition=Q(kind=TargetKind.RANGE, high__isnull=False, high__gte=F("value"))
                | (~Q(kind=TargetKind.RANGE) & Q(high=None)),
            ),
            models.CheckConstraint(
                name="criteria_target_reduction_has_a_base",
                condition=Q(kind=TargetKind.REDUCE_PERCENT, base_year__isnull=False, base_indicator__isnull=False)
                | (~Q(kind=TargetKind.REDUCE_PERCENT) & Q(base_year=None, base_indicator=None)),
            ),
            models.CheckConstraint(
                name="criteria_target_has_a_threshold",
                condition=Q(kind=TargetKind.DONE_BY, due_year__isnull=False, value=None)
                | (~Q(kind=TargetKind.DONE_BY) & Q(value__isnull=False)),
            ),
        ]

    def __str__(self):
        return f"{self.indicator.code}: {self.goal}"

    @property
    def spec(self) -> TargetSpec:
        return TargetSpec(
            kind=TargetKind(self.kind),
            value=self.value,
            high=self.high,
            base_year=self.base_year,
            due_year=self.due_year,
            unit=self.indicator.unit,
        )

    @property
    def goal(self) -> str:
        return goal(self.spec)

    def clean(self):
        self.indicator.criterion.criteria_set.refuse_if_frozen(self.indicator.code)
