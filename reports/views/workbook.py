"""The report as an Excel workbook: taken home, filled in, read back after a look at what it would change."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from reports.documents.workbook import Filling, workbook_of
from reports.documents.workbook_reading import LARGEST, Refused
from reports.selectors.sheet import blocks_of, groups_of
from reports.selectors.workbook import last_report_of
from reports.services import answers
from reports.services.workbook import fill_in
from reports.views.annual import readable
from reports.views.reading import Compared, Stale, claims_in, compared, sealed, typed_of, unsealed
from reports.workflow import ONLY_THE_UNIT, why_closed
from units.access import signed_in

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

NOTHING_NEW = "Tệp không khác báo cáo: không có gì để nạp."
CHOOSE = "Chưa nạp được: chọn bản giữ lại ở từng mục mà người khác đã sửa."
STALE = "Bản đọc thử đã quá một ngày hoặc không phải của bạn. Nạp lại tệp."
NO_FILE = "Chưa chọn tệp. Chọn tệp Excel đã tải từ trang này."


@signed_in
@require_GET
def workbook(request, pk):
    report = readable(request, pk)
    blocks = blocks_of(report)
    open_keys = {answer.key for block in blocks for answer in _answers(block) if answer.is_open}
    may_edit = request.user.has_perm("reports.edit_report", report)
    filling = Filling(report, groups_of(blocks), typed_of(blocks), frozenset(open_keys if may_edit else ()))
    name = f"bao-cao-{report.period.year}-{report.unit.key}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(workbook_of(filling), content_type=_TYPE, headers=headers)


def _answers(block):
    return (block.entry, *(line.figure for line in block.lines if line.figure))


@signed_in
@require_http_methods(["GET", "POST"])
def read_back(request, pk):
    report = readable(request, pk)
    if request.method == "GET":
        return _page(request, report)
    _refuse_writing(request.user, report)
    if "da-doc" in request.POST:
        return _confirm(request, report)
    return _try(request, report)


def _refuse_writing(user, report) -> None:
    if user.has_perm("reports.edit_report", report):
        return
    if user.has_perm("reports.start_report", report):
        raise answers.Closed(why_closed(report))
    raise PermissionDenied(ONLY_THE_UNIT)


def _try(request, report):
    """The dry run."""
    upload = request.FILES.get("tep")
    if upload is None:
        return _page(request, report, refusal=NO_FILE)
    try:
        claims, faults = claims_in(upload.read(LARGEST + 1), upload.name, report)
    except Refused as refusal:
        return _page(request, report, refusal=str(refusal), name=upload.name)
    result = compared(report, claims)
    result.faults = sorted(faults + result.faults, key=lambda fault: fault.order)
    if not (result.faults or result.changes or result.clashes):
        return _page(request, report, nothing=NOTHING_NEW, name=upload.name)
    return _page(request, report, result=result, claims=claims, name=upload.name)


def _confirm(request, report):
    try:
        claims = unsealed(request.POST["da-doc"], report, request.user)
    except Stale:
        return _page(request, report, refusal=STALE)
    result = compared(report, claims)
    chosen = {change.key: _choice(request.POST, change) for change in result.clashes}
    if result.faults or "" in chosen.values():
        return _page(request, report, result=result, claims=claims, refusal=CHOOSE, status=409)
    rows = [change.row() for change in result.changes]
    rows += [change.row(mine=chosen[change.key] == "mine") for change in result.clashes]
    try:
        count = fill_in(report=report, rows=rows, by=request.user)
    except answers.Conflict:  # somebody saved between our look and our deed
        report = readable(request, report.pk)
        claims = unsealed(request.POST["da-doc"], report, request.user)
        return _page(request, report, result=compared(report, claims), claims=claims, refusal=CHOOSE, status=409)
    messages.info(request, f"Đã nạp {count} mục từ tệp Excel.")
    return redirect(report)


def _choice(data, change) -> str:
    """`mine` or `theirs`, when it was chosen against the version that stands there now."""
    side, _, version = data.get(f"giu-{change.key}", "").partition("-")
    return side if side in ("mine", "theirs") and version == str(change.version) else ""


def _page(request, report, *, result: Compared | None = None, claims=(), refusal="", status=None, **more):
    may_edit = request.user.has_perm("reports.edit_report", report)
    seal = sealed(report, request.user, claims) if result and not result.faults else ""
    context = {
        "report": report,
        "may_edit": may_edit,
        "why": "" if may_edit else why_closed(report) or ONLY_THE_UNIT,
        "result": result,
        "seal": seal,
        "refusal": refusal,
        "blank_url": reverse("reports:blank_form", args=[report.unit.kind, report.period.year]),
        "last": last_report_of(report),
    }
    wrong = refusal or (result and result.faults)
    return render(request, "reports/workbook.html", context | more, status=status or (422 if wrong else 200))
