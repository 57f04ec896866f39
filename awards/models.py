"""Awards for the movement (plan III.2): the forms of award, the yearly round, and the nominations in it.

A form of award (hình thức khen thưởng) is not an emulation title (danh hiệu thi đua): titles never enter these tables.
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from criteria.models import OpenQuerySet
from phongtho_thidua.lib import clock
from units.models.dated import Dated


class AwardLevel(models.TextChoices):
    DISTRICT = "district", "Cấp huyện"
    PROVINCE = "province", "Cấp tỉnh"
    GOVERNMENT = "government", "Thủ tướng Chính phủ"
    STATE = "state", "Nhà nước"


class SubjectKind(models.TextChoices):
    """Who may be honoured. The last two are spelled like `units.PersonKind`, so that a person's kind compares."""

    COLLECTIVE = "collective", "Tập thể"
    INDIVIDUAL = "individual", "Cá nhân"
    HOUSEHOLD = "household", "Hộ gia đình"


PERSONAL = (SubjectKind.INDIVIDUAL, SubjectKind.HOUSEHOLD)


class AwardForm(models.Model):
    """A form of award of plan III.2. What changes with the law about it are dated rows of their own."""

    key = models.SlugField("mã cố định", max_length=60, unique=True)
    name = models.CharField("tên", max_length=80)
    level = models.CharField("cấp khen thưởng", max_length=12, choices=AwardLevel)
    clause = models.CharField("điều khoản", max_length=40)
    order = models.PositiveSmallIntegerField("thứ tự")

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = "hình thức khen thưởng"
        ordering = ["order"]
        constraints = [
            models.CheckConstraint(name="awards_awardform_level_is_known", condition=Q(level__in=AwardLevel.values)),
        ]

    def __str__(self):
        return self.name


class Sourced(Dated):
    """A fact of law from a day to a day. What nobody has checked against the text is never shown as law."""

    source = models.CharField("căn cứ", max_length=300)
    verified = models.BooleanField("đã đối chiếu văn bản", default=False)

    class Meta(Dated.Meta):
        abstract = True


class FormAuthority(Sourced):
    """Who decides on a form of award: the district chair could until 30/06/2025."""

    form = models.ForeignKey(AwardForm, models.CASCADE, related_name="authorities")
    name = models.CharField("người có thẩm quyền quyết định", max_length=120)

    class Meta(Sourced.Meta):
        verbose_name = "thẩm quyền quyết định"
        ordering = ["form", "-valid_from"]
        constraints = [
            *Sourced.Meta.constraints,
            models.UniqueConstraint(name="awards_formauthority_begins_once", fields=["form", "valid_from"]),
        ]

    def __str__(self):
        return f"{self.form}: {self.name}"


class FormRecipient(Sourced):
    """Whom a form of award is for, with the standard as far as it was read in the law itself."""

    form = models.ForeignKey(AwardForm, models.CASCADE, related_name="recipients")
    kind = models.CharField("đối tượng", max_length=12, choices=SubjectKind)
    standard = models.TextField("tiêu chuẩn", blank=True)

    class Meta(Sourced.Meta):
        verbose_name = "đối tượng khen thưởng"
        ordering = ["form", "kind", "-valid_from"]
        constraints = [
            *Sourced.Meta.constraints,
            models.CheckConstraint(name="awards_formrecipient_kind_is_known", condition=Q(kind__in=SubjectKind.values)),
            models.UniqueConstraint(name="awards_formrecipient_begins_once", fields=["form", "kind", "valid_from"]),
        ]

    def __str__(self):
        return f"{self.form}: {self.get_kind_display()}"


class RuleCode(models.TextChoices):
    """The rules of `eligibility.py`, in the order in which they are shown."""

    RECIPIENT = "recipient", "Đối tượng đúng với hình thức"
    ROUND = "round", "Đợt đang nhận đề nghị"
    ACHIEVEMENT = "achievement", "Đã nêu thành tích"
    DUPLICATE = "duplicate", "Không trùng trong đợt"
    REPORT = "report", "Có báo cáo năm được chấp nhận"
    AUTHORITY = "authority", "Có người có thẩm quyền quyết định"


