"""Deeds on summaries."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from campaigns.models import Period, PeriodState
from phongtho_thidua.lib.workflow import StepRefused
from reports.models import Job, Summary
from reports.services.jobs import start_job
from units import audit

ONLY_STANDING_OFFICE = "Chỉ Phòng Nội vụ, cơ quan thường trực Hội đồng, lập báo cáo tổng hợp."


@transaction.atomic
def order_summary(*, period: Period, by) -> Job:
    """The job that makes the next draft of this year's summary, or the one that already does.

    Raises PermissionDenied, and StepRefused for a year whose reporting has not opened yet.
    """
    if not by.has_perm("reports.order_summary"):
        raise PermissionDenied(ONLY_STANDING_OFFICE)
    if period.state == PeriodState.NOT_OPEN:
        raise StepRefused(f"Kỳ báo cáo năm {period.year} chưa mở, chưa có số liệu để tổng hợp.")
    summary, _ = Summary.objects.get_or_create(period=period)
    job, is_new = start_job(kind="summary", key=str(summary.pk), params={"summary": summary.pk}, by=by)
    if is_new:
        audit.record(actor=by, action="order_summary", target=summary, label="đặt lập văn bản")
    return job
