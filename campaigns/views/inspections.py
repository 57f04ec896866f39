"""Inspections: the list, one of them with its findings, and what is written down about it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.forms import ChangeInspectionForm, FindingForm, InspectionResultForm, PlanInspectionForm
from campaigns.models import Finding, Inspection, InspectionState, Period
from campaigns.selectors import inspections as reads
from campaigns.services import inspections as deeds
from campaigns.workflow import (
    FINDING_STEPS,
    FINDING_TONES,
    INSPECTION_TONES,
    ONLY_INSPECTORS,
    ONLY_THE_LEADER,
)
from phongtho_thidua.lib.workflow import NoteMissing, choices
from units import audit
from units.access import needs, signed_in
from units.views.pages import form_page

PAGE = 60


@signed_in
def inspections(request):
    rows, state = reads.inspections_for(request.user), request.GET.get("trang-thai", "")
    if state in InspectionState.values:
        rows = rows.filter(state=state)
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    for row in page:
        row.tone = INSPECTION_TONES[row.state]
    context = {"page": page, "states": InspectionState.choices, "state": state}
    context["may_plan"] = request.user.has_perm("campaigns.inspect")
    return render(request, "campaigns/inspections.html", context)


@signed_in
def inspection(request, pk, tried=None, status=200):
    row = _visible(request, pk)
    row.tone = INSPECTION_TONES[row.state]
    findings = reads.findings_of(row)
    for finding in findings:
        finding.inspection = row
        finding.tone = FINDING_TONES[finding.state]
        followed = row.state == InspectionState.CARRIED_OUT
        finding.choices = choices(FINDING_STEPS, finding, request.user) if followed else []
        finding.tried = tried if tried and tried["pk"] == finding.pk else None
    context = {"inspection": row, "findings": findings, "history": audit.history_of(row)}
    context["is_done"] = all(finding.is_closed for finding in findings)
    context["leads"] = request.user.has_perm("campaigns.lead_inspection", row)
    return render(request, "campaigns/inspection.html", context, status=status)


def _visible(request, pk) -> Inspection:
    rows = Inspection.objects.visible_to(request.user).select_related("unit", "led_by", "period", "made_by")
    return get_object_or_404(rows, pk=pk)


def _led(request, pk) -> Inspection:
    row = _visible(request, pk)
    if not request.user.has_perm("campaigns.lead_inspection", row):
        raise PermissionDenied(ONLY_THE_LEADER)
    return row


@needs("campaigns.inspect", ONLY_INSPECTORS)
@require_http_methods(["GET", "POST"])
def plan_inspection(request):
    form = PlanInspectionForm(request.POST or None, user=request.user)
    if form.is_valid():
        period = Period.objects.filter(year=form.cleaned_data["planned_on"].year).first()
        if period is None:
            form.add_error("planned_on", "Ngày dự kiến nằm ngoài các năm của phong trào.")
        elif row := form.attempt(deeds.plan_inspection, **form.cleaned_data, period=period, by=request.user):
            messages.info(request, f"Đã lập kế hoạch kiểm tra {row.unit.name}.")
            return redirect(row)
    back = reverse("campaigns:inspections")
    return form_page(request, form, "Lập kế hoạch kiểm tra", "Lập kế hoạch", back, "Kiểm tra, giám sát")


@signed_in
@require_http_methods(["GET", "POST"])
def change_inspection(request, pk):
    row = _led(request, pk)
    form = ChangeInspectionForm(request.POST or None, inspection=row)
    if form.is_valid() and form.attempt(deeds.change_plan, **form.cleaned_data, inspection=row, by=request.user):
        messages.info(request, "Đã sửa kế hoạch kiểm tra.")
        return redirect(row)
    return form_page(request, form, "Sửa kế hoạch kiểm tra", "Lưu", row.get_absolute_url(), str(row))


@signed_in
@require_http_methods(["GET", "POST"])
def carry_out(request, pk):
    row = _led(request, pk)
    form = InspectionResultForm(request.POST or None, initial={"version": row.version})
    if form.is_valid() and form.attempt(deeds.carry_out, **form.cleaned_data, inspection=row, by=request.user):
        messages.info(request, f"Đã ghi kết quả. {row.unit.name} đọc được từ bây giờ.")
        return redirect(row)
    return form_page(request, form, "Ghi kết quả kiểm tra", "Ghi kết quả", row.get_absolute_url(), str(row))


@signed_in
@require_POST
def close_inspection(request, pk):
    row = _visible(request, pk)
    deeds.close_inspection(inspection=row, by=request.user)
    messages.info(request, "Đã khép lại đợt kiểm tra.")
    return redirect(row)


@signed_in
@require_http_methods(["GET", "POST"])
def add_finding(request, pk):
    row = _led(request, pk)
    form = FindingForm(request.POST or None, inspection=row)
    if form.is_valid() and (
        made := form.attempt(deeds.add_finding, **form.cleaned_data, inspection=row, by=request.user)
    ):
        messages.info(request, f"Đã ghi phát hiện ở {made.criterion.code}.")
        return redirect(row)
    return form_page(request, form, "Thêm phát hiện", "Ghi phát hiện", row.get_absolute_url(), str(row))


@signed_in
@require_POST
def follow(request, pk):
    """One step on a finding; a reason that is too short comes back beside its field with what was typed."""
    finding = get_object_or_404(Finding.objects.visible_to(request.user), pk=pk)
    name, note, version = (request.POST.get(key, "") for key in ("step", "note", "version"))
    if name not in FINDING_STEPS:
        raise Http404
    try:
        seen = int(version) if version.isdecimal() else None
        deeds.follow(finding=finding, name=name, note=note, by=request.user, version=seen)
    except NoteMissing as refusal:
        tried = {"pk": pk, "name": name, "note": note, "error": str(refusal)}
        return inspection(request, finding.inspection_id, tried, 422)
    messages.info(request, f"Đã {FINDING_STEPS[name].record}.")
    return redirect(finding)
