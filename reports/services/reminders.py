"""Reminding who has not handed in: officers first, then heads, then on paper. Prepared here, sent by a person."""

from collections import defaultdict
from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from campaigns.models import Holiday, Period
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import StepRefused
from reports.selectors.reminders import KIND, Reminded, reminded_units, waiting_units
from reports.selectors.timeliness import LABELS, MISSING, Case, Punctuality, cases_of
from units.models import Duty, Mailing, Mandate, Membership, Role, Unit, User
from units.services.outbox import Draft, prepare_mailing

ONLY_STANDING_OFFICE = "Chỉ Phòng Nội vụ soạn đôn đốc."
PAUSE = 2  # working days between two rounds to the same unit
BEFORE_DUE = (5, 1)  # working days before the deadline on which the clock prepares a round


@transaction.atomic
def prepare_reminder(*, period: Period, by: User, units: Collection[int] | None = None) -> Mailing:
    """Letters to the people of `units` (ids; None for whoever is overdue) that have not handed in.

    A first round goes to the officers, later ones to the heads too; a unit without an officer is written to its head.
    Raises PermissionDenied, or StepRefused when nobody would get a letter.
    """
    if not by.has_perm("reports.see_board"):
        raise PermissionDenied(ONLY_STANDING_OFFICE)
    period = Period.objects.select_for_update().get(pk=period.pk)  # two people prepare one after the other
    cases = [case for case in cases_of(period) if _is_meant(case, units)]
    if not cases:
        raise StepRefused("Chưa có đơn vị nào phải đôn đốc. Chọn đơn vị chưa nộp rồi soạn lại.")
    return _prepare(period, cases, by=by)


def _is_meant(case: Case, units) -> bool:
    return case.punctuality == Punctuality.OVERDUE if units is None else case.unit.pk in units


@transaction.atomic
def prepare_due_reminder(period: Period) -> Mailing | None:
    """What the clock prepares 5 and 1 working days before the deadline: once each, whatever clock strikes twice."""
    due_day = clock.local(period.due_at).date()
    left = clock.working_days_between(clock.today(), due_day, Holiday.objects.days())
    key = f"{KIND}:{period.pk}:{left}"
    period = Period.objects.select_for_update().get(pk=period.pk)
    if left not in BEFORE_DUE or Mailing.objects.filter(key=key).exists():
        return None
    cases = [case for case in cases_of(period) if case.punctuality in MISSING]
    try:
        return _prepare(period, cases, by=None, key=key)
    except StepRefused:
        return None  # everybody has handed in, or was written to already


def _prepare(period: Period, cases: list[Case], *, by: User | None, key: str | None = None) -> Mailing:
    reminded, waiting, people = reminded_units(period), waiting_units(period), _people_of(cases)
    holidays, drafts, left_out = Holiday.objects.days(), [], []
    for case in cases:
        recipients = _recipients(people[case.unit.pk], reminded.get(case.unit.pk))
        if why := _why_not(case, reminded.get(case.unit.pk), waiting, recipients, holidays):
            left_out.append([case.unit.name, why])
        drafts += [_letter(case, period, one) for one in recipients if not why]
    rounds = 1 + max((reminded[one.unit.pk].times for one in drafts if one.unit.pk in reminded), default=0)
    return prepare_mailing(
        kind=KIND,
        title=f"Nhắc lần {rounds}, báo cáo năm {period.year}",
        office=Mandate.objects.on(clock.today()).select_related("unit").get(duty=Duty.STANDING_OFFICE).unit,
        drafts=drafts,
        left_out=left_out,
        by=by,
        about=str(period.pk),
        key=key,
    )


def _people_of(cases: list[Case]) -> dict[int, dict[Role, list[User]]]:
    """{unit id: {role: accounts}} of the officers and heads of today."""
    units = [case.unit.pk for case in cases]
    posts = Membership.objects.on(clock.today()).filter(unit__in=units, user__is_active=True)
    people = defaultdict(lambda: {Role.OFFICER: [], Role.HEAD: []})
    for post in posts.exclude(role=Role.ADMIN).select_related("user").order_by("pk"):
        people[post.unit_id][Role(post.role)].append(post.user)
    return people


def _recipients(people: dict[Role, list[User]], reminded: Reminded | None) -> list[User]:
    """Nobody twice, though somebody may be officer and head of a small unit."""
    everybody = [*people[Role.OFFICER], *people[Role.HEAD]]
    return list(dict.fromkeys(everybody if reminded else people[Role.OFFICER] or everybody))


def _why_not(case: Case, reminded: Reminded | None, waiting, recipients, holidays) -> str:
    """Why the unit gets no letter in this round; empty when it gets one."""
    if case.punctuality not in MISSING:
        return "đã nộp báo cáo" if case.report and case.report.first_submitted_at else LABELS[case.punctuality].lower()
    if case.unit.pk in waiting:
        return "đã có thư đang chờ gửi"
    if reminded and clock.working_days_between(clock.local(reminded.last_at).date(), clock.today(), holidays) < PAUSE:
        return f"đã nhắc {clock.local(reminded.last_at):%d/%m/%Y}, nhắc lại sau {PAUSE} ngày làm việc"
    return "" if recipients else "chưa có tài khoản cán bộ đầu mối hoặc thủ trưởng"


def _letter(case: Case, period: Period, recipient: User) -> Draft:
    due = f"{clock.local(case.due_at):%H:%M ngày %d/%m/%Y}"
    when = f"quá hạn từ {due}" if case.punctuality == Punctuality.OVERDUE else f"hạn nộp {due}"
    text = f"Phòng Nội vụ nhắc: {case.unit.name} chưa nộp báo cáo năm {period.year}, {when}."
    url = case.report.get_absolute_url() if case.report else reverse("reports:reports")
    return Draft(recipient=recipient, unit=case.unit, text=text, url=url)


def no_longer_missing(mailing: Mailing) -> dict[int, str]:
    """{unit id: why it needs no reminder any more}, asked when a mailing is sent."""
    period = Period.objects.filter(pk=mailing.about).first()
    cases = cases_of(period) if period else []
    missing = {case.unit.pk for case in cases if case.punctuality in MISSING}
    told = {case.unit.pk: _settled_words(case) for case in cases}
    units: set[int] = set(Unit.objects.filter(pk__in=mailing.letters.values("unit")).values_list("pk", flat=True))
    return {pk: told.get(pk, "không còn thuộc diện phải báo cáo") for pk in units - missing}


def _settled_words(case: Case) -> str:
    if case.report and case.report.first_submitted_at:
        return f"đã nộp lúc {clock.local(case.report.first_submitted_at):%H:%M, %d/%m/%Y}"
    return LABELS[case.punctuality].lower()
