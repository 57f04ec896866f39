"""Deeds on nominations: open, change, discard, and the steps of the workflow table."""

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction

from awards.models import AwardRound, Nomination, RuleCode, SubjectKind
from awards.selectors import findings_for
from awards.workflow import STEPS
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import clean_text
from phongtho_thidua.lib.workflow import StepRefused
from units import audit, notify
from units.models import Duty, Role, User
from units.services.people import enter_person
from units.workflow import take_step

ONLY_OWN_UNIT = "Chỉ cán bộ đầu mối và thủ trưởng của đơn vị lập đề nghị cho đơn vị."
ONLY_OPEN = "Chỉ cán bộ đầu mối và thủ trưởng của đơn vị sửa được, khi đề nghị đang soạn hoặc được trả lại."
ONLY_UNSENT = "Chỉ cán bộ đầu mối và thủ trưởng của đơn vị bỏ được, khi đề nghị chưa trình lần nào."

REVIEWS = frozenset({"eligible", "return", "not_eligible", "reopen"})
# Which hard rules stop which deed. A draft may still lack its achievement; what is returned may come back late.
WRITING = frozenset({RuleCode.RECIPIENT, RuleCode.DUPLICATE})
OPENING = WRITING | {RuleCode.ROUND}
STOPPED_BY = {"submit": frozenset(RuleCode), "eligible": frozenset(RuleCode), "reopen": {RuleCode.DUPLICATE}}
_AT_FIELD = {RuleCode.RECIPIENT: "form", RuleCode.DUPLICATE: "form"}


class Overtaken(StepRefused):
    """Somebody else has changed the nomination since this person opened it."""


class Blocked(StepRefused):
    """Hard rules stop the step. `findings` says which and why."""

    def __init__(self, findings):
        super().__init__(" ".join(finding.sentence for finding in findings))
        self.findings = findings


@transaction.atomic
def open_nomination(
    *,
    award_round: AwardRound,
    form,
    unit,
    subject_kind,
    by,
    person=None,
    new_person: dict | None = None,
    achievement="",
) -> Nomination:
    """A draft of `unit`, for itself, for `person`, or for somebody new (`new_person`: the fields of `enter_person`).

    Raises PermissionDenied for other people's units, ValidationError by field where a rule or constraint says no.
    """
    if not by.has_perm("awards.open_nomination", unit):
        raise PermissionDenied(ONLY_OWN_UNIT)
    award_round = AwardRound.objects.select_for_update().get(pk=award_round.pk)  # two clicks open one nomination
    if new_person:
        person = enter_person(unit=unit, kind=subject_kind, by=by, **new_person)
    row = Nomination(round=award_round, form=form, unit=unit, subject_kind=subject_kind, person=person)
    row.subject_unit = unit if subject_kind == SubjectKind.COLLECTIVE else None
    row.achievement, row.is_sample = clean_text(achievement), by.is_sample
    row.prepared_by, row.prepared_at = by, clock.now()
    _refuse_strange_parts(row)
    _refuse_broken_rules(row, OPENING, by)
    row.full_clean()
    row.save()
    row.writers.add(by)
    audit.record(actor=by, action="open_nomination", target=row, label=f"lập đề nghị {form.name}")
    return row


def _refuse_strange_parts(row):
    if not row.round.forms.filter(pk=row.form_id).exists():
        raise ValidationError({"form": f"Đợt này không xét {row.form}."})
    if row.person and (row.person.unit_id, row.person.kind) != (row.unit_id, row.subject_kind):
        raise ValidationError({"person": "Chọn người, hộ gia đình mà chính đơn vị đã ghi tên."})


def _refuse_broken_rules(row, codes, by):
    stopped = [finding for finding in findings_for(row, by) if finding.blocks and finding.rule in codes]
    if stopped:
        raise ValidationError({_AT_FIELD.get(one.rule, NON_FIELD_ERRORS): one.sentence for one in stopped})


