"""People: accounts that act, and persons and households that are spoken of."""

from functools import cached_property

import rules
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q, Value

from phongtho_thidua.lib import clock

from .clusters import LEADING, ClusterMember
from .dated import Dated
from .registry import Duty, Mandate, Unit


class Theme(models.TextChoices):
    LIGHT = "light", "Sáng"
    DARK = "dark", "Tối"
    AUTO = "auto", "Theo máy"


class Role(models.TextChoices):
    OFFICER = "officer", "Cán bộ đầu mối"
    HEAD = "head", "Thủ trưởng"
    ADMIN = "admin", "Quản trị viên"


class UserManager(BaseUserManager):
    def get_by_natural_key(self, username):
        return self.get(username=username.lower())


class UserQuerySet(models.QuerySet):
    def acting_for(self, unit, *roles):
        """Active accounts that hold one of `roles` (any, when none is named) at `unit` today."""
        held = Membership.objects.on(clock.today()).filter(unit=unit)
        if roles:
            held = held.filter(role__in=roles)
        return self.filter(is_active=True, pk__in=held.values("user"))

    def holding(self, duty, sector=""):
        """Officers and heads of the unit that holds `duty` today, for `sector` where the duty has one."""
        today = clock.today()
        holder = Mandate.objects.on(today).filter(duty=duty, sector=sector).values("unit")
        posts = Membership.objects.on(today).filter(unit__in=holder, role__in=(Role.OFFICER, Role.HEAD))
        return self.filter(is_active=True, pk__in=posts.values("user"))

    def visible_to(self, user):
        """Accounts are the administrator's; everybody else knows their own."""
        return self if user.has_perm("units.manage_accounts") else self.filter(pk=user.pk)


class User(AbstractBaseUser):
    """A personal account. What it may do comes from dated memberships and mandates, never from a flag."""

    username = models.CharField("tên đăng nhập", max_length=60, unique=True)
    full_name = models.CharField("họ và tên", max_length=120)
    email = models.EmailField("thư điện tử", blank=True)
    is_active = models.BooleanField("đang dùng", default=True)
    must_change_password = models.BooleanField("phải đặt mật khẩu mới", default=False)
    theme = models.CharField("giao diện", max_length=5, choices=Theme, default=Theme.AUTO)
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)
    created_at = models.DateTimeField("tạo lúc", default=clock.now, editable=False)

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = "tài khoản"
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(name="units_user_theme_is_known", condition=Q(theme__in=Theme.values)),
        ]

    def __str__(self):
        return self.full_name

    def has_perm(self, perm, obj=None) -> bool:
        """Asked of the predicates in `rules.py` of each app; nobody bypasses them."""
        return self.is_active and rules.has_perm(perm, self, obj)

    @cached_property
    def posts(self):
        """Memberships of today with their units, read once a request."""
        return list(self.memberships.on(clock.today()).select_related("unit"))

    @cached_property
    def roles(self) -> frozenset[tuple[str, int]]:
        """{(role, unit id)}, so that checking 300 rows costs no query."""
        return frozenset((post.role, post.unit_id) for post in self.posts)

    @cached_property
    def unit_ids(self) -> frozenset[int]:
        return frozenset(unit_id for role, unit_id in self.roles if role != Role.ADMIN)

    @cached_property
    def _held(self) -> list[tuple[str, str, int | None, int]]:
        """(duty, sector, None, unit id) and (role, "", cluster id, unit id) of today: one query for both."""
        today, units = clock.today(), self.unit_ids
        if not units:
            return []
        none, blank = Value(None, output_field=models.BigIntegerField()), Value("")
        duties = Mandate.objects.on(today).filter(unit__in=units).order_by()
        posts = ClusterMember.objects.on(today).filter(unit__in=units).order_by()
        of_clusters = posts.values_list("role", blank, "cluster_id", "unit_id")
        return list(duties.values_list("duty", "sector", none, "unit_id").union(of_clusters, all=True))

    @cached_property
    def duties(self) -> frozenset[tuple[str, str]]:
        """{(duty, sector)} that the units of this person hold today."""
        return frozenset((duty, sector) for duty, sector, cluster, _ in self._held if cluster is None)

    @cached_property
    def cluster_posts(self) -> frozenset[tuple[str, int, int]]:
        """{(role, cluster id, unit id)} that the units of this person hold today."""
        return frozenset((role, cluster, unit) for role, _, cluster, unit in self._held if cluster is not None)

    @property
    def cluster_ids(self) -> frozenset[int]:
        return frozenset(cluster for _, cluster, _ in self.cluster_posts)

    @property
    def led_cluster_ids(self) -> frozenset[int]:
        """The clusters that the units of this person lead or deputise today."""
        return frozenset(cluster for role, cluster, _ in self.cluster_posts if role in LEADING)

    @property
    def led_sectors(self) -> frozenset[str]:
        """The sectors of plan VI.1 that the units of this person lead today."""
        return frozenset(sector for duty, sector in self.duties if duty == Duty.SECTOR_LEAD)

    @property
    def is_standing_office(self) -> bool:
        return (Duty.STANDING_OFFICE, "") in self.duties

    @property
    def is_admin(self) -> bool:
        return any(role == Role.ADMIN for role, _ in self.roles)

    def holds(self, role, unit_id) -> bool:
        return (role, unit_id) in self.roles


class Membership(Dated):
    """A role of an account at a unit, from a day to a day."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships")
    role = models.CharField("vai trò", max_length=10, choices=Role)

    class Meta(Dated.Meta):
        ordering = ["-valid_from"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(name="units_membership_role_is_known", condition=Q(role__in=Role.values)),
            models.UniqueConstraint(
                name="units_membership_once", fields=["user", "unit", "role"], condition=Q(valid_to=None)
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()}, {self.unit}"


class PersonKind(models.TextChoices):
    INDIVIDUAL = "individual", "Cá nhân"
    HOUSEHOLD = "household", "Hộ gia đình"


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A unit sees the people it has entered; the standing office sees all."""
        return self if user.is_standing_office else self.filter(unit__in=user.unit_ids)


class Person(models.Model):
    """Somebody who gives, invents or is nominated (plan II.1.2), with or without an account."""

    kind = models.CharField("là", max_length=12, choices=PersonKind)
    full_name = models.CharField("họ và tên", max_length=120)
    birth_year = models.PositiveSmallIntegerField("năm sinh", null=True, blank=True)
    position = models.CharField("chức vụ, nghề nghiệp", max_length=200, blank=True)
    residence = models.CharField("nơi ở", max_length=200, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="people")
    sort_key = models.CharField(max_length=600, editable=False)
    search_text = models.CharField(max_length=300, editable=False)
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "người, hộ gia đình"
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(name="units_person_kind_is_known", condition=Q(kind__in=PersonKind.values)),
            models.CheckConstraint(
                name="units_person_birth_year_is_plausible",
                condition=Q(birth_year=None) | Q(birth_year__range=(1900, 2030)),
            ),
        ]

    def __str__(self):
        return f"Hộ {self.full_name}" if self.kind == PersonKind.HOUSEHOLD else self.full_name
