"""Phòng Nội vụ enters a report for a unit from its signed paper (nhập thay): the scan stays, the unit confirms."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from campaigns.models import Period
from phongtho_thidua.lib.vietnamese import clean_text
from phongtho_thidua.lib.workflow import StepRefused
from reports.models import AnnualReport
from reports.services.annual import begin, hand_in
from reports.services.telling import tell_unit
from reports.workflow import PAPER_STEPS
from units.models import FileKind, Unit, User
from units.services import files

ONLY_THE_OFFICE = "Chỉ Phòng Nội vụ nhập thay được từ bản giấy."
NOT_A_SCAN = "Bản giấy là tệp PDF hoặc ảnh JPG, PNG. Quét hoặc chụp bản đã ký rồi tải lại."
SCANS = (FileKind.PDF, FileKind.JPG, FileKind.PNG)


def enter_from_paper(*, unit: Unit, period: Period, scan, by: User) -> AnnualReport:
    """A draft of `unit` that Phòng Nội vụ fills in; `scan` is the uploaded picture of the signed paper.

    Raises PermissionDenied, StepRefused, AlreadyStarted, or ValidationError about the file.
    """
    if not by.has_perm("reports.enter_from_paper"):
        raise PermissionDenied(ONLY_THE_OFFICE)
    if unit.pk in by.unit_ids:
        raise StepRefused("Báo cáo của chính Phòng Nội vụ lập ở trang Báo cáo năm.")
    received = files.receive(upload=scan, unit=unit, by=by)
    if received.kind not in SCANS:
        raise ValidationError(NOT_A_SCAN)
    return _entered(unit, period, received, by)


@transaction.atomic
def _entered(unit, period, received, by) -> AnnualReport:
    paper = files.enter(received=received, unit=unit, by=by)
    label = f"nhập thay báo cáo năm {period.year} từ bản giấy “{paper.name}”"
    report = begin(unit=unit, period=period, by=by, label=label, entered_by=by, paper=paper)
    text = f"Phòng Nội vụ đang nhập báo cáo năm {period.year} của {unit.name} từ bản giấy. Thủ trưởng xác nhận và nộp."
    tell_unit(report, by=by, kind="report_entered", text=text)
    return report


@transaction.atomic
def submit_paper(*, report: AnnualReport, note: str, by: User, version: int | None = None) -> AnnualReport:
    """Hand in what was entered from signed paper, for a unit whose head has no account; `note` says who signed it when.

    Raises PermissionDenied, StepRefused, NoteMissing, Closed or NotReady.
    """
    note = clean_text(note)
    return hand_in("submit_paper", report, by, version, None, steps=PAPER_STEPS, note=note, paper_note=note)