@transaction.atomic
def change_nomination(*, nomination: Nomination, form, achievement, version: int, by) -> Nomination:
    """New form or achievement, on top of `version`.

    Raises PermissionDenied, Overtaken when the nomination has moved on from `version`, ValidationError by field.
    """
    row = Nomination.objects.select_for_update(of=("self",)).with_subjects().get(pk=nomination.pk)
    if not by.has_perm("awards.edit_nomination", row):
        raise PermissionDenied(ONLY_OPEN)
    if row.version != version:
        raise Overtaken("Đề nghị đã được sửa sau khi bạn mở trang.")
    values = {"form": form, "achievement": clean_text(achievement)}
    moved = {name: value for name, value in values.items() if value != getattr(row, name)}
    if not moved:
        return row
    changes = {_label(name): [str(getattr(row, name)), str(value)] for name, value in moved.items()}
    for name, value in moved.items():
        setattr(row, name, value)
    _refuse_strange_parts(row)
    _refuse_broken_rules(row, WRITING, by)
    row.version += 1
    row.save(update_fields=["version", *moved])
    row.writers.add(by)
    audit.record(actor=by, action="change_nomination", target=row, label="sửa đề nghị", changes=changes)
    return row


def _label(name: str) -> str:
    return str(Nomination._meta.get_field(name).verbose_name)


@transaction.atomic
def discard_nomination(*, nomination: Nomination, by) -> None:
    """A draft that nobody else has seen goes away; the log keeps that it was there, and what it said."""
    row = Nomination.objects.select_for_update(of=("self",)).with_subjects().get(pk=nomination.pk)
    if not by.has_perm("awards.discard_nomination", row):
        raise PermissionDenied(ONLY_UNSENT)
    changes = {_label("achievement"): [row.achievement, ""]}
    audit.record(
        actor=by, action="discard_nomination", target=row, label=f"bỏ đề nghị {row.form.name}", changes=changes
    )
    row.delete()


@transaction.atomic
def take_nomination_step(*, nomination: Nomination, name: str, by, note="", version: int | None = None) -> Nomination:
    """One step of `workflow.STEPS`, signed and told to the other side.

    Raises what `take_step` raises, and Blocked with its findings when hard rules stop the step.
    """
    row = Nomination.objects.select_for_update(of=("self",)).with_subjects().get(pk=nomination.pk)
    _refuse_blocked(row, STEPS[name], by)
    moved = take_step(obj=row, steps=STEPS, name=name, by=by, note=note, version=version, **_signed(name, by, note))
    _tell(row, STEPS[name], by)
    return moved


def _refuse_blocked(row, step, by):
    """Only somebody who could take the step is told what is missing; the others hear that it is not theirs."""
    codes = STOPPED_BY.get(step.name)
    if not codes or row.state not in step.sources or not by.has_perm(step.rule, row):
        return
    stopped = [finding for finding in findings_for(row, by) if finding.blocks and finding.rule in codes]
    if stopped:
        raise Blocked(stopped)


def _signed(name, by, note) -> dict:
    if name == "submit":
        return {"submitted_by": by, "submitted_at": clock.now()}
    if name in REVIEWS:
        return {"reviewed_by": by, "reviewed_at": clock.now(), "review_note": clean_text(note)}
    return {}


def _tell(row, step, by):
    """The unit hears of a verdict, the standing office of what arrives or is taken back."""
    people = User.objects
    if step.name in REVIEWS:
        people = people.acting_for(row.unit, Role.OFFICER, Role.HEAD)
    else:
        people = people.holding(Duty.STANDING_OFFICE)
    subject = row.subject_unit.short_name if row.subject_unit else row.person
    text = f"{by.full_name} {step.record}: {row.form}, {subject}."
    notify.tell(people.exclude(pk=by.pk), kind=f"nomination_{step.name}", text=text, url=row.get_absolute_url())
