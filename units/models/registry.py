"""The dated registry of units, and the offices (mandates) they hold.

Nothing is wired to "huyện": the district level ended on 1 July 2025, its units live on under other names and codes.
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from .dated import Dated


class UnitKind(models.TextChoices):
    """Kinds of collective in plan II.1.1; the kind decides which criteria of section III apply."""

    OFFICE = "office", "Phòng, ban, cơ quan huyện"
    PUBLIC_SERVICE = "public_service", "Đơn vị sự nghiệp"
    UNION = "union", "Mặt trận, đoàn thể, hội"
    COMMUNE = "commune", "Xã"
    TOWNSHIP = "township", "Thị trấn"
    ENTERPRISE = "enterprise", "Doanh nghiệp"
    COOPERATIVE = "cooperative", "Hợp tác xã"
    ORGANISATION = "organisation", "Tổ chức khác"


class UnitQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The registry is public inside the system: every official must be able to name every unit."""
        return self if user.is_authenticated else self.none()

    def existing_on(self, day):
        return self.filter(Q(dissolved=None) | Q(dissolved__gt=day), founded__lte=day)

    def expected_to_report(self, day):
        """The collectives of plan II.1.1 that exist on `day`; bodies that only hold an office do not report."""
        return self.existing_on(day).filter(reports=True)

    def in_order(self):
        return self.order_by("sort_key")


class Unit(models.Model):
    """A collective with an identity of its own: names and codes change around it (`UnitName`, `UnitCode`)."""

    key = models.SlugField("mã cố định", max_length=60, unique=True)
    kind = models.CharField("loại", max_length=20, choices=UnitKind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField("tên hiện nay", max_length=200)
    short_name = models.CharField("tên ngắn", max_length=80)
    sort_key = models.CharField(max_length=600, editable=False)
    search_text = models.CharField(max_length=600, editable=False)
    founded = models.DateField("thành lập ngày")
    dissolved = models.DateField("giải thể ngày", null=True, blank=True)
    reports = models.BooleanField("phải báo cáo hằng năm", default=True)
    source = models.CharField("căn cứ", max_length=300, blank=True)
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "đơn vị"
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(name="units_unit_kind_is_known", condition=Q(kind__in=UnitKind.values)),
            models.CheckConstraint(
                name="units_unit_dissolved_after_founded",
                condition=Q(dissolved=None) | Q(dissolved__gt=F("founded")),
            ),
            models.CheckConstraint(
                name="units_unit_is_not_its_own_parent", condition=Q(parent=None) | ~Q(parent=F("id"))
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("units:unit", args=[self.pk])

    def name_on(self, day) -> str:
        """The name borne on `day`: a document keeps the name of its own day."""
        dated = self.names.on(day).first()
        return dated.name if dated else self.name


class UnitName(Dated):
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="names")
    name = models.CharField("tên", max_length=200)
    short_name = models.CharField("tên ngắn", max_length=80)
    document = models.CharField("văn bản", max_length=200, blank=True)

    class Meta(Dated.Meta):
        ordering = ["-valid_from"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(name="units_unitname_one_current", fields=["unit"], condition=Q(valid_to=None)),
        ]

    def __str__(self):
        return self.name


class UnitCode(Dated):
    """A code of the statistics office. Codes are reused (03562, 03394), so a code alone names nobody."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="codes")
    code = models.CharField("mã", max_length=20)
    system = models.CharField("bộ mã", max_length=20, default="GSO")

    class Meta(Dated.Meta):
        ordering = ["-valid_from"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                name="units_unitcode_one_bearer",
                fields=["system", "code"],
                condition=Q(valid_to=None),
                violation_error_message="Mã này đang thuộc một đơn vị khác.",
            ),
        ]

    def __str__(self):
        return self.code


class Duty(models.TextChoices):
    STANDING_OFFICE = "standing_office", "Thường trực Hội đồng Thi đua, khen thưởng"
    COUNCIL = "council", "Hội đồng Thi đua, khen thưởng"
    CHAIR = "chair", "Chủ tịch, người quyết định khen thưởng"
    SECTOR_LEAD = "sector_lead", "Chủ trì lĩnh vực"
    INSPECTION = "inspection", "Thanh tra, kiểm tra"


class SectorCode(models.TextChoices):
    """The seven fields of plan VI.1, in its order."""

    FINANCE = "finance", "Vốn đầu tư, ngân sách, tiết kiệm"
    WORKS = "works", "Giao thông, năng lượng, thương mại, đô thị"
    DIGITAL = "digital", "Hạ tầng số, bưu chính, cải cách hành chính"
    AGRICULTURE = "agriculture", "Nông nghiệp, nông thôn mới"
    ENVIRONMENT = "environment", "Tài nguyên, khoáng sản, môi trường"
    COMMUNICATION = "communication", "Tuyên truyền, điển hình"
    EMULATION = "emulation", "Thi đua, khen thưởng"


class Mandate(Dated):
    """An office held by a unit from a day to a day; who acts for the unit acts in the office."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="mandates")
    duty = models.CharField("chức trách", max_length=20, choices=Duty)
    sector = models.CharField("lĩnh vực", max_length=20, choices=SectorCode, blank=True)
    source = models.CharField("căn cứ", max_length=300, blank=True)

    class Meta(Dated.Meta):
        ordering = ["duty", "sector", "-valid_from"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(name="units_mandate_duty_is_known", condition=Q(duty__in=Duty.values)),
            models.CheckConstraint(
                name="units_mandate_sector_belongs_to_lead",
                condition=Q(duty=Duty.SECTOR_LEAD, sector__in=SectorCode.values)
                | (~Q(duty=Duty.SECTOR_LEAD) & Q(sector="")),
            ),
            models.UniqueConstraint(
                name="units_mandate_one_holder", fields=["duty", "sector"], condition=Q(valid_to=None)
            ),
        ]

    def __str__(self):
        return f"{self.get_duty_display()} {self.get_sector_display()}".strip()
