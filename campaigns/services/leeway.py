"""Deeds that give a unit more time, or no report to make at all."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from campaigns.models import Excusal, Extension, ExtensionState, Period, PeriodState
from campaigns.workflow import EXTENSION_STEPS, ONLY_THE_UNIT_ASKS
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import clean_text
from phongtho_thidua.lib.workflow import StepRefused
from units import audit, notify
from units.models import Duty, Role, Unit, User
from units.workflow import SHORTEST_NOTE, take_step, too_short

ONLY_STANDING_OFFICE = "Chỉ Phòng Nội vụ gia hạn và ghi đơn vị được miễn báo cáo."


@transaction.atomic
def ask_extension(*, unit: Unit, period: Period, reason: str, wanted_until: datetime, by: User) -> Extension:
    """The unit asks Phòng Nội vụ for a later deadline; one request at a time.

    Raises PermissionDenied, StepRefused (the unit need not report, or a request waits) or ValidationError by field.
    """
    if not by.has_perm("campaigns.ask_extension", unit):
        raise PermissionDenied(ONLY_THE_UNIT_ASKS)
    _refuse_who_need_not_report(unit, period)
    if period.state == PeriodState.NOT_OPEN:
        raise StepRefused(f"Kỳ báo cáo năm {period.year} mở từ {_told(period.opens_at)}; lúc đó mới xin gia hạn được.")
    reason = clean_text(reason)
    _refuse(_wrong_reason(reason), _wrong_moment(unit, period, wanted_until, "wanted_on"))
    extension = _ask_once(unit=unit, period=period, reason=reason, wanted_until=wanted_until, asked_by=by)
    audit.record(
        actor=by,
        action="ask_extension",
        target=extension,
        label=f"xin gia hạn báo cáo năm {period.year} đến {_told(wanted_until)}",
        new=ExtensionState.ASKED.value,
        note=reason,
    )
    notify.tell(
        User.objects.holding(Duty.STANDING_OFFICE).exclude(pk=by.pk),
        kind="extension_asked",
        text=f"{unit.name} xin gia hạn báo cáo năm {period.year} đến {_told(wanted_until)}.",
        url=extension.get_absolute_url(),
    )
    return extension


def _refuse_who_need_not_report(unit, period):
    if not Unit.objects.expected_to_report(clock.local(period.due_at).date()).filter(pk=unit.pk).exists():
        raise StepRefused(f"{unit.name} không thuộc diện phải báo cáo năm {period.year}.")
    if Excusal.objects.in_force().filter(unit=unit, period=period).exists():
        raise StepRefused(f"{unit.name} được miễn báo cáo năm {period.year}, không cần gia hạn.")


def _ask_once(**fields) -> Extension:
    """The unique constraint answers, so that two people who ask at the same moment ask once."""
    try:
        with transaction.atomic():
            return Extension.objects.create(**fields)
    except IntegrityError:
        raise StepRefused(f"{fields['unit'].name} đã xin gia hạn, đang chờ Phòng Nội vụ trả lời.") from None


@transaction.atomic
def grant_extension(
    *, extension: Extension, until: datetime, by: User, answer: str = "", version: int | None = None
) -> Extension:
    """The unit's deadline, and its lock when that comes first, move to `until`.

    Raises PermissionDenied, StepRefused, or ValidationError for a moment that is past or earlier than what holds.
    """
    answer = clean_text(answer)
    extension = take_step(
        obj=extension,
        steps=EXTENSION_STEPS,
        name="grant",
        by=by,
        note=answer,
        version=version,
        until=until,
        **_signed(by, answer),
    )
    _refuse(_wrong_moment(extension.unit, extension.period, until, "until_on", but=extension))
    _tell_unit(extension, by, f"Phòng Nội vụ gia hạn báo cáo năm {extension.period.year} đến {_told(until)}.")
    return extension


@transaction.atomic
def refuse_extension(*, extension: Extension, answer: str, by: User, version: int | None = None) -> Extension:
    """The deadline stays; the reason stands with the request. Raises as `take_step`."""
    extension = take_step(
        obj=extension,
        steps=EXTENSION_STEPS,
        name="refuse",
        by=by,
        note=answer,
        version=version,
        **_signed(by, clean_text(answer)),
    )
    _tell_unit(extension, by, f"Phòng Nội vụ không gia hạn báo cáo năm {extension.period.year}.")
    return extension


def _signed(by, answer) -> dict:
    return {"decided_by": by, "decided_at": clock.now(), "answer": answer}


def _tell_unit(extension, by, text):
    people = User.objects.acting_for(extension.unit, Role.OFFICER, Role.HEAD).exclude(pk=by.pk)
    notify.tell(people, kind="extension_answered", text=text, url=extension.get_absolute_url())


@transaction.atomic
def excuse(*, unit: Unit, period: Period, reason: str, document: str, by: User) -> Excusal:
    """The unit need not report for the period, by `document`. Raises PermissionDenied, StepRefused, ValidationError."""
    _may_excuse(by)
    _refuse_who_need_not_report(unit, period)
    reason, document = clean_text(reason), clean_text(document)
    _refuse(_wrong_reason(reason), {} if document else {"document": "Ghi số, ngày văn bản cho miễn báo cáo."})
    try:
        with transaction.atomic():
            excusal = Excusal.objects.create(unit=unit, period=period, reason=reason, document=document, by=by)
    except IntegrityError:
        raise StepRefused(f"{unit.name} đã được ghi miễn báo cáo năm {period.year}.") from None
    audit.record(
        actor=by,
        action="excuse",
        target=excusal,
        label=f"ghi miễn báo cáo năm {period.year} cho {unit.name}",
        note=f"{document}. {reason}",
    )
    people = User.objects.acting_for(unit, Role.OFFICER, Role.HEAD).exclude(pk=by.pk)
    notify.tell(people, kind="excused", text=f"{unit.name} được miễn báo cáo năm {period.year} theo {document}.")
    return excusal


@transaction.atomic
def revoke_excusal(*, excusal: Excusal, reason: str, by: User) -> Excusal:
    """An excusal entered in error counts no longer; its row stays with who revoked it and why."""
    _may_excuse(by)
    excusal = Excusal.objects.select_for_update().get(pk=excusal.pk)
    if excusal.revoked_at:
        raise StepRefused(f"Miễn báo cáo của {excusal.unit.name} đã hủy lúc {_told(excusal.revoked_at)}.")
    reason = clean_text(reason)
    _refuse(_wrong_reason(reason))
    excusal.revoked_by, excusal.revoked_at, excusal.revoked_why = by, clock.now(), reason
    excusal.save(update_fields=["revoked_by", "revoked_at", "revoked_why"])
    audit.record(
        actor=by,
        action="revoke_excusal",
        target=excusal,
        label=f"hủy miễn báo cáo năm {excusal.period.year} của {excusal.unit.name}",
        note=reason,
    )
    people = User.objects.acting_for(excusal.unit, Role.OFFICER, Role.HEAD).exclude(pk=by.pk)
    notify.tell(people, kind="excused", text=f"{excusal.unit.name} vẫn phải báo cáo năm {excusal.period.year}.")
    return excusal


def _may_excuse(by):
    if not by.has_perm("campaigns.excuse"):
        raise PermissionDenied(ONLY_STANDING_OFFICE)


def _refuse(*errors: dict) -> None:
    if found := {field: text for one in errors for field, text in one.items()}:
        raise ValidationError(found)


def _wrong_reason(reason: str) -> dict:
    return {} if len(reason) >= SHORTEST_NOTE else {"reason": too_short()}


def _wrong_moment(unit, period, moment, field, *, but=None) -> dict:
    """Why `moment` cannot be the unit's new deadline; `but` is the request that is being answered."""
    others = Extension.objects.for_period(period).filter(unit=unit).exclude(pk=but.pk if but else None)
    holds = max(period.due_at, others.deadlines().get(unit.pk, period.due_at))
    if moment <= clock.now():
        return {field: f"{_told(moment)} đã qua. Bây giờ là {_told(clock.now())}."}
    if moment <= holds:
        return {field: f"Hạn mới phải sau hạn đang có, {_told(holds)}."}
    if clock.local(moment).year not in (period.year, period.year + 1):
        return {field: f"Chọn ngày trong năm {period.year} hoặc {period.year + 1}."}
    return {}


def _told(moment: datetime) -> str:
    return f"{clock.local(moment):%H:%M ngày %d/%m/%Y}"
