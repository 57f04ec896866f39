"""Deeds on evidence: a unit keeps files, document numbers and links, and lays them beside its answers.

A report that was handed in never points at what is gone: uses change only under the lock of the report, which
submission takes too, and a piece that an edition names is not removed.
"""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from phongtho_thidua.lib.vietnamese import format_number
from phongtho_thidua.lib.workflow import StepRefused
from reports.models import AnnualReport, Entry, Evidence, EvidenceUse, Figure, ReportVersion
from reports.selectors.evidence import mark_of
from reports.selectors.names import name_of
from reports.workflow import ONLY_THE_UNIT, why_shut
from units import audit
from units.models import Attachment, Unit, User
from units.services import files

ONLY_OWN = "Chỉ cán bộ đầu mối hoặc thủ trưởng của đơn vị thêm, sửa, gỡ được minh chứng này."
LONGEST_TITLE = 200

Answer = Entry | Figure


def add_file(*, unit: Unit, upload, by: User, title: str = "") -> Evidence:
    """Keep a file. Raises PermissionDenied, or ValidationError with the sentence why it is not taken."""
    _refuse_others(unit, by)
    received = files.receive(upload=upload, unit=unit, by=by)
    with transaction.atomic():
        attachment = files.enter(received=received, unit=unit, by=by)
        return _add(unit, by, title=(title or attachment.name)[:LONGEST_TITLE], attachment=attachment)


@transaction.atomic
def add_reference(*, unit: Unit, by: User, title: str = "", document: str = "", link: str = "") -> Evidence:
    """Keep the number of a document, or a link; exactly one of them. Raises PermissionDenied."""
    _refuse_others(unit, by)
    return _add(unit, by, title=(title or document or link)[:LONGEST_TITLE], document=document, link=link)


def _add(unit, by, **what) -> Evidence:
    evidence = Evidence.objects.create(unit=unit, added_by=by, **what)
    audit.record(actor=by, action="add", target=evidence, label=f"thêm minh chứng “{evidence.title}”")
    return evidence


@transaction.atomic
def rename(*, evidence: Evidence, title: str, by: User) -> Evidence:
    """Editions keep the name that it had when they were handed in. Raises PermissionDenied or StepRefused (gone)."""
    _refuse_others(evidence.unit, by)
    evidence = _locked(evidence)
    old, evidence.title = evidence.title, title
    evidence.save(update_fields=["title"])
    audit.record(actor=by, action="rename", target=evidence, label="đổi tên minh chứng", old=old, new=title)
    return evidence


@transaction.atomic
def remove(*, evidence: Evidence, by: User) -> None:
    """Forget a piece and its file. Raises PermissionDenied, or StepRefused while a handed-in edition names it."""
    _refuse_others(evidence.unit, by)
    list(AnnualReport.objects.select_for_update().filter(unit=evidence.unit_id).order_by("pk"))
    evidence = _locked(evidence)
    if edition := _edition_naming(evidence):
        raise StepRefused(
            f"“{evidence.title}” nằm trong báo cáo năm {edition.report.period.year} đã nộp (bản thứ {edition.edition}) "
            "nên phải giữ. Bỏ khỏi mục báo cáo thì được, khi báo cáo đang mở."
        )
    audit.record(actor=by, action="remove", target=evidence, label=f"gỡ minh chứng “{evidence.title}”")
    attachment = evidence.attachment
    evidence.delete()
    if attachment:
        _forget_file(attachment)


def _edition_naming(evidence: Evidence) -> ReportVersion | None:
    named = ReportVersion.objects.filter(report__unit=evidence.unit_id, data__contains=mark_of(evidence))
    return named.select_related("report__period").first()


def _forget_file(attachment: Attachment) -> None:
    """Unless something else rests on it; the bytes are swept when no row names them."""
    try:
        with transaction.atomic():
            attachment.delete()
    except ProtectedError:
        pass


@transaction.atomic
def attach(*, evidence: Evidence, answer: Answer, by: User) -> EvidenceUse:
    """Lay `evidence` beside an entry or figure; twice is once. Raises PermissionDenied, StepRefused or
    ValidationError (the report holds as much as it may).
    """
    report = _open(answer, by)
    evidence = _locked(evidence)
    if evidence.unit_id != report.unit_id:
        raise PermissionDenied(ONLY_OWN)
    side = {"figure": answer} if isinstance(answer, Figure) else {"entry": answer}
    if existing := EvidenceUse.objects.filter(evidence=evidence, **side).first():
        return existing
    _refuse_too_much(report, evidence)
    use = EvidenceUse.objects.create(evidence=evidence, report=report, added_by=by, **side)
    label = f"thêm minh chứng “{evidence.title}” cho {name_of(answer)}"
    audit.record(actor=by, action="attach", target=report, label=label)
    return use


@transaction.atomic
def detach(*, use: EvidenceUse, by: User) -> None:
    """Take a piece away from an answer; the unit keeps it. Raises PermissionDenied or StepRefused."""
    answer = use.figure or use.entry
    report = _open(answer, by)
    label = f"bỏ minh chứng “{use.evidence.title}” khỏi {name_of(answer)}"
    if EvidenceUse.objects.filter(pk=use.pk).delete()[0]:
        audit.record(actor=by, action="detach", target=report, label=label)


def _open(answer: Answer, by: User) -> AnnualReport:
    """The report of `answer`, locked, once it is sure that the answer may change now."""
    report = AnnualReport.objects.select_for_update().get(pk=answer.report_id)
    if not by.has_perm("reports.edit_report", report) and not by.has_perm("reports.start_report", report):
        raise PermissionDenied(ONLY_THE_UNIT)
    answer.refresh_from_db(fields=["reopened"])
    answer.report = report
    if not answer.is_open:
        raise StepRefused(why_shut(answer))
    return report


def _refuse_others(unit: Unit, by: User) -> None:
    if not by.has_perm("reports.keep_evidence", unit):
        raise PermissionDenied(ONLY_OWN)


def _locked(evidence: Evidence) -> Evidence:
    found = Evidence.objects.select_for_update(of=("self",)).select_related("unit", "attachment__file")
    if (row := found.filter(pk=evidence.pk).first()) is None:
        raise StepRefused(f"“{evidence.title}” vừa được gỡ. Tải lại trang để xem minh chứng còn lại.")
    return row


def _refuse_too_much(report: AnnualReport, evidence: Evidence) -> None:
    """Bytes count once, however many answers they support."""
    if not evidence.attachment:
        return
    pieces = Evidence.objects.filter(uses__report=report, attachment__isnull=False)
    sizes = dict(pieces.values_list("attachment__file", "attachment__file__size"))
    sizes[evidence.attachment.file_id] = evidence.attachment.file.size
    if sum(sizes.values()) > settings.REPORT_QUOTA:
        most = format_number(settings.REPORT_QUOTA >> 20)
        raise ValidationError(f"Minh chứng của một báo cáo nhiều nhất {most} MB. Bỏ bớt tệp, hoặc ghi số văn bản.")
