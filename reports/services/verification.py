"""Deeds of a sector's lead on a figure (plan VI.1): agree, differ, return it, think again; agree with many at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import clean_text
from phongtho_thidua.lib.workflow import StepRefused
from reports.models import AnnualReport, Figure, ReportState, Verification
from reports.models.verification import VERIFIABLE
from reports.services import remarks
from reports.services.expected import forget
from reports.workflow import VERIFYING
from units.models import User
from units.workflow import take_step

SHORTEST_SOURCE = 5


@transaction.atomic
def agree(*, verification: Verification, by: User, version: int | None = None) -> Verification:
    """The lead finds the reported figure right: it becomes the verified one.

    Raises PermissionDenied or StepRefused (judged meanwhile, changed meanwhile, or the report is not open to it).
    """
    figure = _locked(verification)
    said = {"value": figure.value, "day": figure.day, "document": figure.document}
    row = _judge(verification, figure, "agree", by=by, version=version, **said, source="")
    remarks.settle_figure(figure=figure, by=by)
    return row


@transaction.atomic
def differ(
    *,
    verification: Verification,
    source: str,
    by: User,
    value: Decimal | None = None,
    day: date | None = None,
    document: str = "",
    note: str = "",
    version: int | None = None,
) -> Verification:
    """The lead sets its own value beside the reported one; `value` in the indicator's unit, or `day`, or `document`.

    Raises as `agree`, and ValidationError without a source or with the reported value itself.
    """
    figure = _locked(verification)
    said = {"value": value, "day": day, "document": clean_text(document)}
    row = _judge(verification, figure, "differ", by=by, version=version, **said, source=_source(source), note=note)
    if all(said[field] == getattr(figure, field) for field in said):
        raise ValidationError({"value": "Số thẩm tra trùng số đơn vị báo cáo. Nếu đúng, chọn “Khớp”."})
    remarks.settle_figure(figure=figure, by=by)
    return row


@transaction.atomic
def return_figure(
    *, verification: Verification, reason: str, due_at: datetime, by: User, version: int | None = None
) -> Verification:
    """Back to the unit: only this figure opens, until `due_at`. Raises as `agree`, and NoteMissing."""
    figure = _locked(verification)
    row = _judge(verification, figure, "return", by=by, version=version, note=reason)
    remarks.ask_back(report=figure.report, answers=[figure], reason=reason, due_at=due_at, by=by, sector=row.sector)
    return row


@transaction.atomic
def take_back(*, verification: Verification, by: User, version: int | None = None) -> Verification:
    """The lead asks no longer; the figure waits again. Raises as `agree`, also once the unit has begun to change it."""
    figure = _locked(verification)
    row = take_step(obj=verification, steps=VERIFYING, name="take_back", by=by, version=version)
    remarks.drop(remark=figure.remarks.open().get(sector=row.sector), by=by)
    return forget(row)


@transaction.atomic
def reconsider(*, verification: Verification, reason: str, by: User, version: int | None = None) -> Verification:
    """The lead takes its judgement back, with a reason; the figure waits again. Raises as `agree`, and NoteMissing."""
    figure = _locked(verification)
    row = take_step(obj=verification, steps=VERIFYING, name="reconsider", by=by, note=reason, version=version)
    _refuse_closed(figure)
    return forget(row)


@dataclass(frozen=True)
class Bulk:
    """What came of agreeing with many: `left_out` is (figure, the sentence why)."""

    agreed: list[Verification]
    left_out: list[tuple[Figure, str]]


@transaction.atomic
def agree_many(*, picks: Iterable[tuple[Verification, int]], by: User) -> Bulk:
    """`agree` with each of (verification, version that was seen), by the same checks; who fails one is left out.

    All reports are locked first and in one order: two offices at work at once wait for each other and never block.
    """
    picks = list(picks)
    reports = {verification.figure.report_id for verification, _ in picks}
    list(AnnualReport.objects.select_for_update().filter(pk__in=reports).order_by("pk"))
    agreed, left_out = [], []
    for verification, version in picks:
        try:
            agreed.append(agree(verification=verification, version=version, by=by))
        except (StepRefused, PermissionDenied) as refusal:
            left_out.append((verification.figure, str(refusal)))
    return Bulk(agreed, left_out)


def _locked(verification) -> Figure:
    """The figure as it stands while nobody else can hand in, accept or return its report."""
    list(AnnualReport.objects.select_for_update().filter(figures=verification.figure_id).order_by())
    return Figure.objects.select_related("report__unit", "indicator__criterion").get(pk=verification.figure_id)


def _judge(verification, figure, name, *, by, version, note="", **said) -> Verification:
    """The step with what the lead says; its right is asked before anything else is told."""
    row = take_step(
        obj=verification,
        steps=VERIFYING,
        name=name,
        by=by,
        note=note,
        version=version,
        by_id=by.pk,
        at=clock.now(),
        **said,
    )
    _refuse_closed(figure)
    if row.figure_version != figure.version:
        raise StepRefused("Đơn vị đã sửa số liệu này sau khi bạn mở. Mở lại ô để xem số mới.")
    row.note = clean_text(note)
    row.save(update_fields=["note"])
    return row


def _refuse_closed(figure) -> None:
    report = figure.report
    if report.state not in VERIFIABLE:
        why = "đã được Phòng Nội vụ chấp nhận" if report.state == ReportState.ACCEPTED else "đã được rút về"
        raise StepRefused(f"Báo cáo của {report.unit.name} {why}, không thẩm tra được nữa.")
    if figure.reopened:
        raise StepRefused("Đơn vị đang sửa số liệu này. Thẩm tra khi đơn vị gửi lại.")


def _source(source: str) -> str:
    source = clean_text(source)
    if len(source) < SHORTEST_SOURCE:
        raise ValidationError({"source": "Chưa ghi nguồn số liệu. Ví dụ: Kho bạc, 118/KBNN, 05/12/2024."})
    return source
