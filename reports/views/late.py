"""What was typed too late, beside its field: into the report once that is open again, or away."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from reports.forms import EntryForm, FigureForm
from reports.models import LateDraft
from reports.services import late
from reports.views.whole import first_errors, version_in
from units.access import signed_in

TELLS = ("report__unit", "report__period", "entry__criterion", "figure__indicator__criterion")


@signed_in
@require_POST
def late_draft(request, pk, draft_pk):
    rows = LateDraft.objects.visible_to(request.user).select_related(*TELLS)
    draft = get_object_or_404(rows, report=pk, pk=draft_pk)
    match request.POST.get("viec"):
        case "dua-vao":
            _put_in(request, draft)
        case "bo":
            late.drop(draft=draft, by=request.user)
            messages.info(request, "Đã bỏ bản nhập muộn.")
        case _:
            raise Http404
    return redirect(f"{draft.report.get_absolute_url()}#{draft.key}")


def _put_in(request, draft):
    """What no longer passes its form (a day that has gone by) stays a draft, and is told."""
    typed = {f"{draft.key}-{name}": text for name, text in draft.typed.items()}
    answer = draft.entry or draft.figure
    answer.report = draft.report
    form = EntryForm(typed, entry=answer) if draft.entry else FigureForm(typed, figure=answer)
    if not form.is_valid():
        messages.warning(request, "Chưa đưa vào được. " + " ".join(first_errors(form).values()))
        return
    version = version_in(request.POST, f"{draft.key}-version")
    late.put_in(draft=draft, data=form.cleaned_data, version=version, by=request.user)
    messages.info(request, "Đã đưa vào báo cáo.")
