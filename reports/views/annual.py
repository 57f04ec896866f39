"""The annual report of a unit: its list, its one page for writing and reading, its printed face, its steps."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.models import Period
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import NoteMissing
from reports.forms import StepForm
from reports.models import AnnualReport
from reports.selectors.evidence import add_evidence
from reports.selectors.problems import problems_in
from reports.selectors.queue import place_in, queue_for
from reports.selectors.sheet import blocks_of, groups_of
from reports.selectors.shelf import shelf_of
from reports.services import annual as deeds
from reports.views.page import page_of, queue_url
from reports.views.whole import save_whole
from reports.workflow import BEING_WRITTEN, ONLY_THE_UNIT, told
from units.access import signed_in
from units.models import Unit

DEEDS = {
    "submit": deeds.submit,
    "resubmit": deeds.resubmit,
    "withdraw": deeds.withdraw,
    "withdraw_correction": deeds.withdraw_correction,
    "open_review": deeds.open_review,
    "accept": deeds.accept,
    "reopen": deeds.reopen,
}


@signed_in
def reports(request):
    return render(request, "reports/reports.html", {"shelf": shelf_of(request.user)})


@signed_in
@require_POST
def start(request, unit_pk, year):
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=unit_pk)
    period = get_object_or_404(Period.objects.visible_to(request.user), year=year)
    try:
        report = deeds.start_report(unit=unit, period=period, by=request.user)
    except deeds.AlreadyStarted as refusal:
        context = {"shelf": shelf_of(request.user), "refusal": refusal}
        return render(request, "reports/reports.html", context, status=409)
    return redirect(report)


@signed_in
@require_http_methods(["GET", "POST"])
def report(request, pk):
    row = readable(request, pk)
    if request.method == "GET":
        return render(request, "reports/report.html", page_of(request, row))
    if not any(request.user.has_perm(f"reports.{deed}_report", row) for deed in ("start", "edit")):
        raise PermissionDenied(ONLY_THE_UNIT)
    outcome = save_whole(report=row, data=request.POST, by=request.user)
    if outcome.status != 200:
        return render(request, "reports/report.html", page_of(request, row, outcome=outcome), status=outcome.status)
    messages.info(request, f"Đã lưu lúc {clock.now():%H:%M}.")
    return redirect(row)


@signed_in
def printed(request, pk):
    row = readable(request, pk)
    blocks = blocks_of(row)
    add_evidence(blocks, row)
    context = {"report": row, "groups": groups_of(blocks), "problems": problems_in(blocks)}
    return render(request, "reports/report_print.html", context)


@signed_in
@require_POST
def step(request, pk):
    row = visible(request, pk)
    form = StepForm(request.POST)
    if not form.is_valid() or form.cleaned_data["step"] not in DEEDS:
        raise Http404
    following = following_after(request, row, ends=form.cleaned_data["step"] == "accept")
    try:
        row = _take(request, row, form.cleaned_data)
    except (deeds.NotReady, NoteMissing) as refusal:
        context = page_of(request, row, refusal=refusal, tried=form.cleaned_data)
        return render(request, "reports/report.html", context, status=422)
    messages.info(request, told(row))
    return redirect(following)


def _take(request, row, asked):
    name, more = asked["step"], {}
    if deeds.STEPS[name].needs_note or name == "accept":  # why figures are accepted that nobody has verified
        more["note"] = asked["note"]
    if name in ("submit", "resubmit"):
        more["seen_at"] = _moment(request.GET.get("mo-luc", ""))
    return DEEDS[name](report=row, by=request.user, version=asked["version"], **more)


def _moment(text: str):
    """When the page was opened, as it told us itself; nonsense is no moment."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def following_after(request, row, *, ends: bool):
    """In the queue a review that `ends` leads to the next report, or to the queue when none is left."""
    if "hang-doi" not in request.GET:
        return row
    kind = request.GET.get("loai", "")
    if not ends or request.GET.get("next") != "1":
        return queue_url(row.pk, kind)
    place = place_in(queue_for(request.user, kind), row.pk)
    return queue_url(place.following if place else None, kind)


def visible(request, pk) -> AnnualReport:
    rows = AnnualReport.objects.visible_to(request.user).with_deadlines().with_facts()
    return get_object_or_404(rows.select_related("unit", "period", "prepared_by", "submitted_by"), pk=pk)


def readable(request, pk) -> AnnualReport:
    row = visible(request, pk)
    if not request.user.has_perm("reports.read_report", row):
        raise PermissionDenied(BEING_WRITTEN)
    return row
