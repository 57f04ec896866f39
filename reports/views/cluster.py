"""The reports of clusters: their list, their one page for writing and reading, their files, their steps."""

import hashlib
import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.models import Period
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.documents import docx, pdf, xlsx
from phongtho_thidua.lib.documents.screen import render_html
from phongtho_thidua.lib.workflow import NoteMissing, choices
from reports.documents.paper import short
from reports.forms import ClusterTextForm, StepForm
from reports.models import ClusterReport, Face
from reports.sections.cluster import gather, paper_of
from reports.selectors.cluster import cluster_years, clusters_of
from reports.services import cluster as deeds
from reports.views.files import attachment
from reports.workflow import CLUSTER_STEPS, CLUSTER_TONES, ONLY_CLUSTER_LEAD
from units import audit
from units.access import signed_in

RENDERERS = {Face.PDF: pdf.render, Face.DOCX: docx.render, Face.XLSX: xlsx.render}


@signed_in
def cluster_reports(request):
    return render(request, "reports/cluster_reports.html", {"rows": cluster_years(request.user)})


@signed_in
@require_POST
def start_cluster_report(request, cluster_pk, year):
    cluster = get_object_or_404(clusters_of(request.user), pk=cluster_pk)
    period = get_object_or_404(Period.objects.visible_to(request.user), year=year)
    return redirect(deeds.start_cluster_report(cluster=cluster, period=period, by=request.user))


def visible(request, pk) -> ClusterReport:
    rows = ClusterReport.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("cluster", "period__campaign", "prepared_by", "submitted_by"), pk=pk)


@signed_in
@require_http_methods(["GET", "POST"])
def cluster_report(request, pk):
    """Saving and handing in are two buttons of one form, so that nothing typed is left behind by the second."""
    row = visible(request, pk)
    if request.method == "GET":
        return _page(request, row)
    if not request.user.has_perm("reports.write_cluster_report", row):
        raise PermissionDenied(ONLY_CLUSTER_LEAD)
    form = ClusterTextForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form=form, status=422)
    texts = dict(form.cleaned_data)
    try:
        row = deeds.save_texts(report=row, version=texts.pop("version"), texts=texts, by=request.user)
    except deeds.Overtaken as refusal:
        return _overtaken(request, row, form, refusal)
    if "step" in request.POST:
        return _stepped(request, row, {"step": "submit", "version": row.version, "note": ""})
    messages.info(request, f"Đã lưu lúc {clock.now():%H:%M}.")
    return redirect(row)


def _overtaken(request, row, form, refusal):
    """Both versions on one page: what was typed stays in the fields, what is stored stands beside it."""
    row.refresh_from_db()
    typed = {**form.data.dict(), "version": row.version}
    stored = [(form.fields[name].label, getattr(row, name)) for name in deeds.TEXTS]
    return _page(request, row, form=ClusterTextForm(typed), refusal=refusal, stored=stored, status=409)


def _page(request, row, status=200, **more):
    data = row.data or gather(row.cluster, row.period)
    may_write = row.is_open and request.user.has_perm("reports.write_cluster_report", row)
    context = {
        "report": row,
        "tone": CLUSTER_TONES[row.state],
        "form": _form(row) if may_write else None,
        "choices": choices(CLUSTER_STEPS, row, request.user),
        "missing": [one["name"] for one in data["members"] if not one["accepted"]],
        "members": data["members"],
        "accepted": sum(one["accepted"] for one in data["members"]),
        "paper": render_html(paper_of(row, data, reference=_reference(row))),
        "faces": Face,
        "history": audit.history_of(row),
        **more,
    }
    return render(request, "reports/cluster_report.html", context, status=status)


def _form(row) -> ClusterTextForm:
    return ClusterTextForm(initial={name: getattr(row, name) for name in (*deeds.TEXTS, "version")})


def _reference(row) -> str:
    """What two prints of one handed-in report have in common; a draft has none."""
    if row.data is None:
        return ""
    kept = [row.data, row.activity, row.assessment, row.proposals]
    return short(hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=False).encode()).hexdigest())


@signed_in
def cluster_report_file(request, pk, face):
    row = visible(request, pk)
    if face not in Face.values:
        raise Http404
    data = row.data or gather(row.cluster, row.period)
    content = RENDERERS[face](paper_of(row, data, reference=_reference(row)))
    return attachment(content, str(row), face)


@signed_in
@require_POST
def cluster_report_step(request, pk):
    row = visible(request, pk)
    form = StepForm(request.POST)
    if not form.is_valid() or form.cleaned_data["step"] not in CLUSTER_STEPS:
        raise Http404
    return _stepped(request, row, form.cleaned_data)


def _stepped(request, row, asked):
    try:
        row = _take(row, asked, request.user)
    except NoteMissing as refusal:
        tried = {"name": asked["step"], "note": asked["note"], "error": str(refusal)}
        return _page(request, row, tried=tried, status=422)
    except ValidationError as refusal:
        items = [(f"id_{name}", sentence) for name, (sentence,) in refusal.message_dict.items()]
        return _page(request, row, items=items, status=422)
    messages.info(request, f"{row}: {row.get_state_display().lower()}.")
    return redirect(row)


def _take(row, asked, by):
    common = {"report": row, "by": by, "version": asked["version"]}
    if asked["step"] == "submit":
        return deeds.submit(**common)
    return deeds.return_report(note=asked["note"], **common)
