"""Deeds on the wish to take a report back once others are at it: the head asks, Phòng Nội vụ answers."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import clean_text
from phongtho_thidua.lib.workflow import StepRefused
from reports.models import AnnualReport, WithdrawalRequest
from reports.services import remarks
from reports.services.answers import Closed
from reports.services.telling import tell_standing_office, tell_unit
from reports.workflow import STEPS, WITHDRAWAL_STEPS, locked_since
from units import audit
from units.models import User
from units.workflow import refuse_short, take_step


@transaction.atomic
def ask(*, report: AnnualReport, reason: str, by: User) -> WithdrawalRequest:
    """The head asks to have the whole report back; one request waits at a time.

    Raises PermissionDenied, StepRefused (nothing to take back, still free to take, or asked already) or NoteMissing.
    """
    reason = clean_text(reason)
    report = AnnualReport.objects.select_for_update().get(pk=report.pk)
    if not by.has_perm("reports.submit_report", report):
        raise PermissionDenied("Chỉ thủ trưởng đơn vị xin rút báo cáo được.")
    if report.state not in STEPS["allow_withdrawal"].sources:
        raise StepRefused(f"Không xin rút được: hiện ở trạng thái “{report.get_state_display()}”.")
    if report.state in STEPS["withdraw"].sources and by.has_perm("reports.withdraw_report", report):
        raise StepRefused("Phòng Nội vụ chưa mở xem xét, nên rút về được ngay, không cần xin.")
    refuse_short(reason)
    request = _create_once(report=report, reason=reason, asked_by=by, asked_at=clock.now())
    audit.record(actor=by, action="ask", target=request, label="xin rút báo cáo về để sửa", note=reason)
    text = f"{report.unit.name} xin rút báo cáo năm {report.period.year}."
    tell_standing_office(report, by=by, kind="withdrawal_asked", text=text)
    return request


def _create_once(**fields) -> WithdrawalRequest:
    try:
        with transaction.atomic():
            return WithdrawalRequest.objects.create(**fields)
    except IntegrityError:
        raise StepRefused("Đã xin rút báo cáo này và đang chờ Phòng Nội vụ trả lời.") from None


@transaction.atomic
def allow(*, request: WithdrawalRequest, by: User, version: int | None = None) -> WithdrawalRequest:
    """The whole report opens again as a draft; what was asked of single answers lapses.

    Raises PermissionDenied, StepRefused, or Closed once the period is locked: a draft could not be handed in any more.
    """
    report = AnnualReport.objects.select_for_update().get(pk=request.report_id)
    request = _answer("allow", request, by, version)
    report = take_step(obj=report, steps=STEPS, name="allow_withdrawal", by=by, note=request.reason)
    if report.is_locked:
        raise Closed(f"{locked_since(report.period)} Rút về thì không nộp lại được; trả lại đúng chỗ cần sửa.")
    remarks.lapse_all(report=report, by=by)
    text = f"Phòng Nội vụ cho rút báo cáo năm {report.period.year} về để sửa."
    tell_unit(report, by=by, kind="withdrawal_answered", text=text)
    return request


@transaction.atomic
def refuse(*, request: WithdrawalRequest, note: str, by: User, version: int | None = None) -> WithdrawalRequest:
    """The report stays where it is. Raises PermissionDenied, StepRefused or NoteMissing."""
    request = _answer("refuse", request, by, version, note=note, answer=clean_text(note))
    text = f"Phòng Nội vụ không cho rút báo cáo năm {request.report.period.year}: {request.answer}"
    tell_unit(request.report, by=by, kind="withdrawal_answered", text=text)
    return request


def _answer(name, request, by, version, note="", **more):
    signed = {"decided_by": by, "decided_at": clock.now()}
    return take_step(
        obj=request, steps=WITHDRAWAL_STEPS, name=name, by=by, version=version, note=note, **signed, **more
    )
