"""Deeds on inspections (plan I.2, III.1.2): planned, carried out, followed until every finding is closed."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from campaigns.models import Finding, FindingState, FollowUp, Inspection, InspectionState, Period
from campaigns.workflow import FINDING_STEPS, INSPECTION_STEPS, ONLY_INSPECTORS, ONLY_THE_LEADER
from criteria.models import Criterion, Indicator
from criteria.selectors import forms_for
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import StepRefused
from units import audit, notify
from units.models import Role, Unit, User
from units.workflow import take_step

_PLAN_FIELDS = ("document", "subject", "planned_on", "team")


@transaction.atomic
def plan_inspection(*, unit: Unit, led_by: Unit, period: Period, by: User, **plan) -> Inspection:
    """`plan` is {document, subject, planned_on, team}. The unit learns of it when the result is written down.

    Raises PermissionDenied unless `by` acts for `led_by` and may inspect; ValidationError for an office that would
    inspect itself.
    """
    if not by.has_perm("campaigns.inspect") or led_by.pk not in by.unit_ids:
        raise PermissionDenied(ONLY_INSPECTORS)
    if unit.pk in by.unit_ids:
        raise ValidationError({"unit": "Không tự kiểm tra đơn vị mình."})
    row = Inspection.objects.create(unit=unit, led_by=led_by, period=period, made_by=by, is_sample=by.is_sample, **plan)
    audit.record(actor=by, action="plan", target=row, label="lập kế hoạch kiểm tra", new=row.state)
    return row


@transaction.atomic
def change_plan(*, inspection: Inspection, by: User, version: int, **plan) -> Inspection:
    """Change {document, subject, planned_on, team} until the inspection was carried out. Raises as the others here."""
    inspection = _led(inspection, by, version)
    if inspection.state != InspectionState.PLANNED:
        raise StepRefused("Đã ghi kết quả kiểm tra, không sửa kế hoạch nữa.")
    changes = {
        Inspection._meta.get_field(name).verbose_name: [str(getattr(inspection, name)), str(plan[name])]
        for name in _PLAN_FIELDS
        if getattr(inspection, name) != plan[name]
    }
    for name in _PLAN_FIELDS:
        setattr(inspection, name, plan[name])
    inspection.version += 1
    inspection.save(update_fields=[*_PLAN_FIELDS, "version"])
    audit.record(actor=by, action="change_plan", target=inspection, label="sửa kế hoạch kiểm tra", changes=changes)
    return inspection


@transaction.atomic
def carry_out(
    *, inspection: Inspection, carried_out_on: date, conclusion: str, by: User, version: int | None = None
) -> Inspection:
    """Write the result down: from now the unit reads it and answers what was recommended."""
    if carried_out_on > clock.today():
        raise ValidationError({"carried_out_on": "Ngày kiểm tra chưa đến."})
    inspection = take_step(
        obj=inspection,
        steps=INSPECTION_STEPS,
        name="carry_out",
        by=by,
        version=version,
        carried_out_on=carried_out_on,
        conclusion=conclusion,
    )
    open_findings = inspection.findings.not_closed().count()
    _tell_unit(inspection, f"Có kết quả kiểm tra “{inspection.subject}”, {open_findings} kiến nghị cần thực hiện.")
    return inspection


@transaction.atomic
def close_inspection(*, inspection: Inspection, by: User, version: int | None = None) -> Inspection:
    """Only when nothing is left to follow."""
    inspection = take_step(obj=inspection, steps=INSPECTION_STEPS, name="close", by=by, version=version)
    if left := inspection.findings.not_closed().count():
        raise StepRefused(f"Chưa khép lại được, còn {left} phát hiện chưa xong.")
    return inspection


@transaction.atomic
def add_finding(
    *,
    inspection: Inspection,
    criterion: Criterion,
    text: str,
    by: User,
    indicator: Indicator | None = None,
    recommendation: str = "",
    due_on: date | None = None,
) -> Finding:
    """One finding on a criterion of the unit's form; without a recommendation it is closed from the start.

    Raises ValidationError by field, PermissionDenied, StepRefused once the inspection is closed.
    """
    inspection = _led(inspection, by)
    if inspection.state == InspectionState.CLOSED:
        raise StepRefused("Đợt kiểm tra đã khép lại, không thêm phát hiện nữa.")
    _refuse_bad_finding(inspection, criterion, recommendation, due_on)
    finding = Finding.objects.create(
        inspection=inspection,
        criterion=criterion,
        indicator=indicator,
        text=text,
        recommendation=recommendation,
        due_on=due_on,
        state=FindingState.OPEN if recommendation else FindingState.CLOSED,
    )
    audit.record(actor=by, action="find", target=inspection, label=f"ghi phát hiện ở {criterion.code}", note=text)
    if inspection.state == InspectionState.CARRIED_OUT:
        _tell_unit(inspection, f"Kiểm tra “{inspection.subject}”: thêm một phát hiện ở {criterion.code}.")
    return finding


def _refuse_bad_finding(inspection, criterion, recommendation, due_on) -> None:
    asked = {one.pk for one in forms_for(inspection.unit.kind, inspection.period.year)}
    if criterion.pk not in asked:
        raise ValidationError({"about": f"{criterion.code} không thuộc bộ tiêu chí của {inspection.unit.name}."})
    if recommendation and due_on is None:
        raise ValidationError({"due_on": "Kiến nghị cần thời hạn thực hiện."})
    if due_on and not recommendation:
        raise ValidationError({"recommendation": "Có thời hạn thì cần ghi kiến nghị."})
    if due_on and due_on < clock.today():
        raise ValidationError({"due_on": "Thời hạn đã qua."})


@transaction.atomic
def follow(*, finding: Finding, name: str, note: str, by: User, version: int | None = None) -> FollowUp:
    """One step of `FINDING_STEPS`: the unit answers, the leader of the inspection sends back or closes.

    Raises PermissionDenied, StepRefused or NoteMissing; every step keeps its words as a follow-up.
    """
    inspection = Inspection.objects.select_for_update().get(pk=finding.inspection_id)
    finding = take_step(obj=finding, steps=FINDING_STEPS, name=name, by=by, note=note, version=version)
    if inspection.state != InspectionState.CARRIED_OUT:
        raise StepRefused(f"Không thể ghi: đợt kiểm tra ở trạng thái “{inspection.get_state_display()}”.")
    if name == "answer":
        people = User.objects.acting_for(inspection.led_by, Role.OFFICER, Role.HEAD)
        _tell(people, inspection, f"{inspection.unit.name} báo đã thực hiện một kiến nghị kiểm tra.")
    else:
        _tell_unit(inspection, f"Kiểm tra “{inspection.subject}”: {FINDING_STEPS[name].record}.")
    return FollowUp.objects.create(finding=finding, text=note, by=by)


def _led(inspection, by, version=None) -> Inspection:
    """The locked row, when `by` leads it and it is still the one they saw."""
    inspection = Inspection.objects.select_for_update().select_related("unit", "period").get(pk=inspection.pk)
    if not by.has_perm("campaigns.lead_inspection", inspection):
        raise PermissionDenied(ONLY_THE_LEADER)
    if version is not None and version != inspection.version:
        raise StepRefused("Người khác vừa sửa kế hoạch kiểm tra này. Đọc lại rồi sửa.")
    return inspection


def _tell_unit(inspection, text) -> None:
    _tell(User.objects.acting_for(inspection.unit, Role.OFFICER, Role.HEAD), inspection, text)


def _tell(people, inspection, text) -> None:
    notify.tell(people, kind="inspection", text=text, url=inspection.get_absolute_url())
