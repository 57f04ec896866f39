"""Khối thi đua (plan VI.5, clause C27): units that compete with each other, under a lead and a deputy, dated."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from .dated import Dated, DatedQuerySet
from .registry import Unit


class ClusterRole(models.TextChoices):
    LEAD = "lead", "Trưởng khối"
    DEPUTY = "deputy", "Phó khối"
    MEMBER = "member", "Thành viên"


LEADING = (ClusterRole.LEAD, ClusterRole.DEPUTY)


class ClusterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Which units compete with each other is no secret inside the system."""
        return self if user.is_authenticated else self.none()


class Cluster(models.Model):
    key = models.SlugField("mã cố định", max_length=60, unique=True)
    name = models.CharField("tên khối", max_length=200)
    source = models.CharField("căn cứ", max_length=300, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)

    objects = ClusterQuerySet.as_manager()

    class Meta:
        verbose_name = "khối thi đua"
        ordering = ["order", "name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("units:cluster", args=[self.pk])


class ClusterMemberQuerySet(DatedQuerySet):
    def leading(self):
        return self.filter(role__in=LEADING)

    def overlapping(self, start):
        """Rows in force on `start` or on any day after it."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=start))


class ClusterMember(Dated):
    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="members")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="cluster_memberships")
    role = models.CharField("vai trò", max_length=6, choices=ClusterRole, default=ClusterRole.MEMBER)
    document = models.CharField("văn bản", max_length=200, blank=True)

    objects = ClusterMemberQuerySet.as_manager()

    class Meta(Dated.Meta):
        ordering = ["cluster", "unit__sort_key"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(name="units_clustermember_role_is_known", condition=Q(role__in=ClusterRole.values)),
            models.UniqueConstraint(
                name="units_clustermember_one_cluster", fields=["unit"], condition=Q(valid_to=None)
            ),
            models.UniqueConstraint(
                name="units_clustermember_one_holder",
                fields=["cluster", "role"],
                condition=Q(valid_to=None, role__in=["lead", "deputy"]),
            ),
        ]

    def __str__(self):
        return f"{self.unit}, {self.get_role_display().lower()} {self.cluster}"

    @property
    def is_leading(self) -> bool:
        return self.role in LEADING