class RuleClause(Sourced):
    """What a rule rests on in a time; recipients, authorities and rounds bring sources of their own."""

    rule = models.CharField("điều kiện", max_length=12, choices=RuleCode)
    wording = models.CharField("nội dung", max_length=300)

    class Meta(Sourced.Meta):
        verbose_name = "căn cứ của điều kiện"
        ordering = ["rule", "-valid_from"]
        constraints = [
            *Sourced.Meta.constraints,
            models.CheckConstraint(name="awards_ruleclause_rule_is_known", condition=Q(rule__in=RuleCode.values)),
            models.UniqueConstraint(name="awards_ruleclause_begins_once", fields=["rule", "valid_from"]),
        ]

    def __str__(self):
        return f"{self.get_rule_display()}: {self.source}"


class RoundKind(models.TextChoices):
    YEARLY = "yearly", "Hằng năm"


class RoundState(models.TextChoices):
    NOT_OPEN = "not_open", "Chưa mở"
    OPEN = "open", "Đang nhận đề nghị"
    CLOSED = "closed", "Đã đóng"


class AwardRoundQuerySet(OpenQuerySet):
    def open(self):
        now = clock.now()
        return self.filter(opens_at__lte=now, closes_at__gt=now)


class AwardRound(models.Model):
    """One time of honouring (plan III.2.1). The plan fixes no day: both times are set by the standing office."""

    kind = models.CharField("loại đợt", max_length=12, choices=RoundKind, default=RoundKind.YEARLY)
    period = models.ForeignKey("campaigns.Period", models.PROTECT, related_name="award_rounds")
    name = models.CharField("tên đợt", max_length=120)
    opens_at = models.DateTimeField("nhận từ")
    closes_at = models.DateTimeField("nhận đến")
    forms = models.ManyToManyField(AwardForm, related_name="rounds", verbose_name="hình thức khen thưởng")
    source = models.CharField("căn cứ", max_length=300)

    objects = AwardRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt khen thưởng"
        ordering = ["-period__year", "kind"]
        constraints = [
            models.UniqueConstraint(name="awards_one_yearly_round", fields=["kind", "period"]),
            models.CheckConstraint(name="awards_awardround_kind_is_known", condition=Q(kind__in=RoundKind.values)),
            models.CheckConstraint(name="awards_awardround_dates_in_order", condition=Q(opens_at__lt=F("closes_at"))),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("awards:round", args=[self.pk])

    @property
    def state(self) -> RoundState:
        """Follows the clock: at 17:00:00 sharp the time "until 17:00" is over."""
        now = clock.now()
        if now < self.opens_at:
            return RoundState.NOT_OPEN
        return RoundState.OPEN if now < self.closes_at else RoundState.CLOSED

    @property
    def is_open(self) -> bool:
        return self.state == RoundState.OPEN


class NominationState(models.TextChoices):
    DRAFT = "draft", "Đang soạn"
    SUBMITTED = "submitted", "Chờ xem xét"
    RETURNED = "returned", "Trả lại bổ sung"
    ELIGIBLE = "eligible", "Đủ điều kiện"
    NOT_ELIGIBLE = "not_eligible", "Không đủ điều kiện"


OPEN_STATES = (NominationState.DRAFT, NominationState.RETURNED)
JUDGED = (NominationState.RETURNED, NominationState.ELIGIBLE, NominationState.NOT_ELIGIBLE)
LIVE = tuple(state for state in NominationState if state != NominationState.NOT_ELIGIBLE)


class NominationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A unit sees its own at every stage; the standing office sees the others from the day they are submitted."""
        own = Q(unit__in=user.unit_ids)
        return self.filter(own | ~Q(state=NominationState.DRAFT)) if user.is_standing_office else self.filter(own)

    def live(self):
        """What still may end in an award; only a nomination found not eligible makes room for another."""
        return self.filter(state__in=LIVE)

    def with_subjects(self):
        return self.select_related("form", "unit", "person", "subject_unit", "round__period")

    def reviewable_by(self, user):
        """What this person may judge, in the order of arrival: nothing they wrote in or submitted themselves."""
        waiting = self.filter(state=NominationState.SUBMITTED) if user.is_standing_office else self.none()
        own_hand = self.model.writers.through.objects.filter(user=user).values("nomination")
        return waiting.exclude(pk__in=own_hand).exclude(submitted_by=user).order_by("submitted_at", "pk")

    def of_subject(self, nomination):
        """Nominations for the same unit or the same person."""
        return self.filter(subject_unit=nomination.subject_unit_id, person=nomination.person_id)


class Nomination(models.Model):
    """A unit asks for a form of award, in a round, for itself, for a person or for a household."""

    round = models.ForeignKey(AwardRound, models.PROTECT, related_name="nominations", verbose_name="đợt")
    form = models.ForeignKey(AwardForm, models.PROTECT, related_name="nominations", verbose_name="hình thức")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="nominations_made")
    subject_kind = models.CharField("đối tượng", max_length=12, choices=SubjectKind)
    subject_unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, blank=True, related_name="nominations")
    person = models.ForeignKey("units.Person", models.PROTECT, null=True, blank=True, related_name="nominations")
    achievement = models.TextField("thành tích", blank=True)
    state = models.CharField("trạng thái", max_length=12, choices=NominationState, default=NominationState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    prepared_by = models.ForeignKey("units.User", models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField("lập lúc")
    writers = models.ManyToManyField("units.User", related_name="+", verbose_name="những người đã viết")
    submitted_by = models.ForeignKey("units.User", models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField("trình lúc", null=True, blank=True)
    reviewed_by = models.ForeignKey("units.User", models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField("xem xét lúc", null=True, blank=True)
    review_note = models.TextField("ý kiến xem xét", blank=True)
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = "đề nghị khen thưởng"
        ordering = ["-round__period__year", "form__order", "unit__sort_key", "pk"]
        indexes = [models.Index(fields=["round", "state"], name="awards_nomination_by_state")]
        constraints = [
            models.CheckConstraint(
                name="awards_nomination_state_is_known", condition=Q(state__in=NominationState.values)
            ),
            models.CheckConstraint(
                name="awards_nomination_has_one_subject",
                condition=Q(subject_kind=SubjectKind.COLLECTIVE, subject_unit__isnull=False, person=None)
                | Q(subject_kind__in=PERSONAL, subject_unit=None, person__isnull=False),
            ),
            models.CheckConstraint(
                name="awards_nomination_submission_is_signed",
                condition=Q(submitted_by__isnull=False, submitted_at__isnull=False)
                | Q(submitted_by=None, submitted_at=None, state=NominationState.DRAFT),
            ),
            models.CheckConstraint(
                name="awards_nomination_review_is_signed",
                condition=Q(reviewed_by__isnull=False, reviewed_at__isnull=False)
                | Q(reviewed_by=None, reviewed_at=None) & ~Q(state__in=JUDGED),
            ),
            models.CheckConstraint(
                name="awards_nomination_verdict_has_a_reason", condition=~Q(state__in=JUDGED) | ~Q(review_note="")
            ),
            models.UniqueConstraint(
                name="awards_one_nomination_per_unit",
                fields=["round", "form", "subject_unit"],
                condition=Q(state__in=LIVE),
                violation_error_message="Trong đợt này đã có một đề nghị hình thức này cho cùng đối tượng.",
            ),
            models.UniqueConstraint(
                name="awards_one_nomination_per_person",
                fields=["round", "form", "person"],
                condition=Q(state__in=LIVE),
                violation_error_message="Trong đợt này đã có một đề nghị hình thức này cho cùng đối tượng.",
            ),
        ]

    def __str__(self):
        return f"{self.form}, {self.subject}"

    def get_absolute_url(self):
        return reverse("awards:nomination", args=[self.pk])

    @property
    def subject(self):
        """The unit or the person who is to be honoured."""
        return self.subject_unit if self.subject_kind == SubjectKind.COLLECTIVE else self.person

    @property
    def is_open(self) -> bool:
        """Whether its state lets the unit write in it."""
        return self.state in OPEN_STATES

    @property
    def was_submitted(self) -> bool:
        return self.submitted_at is not None
