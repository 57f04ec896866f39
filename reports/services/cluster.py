"""Deeds on the report of a cluster (plan VI.5): begin it, write it, hand it in, send it back."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from campaigns.models import Period, PeriodState
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import clean_text
from phongtho_thidua.lib.workflow import StepRefused
from reports.models import ClusterReport
from reports.sections import cluster as results
from reports.selectors.cluster import Stand
from reports.workflow import CLUSTER_STEPS, ONLY_CLUSTER_LEAD
from units import audit, notify
from units.models import Cluster, ClusterMember, ClusterRole, Duty, Role, User
from units.workflow import take_step

TEXTS = {"activity": "hoạt động của khối", "assessment": "đánh giá chung", "proposals": "kiến nghị"}
_NEEDED = ("activity", "assessment")


class Overtaken(StepRefused):
    """Somebody saved the report after the page was opened."""


@transaction.atomic
def start_cluster_report(*, cluster: Cluster, period: Period, by: User) -> ClusterReport:
    """The report of `cluster` for `period`, empty; the one there is when it was begun before.

    Raises PermissionDenied, or StepRefused while the period is not open.
    """
    if not by.has_perm("reports.write_cluster_report", Stand(cluster.pk)):
        raise PermissionDenied(ONLY_CLUSTER_LEAD)
    if period.state == PeriodState.NOT_OPEN:
        opens = clock.local(period.opens_at)
        raise StepRefused(f"Kỳ báo cáo năm {period.year} mở từ {opens:%H:%M ngày %d/%m/%Y}.")
    report, is_new = _created_once(cluster, period, by)
    if is_new:
        audit.record(actor=by, action="start", target=report, label=f"lập báo cáo khối năm {period.year}")
    return report


def _created_once(cluster, period, by) -> tuple[ClusterReport, bool]:
    """The unique constraint answers, so that two people who begin at the same moment make one report."""
    signed = {"prepared_by": by, "prepared_at": clock.now(), "is_sample": by.is_sample}
    try:
        with transaction.atomic():
            return ClusterReport.objects.create(cluster=cluster, period=period, **signed), True
    except IntegrityError:
        return ClusterReport.objects.get(cluster=cluster, period=period), False


@transaction.atomic
def save_texts(*, report: ClusterReport, texts: dict[str, str], version: int, by: User) -> ClusterReport:
    """What the lead's people write in their own words.

    Raises PermissionDenied, StepRefused (handed in) or Overtaken (saved by somebody since `version`).
    """
    report = ClusterReport.objects.select_for_update().get(pk=report.pk)
    if not by.has_perm("reports.write_cluster_report", report):
        raise PermissionDenied(ONLY_CLUSTER_LEAD)
    if not report.is_open:
        raise StepRefused("Báo cáo khối đã nộp. Muốn sửa, đề nghị Phòng Nội vụ trả lại.")
    if report.version != version:
        when = clock.local(report.prepared_at)
        raise Overtaken(
            f"{report.prepared_by.full_name} đã lưu báo cáo này lúc {when:%H:%M}, sau khi bạn mở. Chọn bản giữ lại."
        )
    texts = {name: clean_text(texts[name]) for name in TEXTS}
    changes = {TEXTS[name]: [getattr(report, name), text] for name, text in texts.items()
               if text != getattr(report, name)}  # fmt: skip
    if changes:
        _write(report, texts, changes, by)
    return report


def _write(report, texts, changes, by) -> None:
    for name, value in {**texts, "version": report.version + 1, **_prepared(by)}.items():
        setattr(report, name, value)
    report.save(update_fields=[*texts, "version", *_prepared(by)])
    audit.record(actor=by, action="write", target=report, label="viết báo cáo khối", changes=changes)


def _prepared(by) -> dict:
    return {"prepared_by": by, "prepared_at": clock.now()}


@transaction.atomic
def submit(*, report: ClusterReport, by: User, version: int | None = None) -> ClusterReport:
    """The head of the lead unit hands it in (C02): the members' results are frozen as they stand at this moment.

    Raises PermissionDenied, StepRefused, or ValidationError for texts still missing.
    """
    data = results.gather(report.cluster, report.period)
    signed = {"submitted_by": by, "submitted_at": clock.now(), "data": data, "return_note": ""}
    report = take_step(obj=report, steps=CLUSTER_STEPS, name="submit", by=by, version=version, **signed)
    missing = {name: f"Chưa viết {TEXTS[name]}." for name in _NEEDED if not getattr(report, name)}
    if missing:
        raise ValidationError(missing)
    notify.tell(
        User.objects.holding(Duty.STANDING_OFFICE).exclude(pk=by.pk),
        kind="cluster_report_submitted",
        text=f"{report.cluster.name} nộp báo cáo khối năm {report.period.year}.",
        url=report.get_absolute_url(),
    )
    return report


@transaction.atomic
def return_report(*, report: ClusterReport, note: str, by: User, version: int | None = None) -> ClusterReport:
    """Back to the lead with the reason; what was frozen goes, since it will be handed in anew."""
    cleared = {"submitted_by": None, "submitted_at": None, "data": None, "return_note": clean_text(note)}
    report = take_step(obj=report, steps=CLUSTER_STEPS, name="return", by=by, note=note, version=version, **cleared)
    notify.tell(
        _people_of_lead(report).exclude(pk=by.pk),
        kind="cluster_report_returned",
        text=f"Phòng Nội vụ trả lại báo cáo {report.cluster.name} năm {report.period.year} để sửa.",
        url=report.get_absolute_url(),
    )
    return report


def _people_of_lead(report):
    lead = ClusterMember.objects.on(clock.today()).filter(cluster=report.cluster_id, role=ClusterRole.LEAD).first()
    return User.objects.acting_for(lead.unit, Role.OFFICER, Role.HEAD) if lead else User.objects.none()
