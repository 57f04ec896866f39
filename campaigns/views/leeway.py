"""More time, or no report to make: asked for by a unit, answered and entered by Phòng Nội vụ."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campaigns.forms import AnswerExtensionForm, AskExtensionForm, ExcuseForm, RevokeForm
from campaigns.models import Excusal, Extension, ExtensionState, Holiday, Period
from campaigns.selectors.leeway import excusable_units, leeway_of, own_expected_units, time_left
from campaigns.services import leeway as deeds
from campaigns.workflow import EXTENSION_STEPS, EXTENSION_TONES, ONLY_THE_UNIT_ASKS
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import NoteMissing, choices
from units import audit
from units.access import needs, signed_in

END_OF_DAY = 17  # deadlines end with the office day


@signed_in
def extensions(request):
    rows = Extension.objects.visible_to(request.user).select_related("unit", "period", "decided_by")
    waiting = [row for row in rows if row.state == ExtensionState.ASKED]
    answered = [row for row in rows if row.state != ExtensionState.ASKED]
    for row in rows:
        row.tone = EXTENSION_TONES[row.state]
    excusals = Excusal.objects.visible_to(request.user).select_related("unit", "period", "by", "revoked_by")
    context = {
        "waiting": sorted(waiting, key=lambda row: row.asked_at),
        "answered": answered,
        "excusals": excusals,
        "periods": Period.objects.visible_to(request.user).filter(opens_at__lte=clock.now()).order_by("-year")[:2],
        "may_excuse": request.user.has_perm("campaigns.excuse"),
    }
    return render(request, "campaigns/extensions.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def ask_extension(request, pk):
    period = get_object_or_404(Period.objects.visible_to(request.user), pk=pk)
    units = own_expected_units(request.user, period)
    if not units:
        raise PermissionDenied(ONLY_THE_UNIT_ASKS)
    form = AskExtensionForm(request.POST if request.method == "POST" else None, units=units)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        until = clock.at(said.pop("wanted_on"), END_OF_DAY)
        if row := form.attempt(deeds.ask_extension, period=period, wanted_until=until, by=request.user, **said):
            messages.info(request, "Đã gửi đề nghị gia hạn đến Phòng Nội vụ.")
            return redirect(row)
    holidays = Holiday.objects.days()
    context = {"form": form, "period": period, "left": time_left(period.due_at, holidays)}
    status = 422 if request.method == "POST" else 200
    return render(request, "campaigns/extension_ask.html", context, status=status)


@signed_in
@require_http_methods(["GET", "POST"])
def extension(request, pk):
    rows = Extension.objects.visible_to(request.user).select_related("unit", "period", "asked_by", "decided_by")
    row = get_object_or_404(rows, pk=pk)
    if request.method == "GET":
        return _page(request, row, AnswerExtensionForm(initial=_wanted(row)))
    form = AnswerExtensionForm(request.POST)
    if not request.user.has_perm("campaigns.see_extensions"):
        raise PermissionDenied(EXTENSION_STEPS["grant"].who)
    if form.is_valid() and _answer(form, row, request.user):
        messages.info(request, f"Đã trả lời {row.unit.name} lúc {clock.now():%H:%M}.")
        return redirect("campaigns:extensions")
    return _page(request, row, form, status=422)


def _wanted(row) -> dict:
    return {"until_on": f"{clock.local(row.wanted_until):%d/%m/%Y}"}


def _answer(form, row, by):
    """The deed that was chosen, or None with its refusal at the field it concerns."""
    said = form.cleaned_data
    who = {"extension": row, "answer": said["answer"], "by": by, "version": said["version"]}
    try:
        if said["step"] == "refuse":
            return deeds.refuse_extension(**who)
        if said["until_on"]:
            return form.attempt(deeds.grant_extension, until=clock.at(said["until_on"], END_OF_DAY), **who)
        form.add_error("until_on", "Ghi ngày gia hạn đến.")
    except NoteMissing as refusal:
        form.add_error("answer", str(refusal))
    return None


def _page(request, row, form, status=200):
    context = {
        "extension": row,
        "tone": EXTENSION_TONES[row.state],
        "form": form,
        "choices": choices(EXTENSION_STEPS, row, request.user),
        "may_answer": row.state == ExtensionState.ASKED and request.user.has_perm("campaigns.answer_extension", row),
        "due_at": leeway_of(row.period).due_at(row.unit_id, row.period),
        "history": audit.history_of(row),
    }
    return render(request, "campaigns/extension.html", context, status=status)


@needs("campaigns.excuse", deeds.ONLY_STANDING_OFFICE)
@require_http_methods(["GET", "POST"])
def excuse(request, period_pk):
    period = get_object_or_404(Period.objects.visible_to(request.user), pk=period_pk)
    form = ExcuseForm(request.POST if request.method == "POST" else None, units=excusable_units(period))
    if form.is_valid() and form.attempt(deeds.excuse, period=period, by=request.user, **form.cleaned_data):
        messages.info(request, "Đã ghi đơn vị được miễn báo cáo.")
        return redirect("campaigns:extensions")
    return _form_page(request, form, f"Ghi miễn báo cáo năm {period.year}", "Ghi miễn báo cáo")


@needs("campaigns.excuse", deeds.ONLY_STANDING_OFFICE)
@require_http_methods(["GET", "POST"])
def revoke_excusal(request, pk):
    row = get_object_or_404(Excusal.objects.visible_to(request.user).select_related("unit", "period"), pk=pk)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and form.attempt(deeds.revoke_excusal, excusal=row, by=request.user, **form.cleaned_data):
        messages.info(request, f"Đã hủy miễn báo cáo của {row.unit.name}.")
        return redirect("campaigns:extensions")
    return _form_page(request, form, f"Hủy miễn báo cáo năm {row.period.year} của {row.unit.name}", "Hủy miễn báo cáo")


def _form_page(request, form, title, button):
    back = {"back_url": reverse("campaigns:extensions"), "back_label": "Gia hạn, miễn báo cáo"}
    status = 422 if request.method == "POST" else 200
    return render(request, "form_page.html", back | {"form": form, "title": title, "button": button}, status=status)
