"""One answer saved by the page itself; the contract is told at the top of static/js/autosave.js."""

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from phongtho_thidua.lib import clock
from reports.forms import EntryForm, FigureForm
from reports.models import AnnualReport, Entry, Figure
from reports.selectors.sheet import standing_of
from reports.services import answers, late
from reports.views.whole import first_errors, version_in
from reports.workflow import ONLY_THE_UNIT
from units.access import signed_in


@signed_in
@require_POST
def save_entry(request, pk, entry_pk):
    entry = _own(request, Entry.objects.select_related("report__period", "criterion"), pk, entry_pk)
    return _save(request, EntryForm(request.POST, entry=entry), answers.save_entry, {"entry": entry}, EntryForm.typed)


@signed_in
@require_POST
def save_figure(request, pk, figure_pk):
    figure = _own(request, Figure.objects.select_related("report__period", "indicator"), pk, figure_pk)
    form = FigureForm(request.POST, figure=figure)
    return _save(request, form, answers.save_figure, {"figure": figure}, FigureForm.typed)


def _own(request, rows, report_pk, pk):
    """The answer when it is one's own unit's (no mandate is asked for), 404 for a stranger, 403 for a reader."""
    asked = rows.filter(report=report_pk, pk=pk)
    row = asked.of_units(request.user.unit_ids).first() or _from_paper(request.user, asked)
    if row is None:
        get_object_or_404(AnnualReport.objects.visible_to(request.user), pk=report_pk)
        get_object_or_404(rows, report=report_pk, pk=pk)
        raise PermissionDenied(ONLY_THE_UNIT)
    return row


def _from_paper(user, asked):
    """Phòng Nội vụ goes on typing what it enters for a unit."""
    return asked.filter(report__entered_by__isnull=False).first() if user.is_standing_office else None


def _save(request, form, deed, answer, typed):
    if not form.is_valid():
        return JsonResponse({"errors": first_errors(form)}, status=422)
    version, force = version_in(request.POST, "version"), request.POST.get("force") == "1"
    try:
        saved = deed(**answer, data=form.cleaned_data, version=version, by=request.user, force=force)
    except answers.Closed as refusal:
        return JsonResponse(_kept(request, form, refusal, *answer.values()), status=423)
    except answers.Conflict as clash:
        answers.keep_both(clash=clash, by=request.user)
        return JsonResponse(_clash(clash, typed), status=409)
    return JsonResponse(_stored(saved))


def _kept(request, form, refusal, answer) -> dict:
    """Too late for the report, and still not lost: the words stand beside the field until it opens again."""
    typed = {name: text for name in form.fields if (text := request.POST.get(form.add_prefix(name))) is not None}
    late.keep(answer=answer, typed=typed, by=request.user)
    told = {"message": str(refusal), "kept": True}
    if answer.report.is_locked:
        told["extension"] = reverse("campaigns:ask_extension", args=[answer.report.period_id])
    return told


def _stored(saved) -> dict:
    """A doubtful figure is stored all the same; the sentences about it stand beside the figures they concern."""
    told = {"version": saved.version, "saved_at": f"{clock.local(saved.saved_at or clock.now()):%H:%M}"}
    return told | {"derived": {} if isinstance(saved, Entry) else standing_of(saved)}


def _clash(clash, typed) -> dict:
    theirs = clash.theirs
    return {
        "by": clash.who,
        "at": clash.at,
        "mine": _words(clash.mine),
        "theirs": _words(theirs),
        "version": theirs.version,
        "theirs_values": {f"{theirs.key}-{name}": value for name, value in typed(theirs).items()},
    }


def _words(answer) -> str:
    """With its explanation: two people may differ in nothing else."""
    explained = isinstance(answer, Figure) and answer.explanation
    return f"{answer.words}. Giải thích: {answer.explanation}" if explained else answer.words
