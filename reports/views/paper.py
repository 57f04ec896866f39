"""From paper and to paper: Phòng Nội vụ enters a unit's signed report, and anybody prints the empty form."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.models import Period
from criteria.models import CriteriaSet
from criteria.selectors import forms_for
from phongtho_thidua.lib.documents import docx, pdf
from phongtho_thidua.lib.vietnamese import fold
from phongtho_thidua.lib.workflow import NoteMissing
from reports.documents.blank import blank_form
from reports.forms import PaperForm, StepForm
from reports.models import AnnualReport
from reports.models.report import HANDED_IN
from reports.services import paper as deeds
from reports.services.annual import AlreadyStarted, NotReady
from reports.views.annual import readable
from reports.workflow import PAPER_STEPS, told
from units.access import needs, signed_in
from units.models import Role, Unit, UnitKind, User

_FACES = {
    "pdf": (pdf.render, "application/pdf"),
    "docx": (docx.render, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


@needs("reports.enter_from_paper", deeds.ONLY_THE_OFFICE)
@require_http_methods(["GET", "POST"])
def enter(request, year, unit_pk):
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=unit_pk)
    period = get_object_or_404(Period.objects.visible_to(request.user), year=year)
    if request.method == "GET":
        return _enter_page(request, unit, period, PaperForm())
    form = PaperForm(request.POST, request.FILES)
    if not form.is_valid():
        return _enter_page(request, unit, period, form, status=422)
    try:
        report = deeds.enter_from_paper(unit=unit, period=period, scan=form.cleaned_data["scan"], by=request.user)
    except ValidationError as error:
        form.add_error("scan", error)
        return _enter_page(request, unit, period, form, status=422)
    except AlreadyStarted as refusal:
        return _enter_page(request, unit, period, form, status=409, refusal=refusal)
    messages.info(request, f"Bản giấy đã lưu cùng báo cáo. Nhập tiếp nội dung của {unit.name}.")
    return redirect(report)


def _enter_page(request, unit, period, form, *, status=200, refusal=None):
    context = {"unit": unit, "period": period, "form": form, "refusal": refusal}
    return render(request, "reports/paper_enter.html", context, status=status)


@signed_in
@require_http_methods(["GET", "POST"])
def submit(request, pk):
    report = readable(request, pk)
    if report.entered_by_id is None:
        raise Http404
    if not request.user.is_standing_office:
        raise PermissionDenied(PAPER_STEPS["submit_paper"].who)
    if request.method == "GET":
        return _submit_page(request, report)
    form = StepForm(request.POST)
    asked = {"note": form.cleaned_data["note"], "version": form.cleaned_data["version"]} if form.is_valid() else {}
    try:
        report = deeds.submit_paper(report=report, by=request.user, **{"note": ""} | asked)
    except (NoteMissing, NotReady) as refusal:
        return _submit_page(request, report, refusal=refusal, status=422)
    messages.info(request, told(report))
    return redirect(report)


def _submit_page(request, report, *, refusal=None, status=200):
    heads = User.objects.acting_for(report.unit, Role.HEAD)
    context = {"report": report, "heads": heads, "refusal": refusal, "note": request.POST.get("note", "")}
    return render(request, "reports/paper_submit.html", context, status=status)


@signed_in
@require_GET
def blank(request, kind, year):
    """`?dang=docx` is the Word face; `?don-vi=` prints last year's answers of that unit beside the empty places."""
    period = get_object_or_404(Period.objects.visible_to(request.user).select_related("campaign"), year=year)
    if kind not in UnitKind.values:
        raise Http404
    try:
        criteria = forms_for(kind, year)
    except CriteriaSet.DoesNotExist:
        raise Http404 from None
    face = request.GET.get("dang", "pdf")
    if face not in _FACES:
        raise Http404
    last = _last_year(request, kind, year)
    document = blank_form(kind_name=UnitKind(kind).label, period=period, criteria=criteria, last=last)
    return _sent(document, face, f"mau-bao-cao-{year}-{fold(UnitKind(kind).label).replace(' ', '-').replace(',', '')}")


def _last_year(request, kind: str, year: int) -> AnnualReport | None:
    """The report to print beside: only one that this person may read."""
    asked = request.GET.get("don-vi", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        raise Http404
    rows = AnnualReport.objects.visible_to(request.user).select_related("unit", "period")
    last = get_object_or_404(rows, unit=int(asked), unit__kind=kind, period__year=year - 1, state__in=HANDED_IN)
    if not request.user.has_perm("reports.read_report", last):
        raise Http404
    return last


def _sent(document, face: str, name: str) -> HttpResponse:
    render_face, content_type = _FACES[face]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{face}"'}
    return HttpResponse(render_face(document), content_type=content_type, headers=headers)
