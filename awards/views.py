"""Rounds, nominations and their review: gate, form, deed, answer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from criteria.models import Audience, CriteriaSet
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import NoteMissing
from units import audit
from units.access import needs, signed_in
from units.models import Unit

from . import selectors
from .forms import ChangeForm, OpenForm, RoundDatesForm
from .models import AwardRound, Nomination, NominationState, SubjectKind
from .services import catalogue
from .services import nominations as deeds
from .workflow import EARLIER_WORDS, ROUND_TONES, STEPS, TONES, VERDICTS

PAGE = 50


@signed_in
def rounds(request):
    rows = selectors.rounds_for(request.user)
    for row in rows:
        row.round.tone, row.round.icon = ROUND_TONES[row.round.state]
    context = {"rounds": rows, "waiting": selectors.work_count(request.user)}
    return render(request, "awards/rounds.html", context | _list(request, Nomination.objects.all()))


@signed_in
def award_round(request, pk):
    row = get_object_or_404(AwardRound.objects.visible_to(request.user).select_related("period"), pk=pk)
    row.tone, row.icon = ROUND_TONES[row.state]
    context = {
        "round": row,
        "forms": selectors.catalogue(row),
        "criteria": _individual_criteria(row),
        "history": audit.history_of(row),
    }
    return render(request, "awards/round.html", context | _list(request, row.nominations.all()))


def _individual_criteria(award_round):
    """Plan III.1.4 shapes what is written of a person's achievement."""
    return CriteriaSet.objects.for_year(award_round.period.year).criteria.filter(audience=Audience.INDIVIDUALS)


def _list(request, rows) -> dict:
    """The nominations that this person sees, by state, one page of them."""
    state = request.GET.get("trang-thai", "")
    rows = rows.visible_to(request.user).with_subjects()
    if state in NominationState.values:
        rows = rows.filter(state=state)
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    for row in page:
        row.tone = TONES[row.state]
    return {"page": page, "states": NominationState.choices, "state": state}


