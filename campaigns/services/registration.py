"""Deeds on a registration (plan II.2, clauses C08, C09): written part by part, registered by the head, amended."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from campaigns.models import Content, Period, PlannedWork, Promise, Registration, RegistrationState, RegistrationVersion
from campaigns.selectors.registration import (
    Problem,
    asked_of,
    changes_between,
    data_of,
    lines_of,
    problems_of,
    seen,
)
from campaigns.services.periods import ONLY_STANDING_OFFICE
from campaigns.workflow import (
    ONLY_OWN_REGISTRATION,
    REGISTRATION_STEPS,
    too_late_to_amend,
    why_registration_closed,
)
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import clean_text, format_day
from phongtho_thidua.lib.workflow import StepRefused
from units import audit, notify
from units.models import Attachment, AuditEvent, Duty, Unit, User
from units.services.files import enter, receive
from units.workflow import take_step

MOST_WORKS = 50
NAMES = {
    "contents": "nội dung thi đua",
    "promises": "chỉ tiêu đăng ký",
    "works": "công trình, phần việc",
    "plan_file": "kế hoạch của đơn vị",
}


class AlreadyRegistering(StepRefused):
    """The unit has its registration for the year; `registration` is that one."""

    def __init__(self, registration):
        super().__init__(f"{registration.unit.name} đã lập đăng ký thi đua năm {registration.period.year}.")
        self.registration = registration


class NotReady(StepRefused):
    """It cannot be registered yet; `problems` says where and why."""

    def __init__(self, problems: list[Problem]):
        super().__init__(f"Chưa đăng ký được, còn {len(problems)} chỗ cần sửa.")
        self.problems = problems


class Overtaken(StepRefused):
    """Somebody saved the part after this person opened it: `theirs` is what is stored, in lines of words."""

    def __init__(self, event: AuditEvent | None, data: dict, part: str):
        self.who = event.actor_name if event else "Đồng nghiệp"
        self.at = f"{clock.local(event.at):%H:%M}" if event else ""
        self.theirs, self.seen = lines_of(data, part), seen(data, part)
        super().__init__(f"{self.who} đã lưu mục này lúc {self.at}, sau khi bạn mở. Chọn bản giữ lại.")


@transaction.atomic
def start_registration(*, unit: Unit, period: Period, by: User) -> Registration:
    """The empty registration of `unit` for the year of `period`, this year or the next.

    Raises PermissionDenied, StepRefused (another year, or a unit that does not take part) or AlreadyRegistering.
    """
    if not by.has_perm("campaigns.edit_registration", unit):
        raise PermissionDenied(ONLY_OWN_REGISTRATION)
    _refuse_wrong_year(unit, period)
    try:
        with transaction.atomic():
            row = Registration.objects.create(
                unit=unit, period=period, prepared_by=by, prepared_at=clock.now(), is_sample=by.is_sample
            )
    except IntegrityError:
        raise AlreadyRegistering(Registration.objects.with_parts().get(unit=unit, period=period)) from None
    label = f"lập đăng ký thi đua năm {period.year}"
    audit.record(actor=by, action="start", target=row, label=label, new=RegistrationState.DRAFT.value)
    return row


def _refuse_wrong_year(unit, period) -> None:
    this = clock.today().year
    if period.year not in (this, this + 1):
        raise StepRefused(f"Chỉ lập đăng ký thi đua cho năm {this} và năm {this + 1}.")
    if not Unit.objects.expected_to_report(max(clock.today(), date(period.year, 1, 1))).filter(pk=unit.pk).exists():
        raise StepRefused(f"{unit.name} không thuộc diện đăng ký thi đua năm {period.year}. Nếu cần, hỏi Phòng Nội vụ.")


# --- writing: each part by itself -------------------------------------------------------------------------------------


@transaction.atomic
def save_contents(*, registration: Registration, contents, by: User, seen_as: str | None = None) -> Registration:
    """Choose among the contents of plan II.2. `seen_as` is what the page remembered (`selectors.seen`).

    Raises PermissionDenied, StepRefused (registered already, year over, too late to amend) or Overtaken.
    """
    with _writing(registration, "contents", by, seen_as) as row:
        row.contents.set(Content.objects.filter(campaign=row.period.campaign_id, pk__in=[one.pk for one in contents]))
    return row


@transaction.atomic
def save_promises(
    *, registration: Registration, promises: dict[str, dict], by: User, seen_as: str | None = None
) -> Registration:
    """Own targets: `promises` is {indicator code: {value: Decimal | None, day: date | None, note}}, all of them.

    Raises as `save_contents`, and ValidationError for an indicator that the unit's form does not ask.
    """
    with _writing(registration, "promises", by, seen_as) as row:
        asked = {one.code: one for criterion in asked_of(row.unit, row.period.year) for one in criterion.asked}
        if strange := promises.keys() - asked.keys():
            raise ValidationError(f"Mẫu của đơn vị không hỏi chỉ tiêu {', '.join(sorted(strange))}.")
        row.promises.all().delete()
        rows = (Promise(registration=row, indicator=asked[code], **said) for code, said in promises.items())
        Promise.objects.bulk_create(rows)
    return row


@transaction.atomic
def save_works(*, registration: Registration, works: list[dict], by: User, seen_as: str | None = None) -> Registration:
    """Planned works: `works` is a list of {name, content: code, due_on, note}, all of them.

    Raises as `save_contents`, and ValidationError past MOST_WORKS, for a day out of the year or an unknown content.
    """
    with _writing(registration, "works", by, seen_as) as row:
        contents = {one.code: one for one in Content.objects.filter(campaign=row.period.campaign_id)}
        if len(works) > MOST_WORKS or any(
            work["due_on"].year != row.period.year or work["content"] not in contents for work in works
        ):
            raise ValidationError(
                f"Nhiều nhất {MOST_WORKS} công trình, phần việc, xong trong năm {row.period.year}, "
                "mỗi dòng thuộc một nội dung thi đua."
            )
        row.works.all().delete()
        rows = (PlannedWork(registration=row, **work | {"content": contents[work["content"]]}) for work in works)
        PlannedWork.objects.bulk_create(rows)
    return row


def save_plan_file(*, registration: Registration, upload, by: User, seen_as: str | None = None) -> Registration:
    """The unit's own plan as a file, or None to take it off; the file is examined before anybody else has to wait.

    Raises as `save_contents`, and ValidationError with the reason why the file is not taken.
    """
    _refuse_closed(registration, by)
    received = receive(upload=upload, unit=registration.unit, by=by) if upload else None
    with transaction.atomic(), _writing(registration, "plan_file", by, seen_as) as row:
        row.plan_file = enter(received=received, unit=row.unit, by=by) if received else None
    return row


def _refuse_closed(row, by) -> None:
    if not by.has_perm("campaigns.edit_registration", row):
        raise PermissionDenied(ONLY_OWN_REGISTRATION)
    if closed := why_registration_closed(row):
        raise StepRefused(closed)


@contextmanager
def _writing(registration, part, by, seen_as) -> Iterator[Registration]:
    """Locked, permitted and open inside; afterwards audited. Saving what is stored already leaves no trace."""
    row = _locked(registration)
    _refuse_closed(row, by)
    before = data_of(row)
    yield row
    stored = Registration.objects.with_parts().get(pk=row.pk)
    stored.plan_file = row.plan_file  # set, and saved below with the signature
    after = data_of(stored)
    if after == before:
        return
    if seen_as is not None and seen_as != seen(before, part):
        raise Overtaken(_last_save(row, part), before, part)
    row.version, row.prepared_by, row.prepared_at = row.version + 1, by, clock.now()
    row.save(update_fields=["version", "prepared_by", "prepared_at", "plan_file"])
    # What was replaced or taken away stays here; what was added stands in the registration itself.
    told = {change.label: [change.old, change.new] for change in changes_between(before, after) if change.old}
    audit.record(actor=by, action=f"save_{part}", target=row, label=f"ghi {NAMES[part]}", changes=told)


def _locked(registration) -> Registration:
    return Registration.objects.with_parts().select_for_update(of=("self",)).get(pk=registration.pk)


def _last_save(row, part) -> AuditEvent | None:
    return next((event for event in audit.history_of(row) if event.action == f"save_{part}"), None)


# --- steps ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def submit(*, registration: Registration, by: User, version: int | None = None) -> Registration:
    """The head registers (clause C02): frozen as the next edition, in force from now on, known to Phòng Nội vụ.

    Raises PermissionDenied, StepRefused (wrong state, changed since the page was opened, too late) or NotReady.
    """
    row = _locked(registration)
    data, closed, last, stale = data_of(row), why_registration_closed(row), row, version not in (None, row.version)
    signed = {"submitted_by": by, "submitted_at": clock.now(), "edition": row.edition + 1}
    row = take_step(obj=row, steps=REGISTRATION_STEPS, name="submit", by=by, **signed)
    if closed:
        raise StepRefused(closed)
    if stale:
        when = clock.local(last.prepared_at)
        raise StepRefused(
            f"{last.prepared_by.full_name} đã sửa đăng ký lúc {when:%H:%M}, sau khi bạn mở. Đọc lại rồi đăng ký."
        )
    if problems := problems_of(data):
        raise NotReady(problems)
    RegistrationVersion.objects.create(registration=row, data=data, reason=row.reason, **signed)
    _tell_standing_office(row, by)
    return row


def _tell_standing_office(row, by) -> None:
    again = f", lần {row.edition}" if row.edition > 1 else ""
    notify.tell(
        User.objects.holding(Duty.STANDING_OFFICE).exclude(pk=by.pk),
        kind="registration_submitted",
        text=f"{row.unit.name} đăng ký thi đua năm {row.period.year}{again}.",
        url=row.get_absolute_url(),
    )


@transaction.atomic
def amend(*, registration: Registration, note: str, by: User, version: int | None = None) -> Registration:
    """Open the registration again, with a reason; the last edition stays in force until the head registers anew.

    Raises PermissionDenied, NoteMissing, or StepRefused (wrong state, stale, past `Period.amends_until`).
    """
    options = {"name": "amend", "by": by, "note": note, "version": version, "reason": clean_text(note)}
    row = take_step(obj=registration, steps=REGISTRATION_STEPS, **options)
    if late := too_late_to_amend(row):
        raise StepRefused(late)
    return row


@transaction.atomic
def drop(*, registration: Registration, by: User, version: int | None = None) -> Registration:
    """Give an amendment up: everything stands again as in the edition in force."""
    row = _locked(registration)
    row = take_step(obj=row, steps=REGISTRATION_STEPS, name="drop", by=by, version=version, reason="")
    _restore(row, row.versions.first().data)
    return row


def _restore(row, data) -> None:
    contents = {one.code: one for one in Content.objects.filter(campaign=row.period.campaign_id)}
    asked = {one.code: one for criterion in asked_of(row.unit, row.period.year) for one in criterion.asked}
    row.contents.set(contents[one["code"]] for one in data["contents"])
    row.promises.all().delete()
    row.works.all().delete()
    Promise.objects.bulk_create(
        Promise(
            registration=row,
            indicator=asked[one["code"]],
            value=one["value"] and Decimal(one["value"]),
            day=one["day"] and date.fromisoformat(one["day"]),
            note=one["note"],
        )
        for one in data["promises"]
    )
    PlannedWork.objects.bulk_create(
        PlannedWork(
            registration=row,
            name=one["name"],
            content=contents[one["content"]],
            due_on=date.fromisoformat(one["due_on"]),
            note=one["note"],
        )
        for one in data["works"]
    )
    row.plan_file = Attachment.objects.filter(key=data["plan_file"]["key"]).first() if data["plan_file"] else None
    row.save(update_fields=["plan_file"])


# --- the last days ----------------------------------------------------------------------------------------------------


@transaction.atomic
def set_registration_days(*, period: Period, registers_by: date, amends_until: date, by: User) -> Period:
    """Set until the end of which day units register, and amend what they registered. The plan fixes neither.

    Raises PermissionDenied for anybody but the standing office; ValidationError by field for days out of order or of
    the year. A day in the past is taken: it judges lateness, and undoes nothing that was registered.
    """
    if not by.has_perm("campaigns.edit_period", period):
        raise PermissionDenied(ONLY_STANDING_OFFICE)
    period = Period.objects.select_for_update().get(pk=period.pk)
    days = {"registers_by": registers_by, "amends_until": amends_until}
    errors = {name: f"Chọn ngày trong năm {period.year}." for name, day in days.items() if day.year != period.year}
    if amends_until < registers_by:
        errors.setdefault("amends_until", f"Không trước ngày cuối đăng ký, {format_day(registers_by)}.")
    if errors:
        raise ValidationError(errors)
    moved = {name: day for name, day in days.items() if day != getattr(period, name)}
    if moved:
        changes = {
            Period._meta.get_field(name).verbose_name: [format_day(getattr(period, name)), format_day(day)]
            for name, day in moved.items()
        }
        for name, day in moved.items():
            setattr(period, name, day)
        period.save(update_fields=list(moved))
        label = f"đổi hạn đăng ký thi đua năm {period.year}"
        audit.record(actor=by, action="set_registration_days", target=period, label=label, changes=changes)
    return period
