"""Evidence: what a unit keeps, what lies beside one answer, and which figures have nothing beside them."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from phongtho_thidua.lib.workflow import StepRefused
from reports.forms import EvidenceForm, EvidenceTitleForm
from reports.models import Entry, Evidence, EvidenceUse, Figure
from reports.selectors.evidence import add_evidence, bare_lines, face_of, shelf_of, supported_by, uses_of, valued_lines
from reports.selectors.names import name_of
from reports.selectors.sheet import blocks_of
from reports.services import evidence as deeds
from reports.views.annual import readable, visible
from reports.workflow import ONLY_THE_UNIT, why_shut
from units import audit
from units.access import signed_in
from units.models import Unit

A_PAGE = 30


@signed_in
@require_http_methods(["GET", "POST"])
def shelf(request):
    """The pieces of one's units. What is sent is kept for the unit named, else for the first."""
    units = list(Unit.objects.filter(pk__in=request.user.unit_ids))
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        unit = next((one for one in units if str(one.pk) == request.POST.get("unit")), units[0] if units else None)
        if unit is None:
            raise PermissionDenied(deeds.ONLY_OWN)
        if form.is_valid() and (taken := _take(form, unit, request.user)):
            messages.info(request, f"Đã thêm {len(taken)} minh chứng.")
        if form.is_valid():
            return redirect("reports:evidence")
    page = Paginator(shelf_of(request.user), A_PAGE).get_page(request.GET.get("trang"))
    rows = [(piece, *face_of(piece), supported_by(piece)) for piece in page]
    context = {"page": page, "rows": rows, "form": form, "units": units, "scanned": bool(settings.CLAMD_SOCKET)}
    return render(request, "reports/evidence.html", context, status=_status(request))


def _status(request) -> int:
    return 422 if request.method == "POST" else 200


def _take(form, unit, user) -> list[Evidence]:
    """What the form brings, each piece by itself: one that is refused stops no other and is named in the form."""
    taken, told = [], form.cleaned_data
    for upload in told["files"]:
        try:
            taken.append(deeds.add_file(unit=unit, upload=upload, by=user))
        except ValidationError as refusal:
            form.add_error("files", f"{upload.name}: {refusal.messages[0]}")
    for name in ("document", "link"):
        if told[name]:
            taken.append(deeds.add_reference(unit=unit, by=user, title=told["title"], **{name: told[name]}))
    return taken


@signed_in
@require_http_methods(["GET", "POST"])
def piece(request, pk):
    row = _piece(request, pk)
    may_edit = request.user.has_perm("reports.keep_evidence", row)
    form = EvidenceTitleForm(request.POST or None, initial={"title": row.title})
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied(deeds.ONLY_OWN)
        if form.is_valid():
            deeds.rename(evidence=row, title=form.cleaned_data["title"], by=request.user)
            return redirect("reports:piece", row.pk)
    icon, about, url = face_of(row)
    context = {"piece": row, "icon": icon, "about": about, "url": url, "supports": supported_by(row), "form": form}
    context |= {"may_edit": may_edit, "only_own": deeds.ONLY_OWN, "history": audit.history_of(row)}
    return render(request, "reports/evidence_piece.html", context, status=_status(request))


def _piece(request, pk) -> Evidence:
    rows = Evidence.objects.visible_to(request.user).select_related("unit", "attachment__file", "added_by")
    return get_object_or_404(rows, pk=pk)


@signed_in
@require_POST
def remove_piece(request, pk):
    row = _piece(request, pk)
    deeds.remove(evidence=row, by=request.user)
    messages.info(request, f"Đã gỡ minh chứng “{row.title}”.")
    return redirect("reports:evidence")


@signed_in
def bare(request, pk):
    """For the unit and for who reviews: the figures that have a value and nothing to prove it."""
    report = readable(request, pk)
    blocks = blocks_of(report)
    add_evidence(blocks, report)
    may_add = request.user.has_perm("reports.start_report", report)
    context = {"report": report, "rows": bare_lines(blocks), "given": len(valued_lines(blocks)), "may_add": may_add}
    return render(request, "reports/evidence_bare.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def beside(request, pk, key):
    """What lies beside one answer, and more of it: new files, a number, a link, or what the unit has already."""
    report = visible(request, pk)
    if not request.user.has_perm("reports.start_report", report):
        raise PermissionDenied(ONLY_THE_UNIT)
    answer = _answer(report, key)
    used = [chip.evidence for chip in uses_of(report)[key]]
    left = Evidence.objects.filter(unit=report.unit).exclude(pk__in=used).select_related("attachment__file")
    form = EvidenceForm(request.POST or None, request.FILES or None, pieces=left)
    if request.method == "POST":
        if why := why_shut(answer):
            raise StepRefused(why)
        if form.is_valid() and _lay(form, answer, request.user):
            return redirect(f"{report.get_absolute_url()}#{key}")
    context = {"report": report, "answer": answer, "name": name_of(answer), "form": form, "left": left}
    context |= {"chips": uses_of(report)[key], "why": why_shut(answer), "scanned": bool(settings.CLAMD_SOCKET)}
    return render(request, "reports/evidence_beside.html", context, status=_status(request))


def _lay(form, answer, user) -> bool:
    """Whether everything that was sent lies beside the answer now; else the form says what does not."""
    for evidence in (*form.cleaned_data["pieces"], *_take(form, answer.report.unit, user)):
        try:
            deeds.attach(evidence=evidence, answer=answer, by=user)
        except ValidationError as refusal:
            form.add_error("files", f"{evidence.title}: {refusal.messages[0]}")
    return form.is_valid()


def _answer(report, key) -> Entry | Figure:
    kind, _, pk = key.partition("-")
    related = {"entry": report.entries.select_related("criterion")}
    related["figure"] = report.figures.select_related("indicator__criterion")
    if kind not in related or not (pk.isascii() and pk.isdigit()) or len(pk) > 18:
        raise Http404
    answer = get_object_or_404(related[kind], pk=pk)
    answer.report = report
    return answer


@signed_in
@require_POST
def take_away(request, pk, use_pk):
    report = visible(request, pk)
    related = ("evidence", "entry__criterion", "figure__indicator__criterion")
    use = get_object_or_404(EvidenceUse.objects.filter(report=report).select_related(*related), pk=use_pk)
    deeds.detach(use=use, by=request.user)
    return redirect("reports:beside", report.pk, (use.figure or use.entry).key)