@needs("awards.edit_round", catalogue.ONLY_STANDING_OFFICE)
@require_http_methods(["GET", "POST"])
def edit_round(request, pk):
    row = get_object_or_404(AwardRound.objects.visible_to(request.user), pk=pk)
    times = {name: getattr(row, name) for name in RoundDatesForm.base_fields}
    form = RoundDatesForm(request.POST or None, initial=times)
    if form.is_valid() and form.attempt(
        catalogue.set_round_dates, award_round=row, by=request.user, **form.cleaned_data
    ):
        messages.info(request, f"Đã lưu thời gian của đợt {row.period.year}.")
        return redirect(row)
    return render(request, "awards/edit_round.html", {"round": row, "form": form}, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def open_nomination(request, pk):
    row = get_object_or_404(AwardRound.objects.visible_to(request.user), pk=pk)
    unit, kind = _own_unit(request), request.GET.get("loai", "")
    if kind not in SubjectKind.values:
        units = Unit.objects.filter(pk__in=request.user.unit_ids)
        return render(request, "awards/choose_subject.html", {"round": row, "units": units, "kinds": SubjectKind})
    form = OpenForm(request.POST or None, award_round=row, unit=unit, kind=kind)
    if form.is_valid():
        made = form.attempt(deeds.open_nomination, award_round=row, unit=unit, by=request.user, **form.deed)
        if made:
            messages.info(request, "Đã lưu bản soạn. Đọc lại rồi để thủ trưởng trình.")
            return redirect(made)
    criteria = _individual_criteria(row) if kind == SubjectKind.INDIVIDUAL else ()
    context = {"round": row, "unit": unit, "kind": SubjectKind(kind), "form": form, "criteria": criteria}
    return render(request, "awards/open_nomination.html", context, status=422 if form.errors else 200)


def _own_unit(request) -> Unit:
    """The unit this person nominates for: the one asked for among their own, else their first."""
    wanted = request.GET.get("don-vi", "")
    units = Unit.objects.filter(pk__in=request.user.unit_ids)
    unit = units.filter(pk=wanted).first() if wanted.isdecimal() else units.first()
    if unit is None:
        raise PermissionDenied(deeds.ONLY_OWN_UNIT)
    return unit


def _visible(request, pk) -> Nomination:
    rows = Nomination.objects.visible_to(request.user).with_subjects().prefetch_related("writers")
    return get_object_or_404(rows, pk=pk)


@signed_in
@require_http_methods(["GET", "POST"])
def nomination(request, pk):
    """Saving and submitting are two buttons of one form, so that nothing typed is left behind by the second."""
    row = _visible(request, pk)
    if request.method == "GET":
        return _page(request, row)
    if not request.user.has_perm("awards.edit_nomination", row):
        raise PermissionDenied(deeds.ONLY_OPEN)
    form = ChangeForm(request.POST, nomination=row)
    try:
        saved = form.is_valid() and form.attempt(
            deeds.change_nomination, nomination=row, by=request.user, **form.cleaned_data
        )
    except deeds.Overtaken:
        return _overtaken(request, _visible(request, pk), form)
    if not saved:
        return _page(request, row, form=form, status=422)
    if "step" in request.POST:
        return _take(request, _visible(request, pk), saved.version)
    messages.info(request, f"Đã lưu lúc {clock.now():%H:%M}.")
    return redirect(row)


def _overtaken(request, row, form):
    """Both versions side by side; saving again, on top of the newer version, is this person's decision."""
    form.data = form.data.copy()
    form.data["version"] = row.version
    return _page(request, row, form=form, overtaken_by=audit.history_of(row)[0], status=409)


def _page(request, row, *, form=None, status=200, **more):
    may_edit = request.user.has_perm("awards.edit_nomination", row)
    context = _told(request, row) | {
        "form": (form or ChangeForm(nomination=row)) if may_edit else None,
        "may_discard": request.user.has_perm("awards.discard_nomination", row),
        "action": reverse("awards:take_step", args=[row.pk]),
    }
    return render(request, "awards/nomination.html", context | more, status=status)


def _told(request, row) -> dict:
    """What the nomination's own page and the reviewer's desk both show."""
    return {
        "nomination": row,
        "tone": TONES[row.state],
        "verdict": VERDICTS.get(row.state, EARLIER_WORDS),
        "findings": selectors.findings_for(row, request.user),
        "choices": selectors.choices_for(row, request.user),
        "history": audit.history_of(row),
    }


@signed_in
@require_POST
def take_step(request, pk):
    return _take(request, _visible(request, pk), _version(request))


def _take(request, row, version):
    name, note = request.POST.get("step", ""), request.POST.get("note", "")
    if name not in STEPS:
        raise Http404
    at_desk = request.GET.get("hang-doi") == "1"
    page, tried = _desk if at_desk else _page, {"name": name, "note": note}
    try:
        deeds.take_nomination_step(nomination=row, name=name, by=request.user, note=note, version=version)
    except NoteMissing as error:
        return page(request, row, tried=tried | {"error": str(error)}, status=422)
    except deeds.Blocked as refusal:
        return page(request, row, tried=tried, blocked=refusal.findings, status=422)
    messages.info(request, f"Đã ghi: {STEPS[name].record}, {row}, lúc {clock.now():%H:%M}.")
    return redirect(_desk_url(request, request.GET.get("sau", "")) if at_desk else row)


def _version(request) -> int | None:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and sent.isascii() else None


@signed_in
@require_POST
def discard_nomination(request, pk):
    row = _visible(request, pk)
    deeds.discard_nomination(nomination=row, by=request.user)
    messages.info(request, f"Đã bỏ bản soạn: {row}.")
    return redirect(row.round)


@needs("awards.see_queue", "Chỉ Phòng Nội vụ mở hàng đợi xét khen thưởng.")
def queue(request):
    return _desk(request)


def _desk(request, row=None, *, status=200, **more):
    """One nomination of the queue: the one asked for, the one just refused a step, or the first."""
    one = _filter(request)
    wanted = str(row.pk) if row else request.GET.get("de-nghi", "")
    place = selectors.place_in_queue(request.user, one=one, wanted=int(wanted) if wanted.isdecimal() else None)
    context = {"place": place, "one": one}
    if place.nomination:
        kept = {"hang-doi": 1, "sau": place.following or "", "dot": one.pk if one else ""}
        step_url = reverse("awards:take_step", args=[place.nomination.pk], query=kept)
        context |= _told(request, place.nomination) | {"action": step_url}
        context["next_url"] = _desk_url(request, place.following) if place.following else ""
    return render(request, "awards/queue.html", context | more, status=status)


def _filter(request) -> AwardRound | None:
    wanted = request.GET.get("dot", "")
    rows = AwardRound.objects.visible_to(request.user)
    return rows.filter(pk=wanted).first() if wanted.isdecimal() else None


def _desk_url(request, following) -> str:
    """The queue at `following`, with the filter that made it."""
    kept = {"dot": request.GET.get("dot", ""), "de-nghi": following}
    return reverse("awards:queue", query={name: value for name, value in kept.items() if value})
