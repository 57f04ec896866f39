"""Summaries: the years, the draft on the screen, its files, the order for a new one."""

import json

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from campaigns.models import Period
from phongtho_thidua.lib.documents.screen import render_html
from reports.documents.paper import paper_of, short
from reports.documents.store import path_of
from reports.models import IssuedFile, JobState, Snapshot, Summary
from reports.sections.provenance import provenance_of
from reports.selectors.jobs import file_of, panel_of
from reports.selectors.summaries import latest_job, years_for
from reports.services import summary as deeds
from reports.views.files import SEALED, TYPES
from units import audit
from units.access import needs, signed_in


@needs("reports.order_summary", deeds.ONLY_STANDING_OFFICE)
def summaries(request):
    return render(request, "reports/summaries.html", {"years": years_for(request.user)})


@needs("reports.order_summary", deeds.ONLY_STANDING_OFFICE)
@require_POST
def order_summary(request, year):
    period = get_object_or_404(Period.objects.visible_to(request.user), year=year)
    job = deeds.order_summary(period=period, by=request.user)
    return redirect("reports:summary", job.params["summary"])


@signed_in
def summary(request, pk):
    row = get_object_or_404(Summary.objects.visible_to(request.user).select_related("period"), pk=pk)
    drafts = list(row.snapshots.defer("data"))
    draft = _chosen(drafts, request.GET.get("ban", ""))
    job = latest_job(row)
    unfinished = job and job.state != JobState.DONE
    context = {
        "summary": row,
        "drafts": drafts,
        "draft": draft,
        "job": panel_of(job, request.user) if unfinished else None,
        "history": audit.history_of(row),
        **(_shown(draft, request.GET.get("so", "")) if draft else {}),
    }
    return render(request, "reports/summary.html", context)


def _chosen(drafts: list[Snapshot], number: str) -> Snapshot | None:
    """The draft asked for, else the newest; None before the first."""
    if not number:
        return drafts[0] if drafts else None
    for draft in drafts:
        if str(draft.number) == number:
            return draft
    raise Http404


def _shown(draft: Snapshot, ref: str) -> dict:
    """The draft as paper, and where the figure `ref` of it comes from."""
    data = json.loads(draft.data)
    return {
        "paper": render_html(paper_of(draft.data, draft.digest), f"?ban={draft.number}&so=", current=ref),
        "origin": provenance_of(data, ref),
        "unit_count": len(data["unit_map"]["units"]),
        "digest": short(draft.digest),
        "files": [file_of(file) for file in draft.files.all()],
    }


@signed_in
def issued_file(request, pk):
    """One face of a draft. Sent as an attachment in a sandbox: whatever is in it never acts as a page of this site."""
    files = IssuedFile.objects.visible_to(request.user).select_related("snapshot__summary__period")
    file = get_object_or_404(files, pk=pk)
    try:
        content = path_of(file.digest).open("rb")
    except FileNotFoundError:
        return render(request, "reports/file_missing.html", {"file": file}, status=404)
    name = f"{file.snapshot}.{file.face}"
    return FileResponse(content, as_attachment=True, filename=name, content_type=TYPES[file.face], headers=SEALED)
