"""Registrations: a unit's list, the page to read and register, a page to write each part, the roll of a year."""

from dataclasses import dataclass, replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.forms import ContentsForm, PlanFileForm, RegistrationDaysForm, TargetsForm, WorksForm
from campaigns.models import Period, Registration
from campaigns.models.registration import is_late
from campaigns.selectors.registration import data_of, editions_of, problems_of, seen, sheet_of, shown_data
from campaigns.selectors.registrations import roll_of, shelf_of
from campaigns.services import registration as deeds
from campaigns.services.periods import ONLY_STANDING_OFFICE as ONLY_PERIODS
from campaigns.workflow import (
    ONLY_OWN_REGISTRATION,
    REGISTRATION_STEPS,
    REGISTRATION_TONES,
    too_late_to_amend,
    why_registration_closed,
)
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import Choice, NoteMissing, StepRefused, choices
from units import audit
from units.access import needs, signed_in
from units.models import Unit

ONLY_STANDING_OFFICE = "Chỉ Phòng Nội vụ xem danh sách đăng ký của mọi đơn vị."
STEPS = {"submit": deeds.submit, "amend": deeds.amend, "drop": deeds.drop}


@dataclass(frozen=True)
class Part:
    """One part of a registration: the form that writes it, the deed that stores it."""

    name: str
    title: str
    form: type
    deed: object

    @property
    def template(self) -> str:
        return f"campaigns/registration_{self.name}.html"


PARTS = {
    "ke-hoach": Part("plan_file", "Kế hoạch của đơn vị", PlanFileForm, deeds.save_plan_file),
    "noi-dung": Part("contents", "Nội dung thi đua", ContentsForm, deeds.save_contents),
    "chi-tieu": Part("promises", "Chỉ tiêu đăng ký", TargetsForm, deeds.save_promises),
    "cong-trinh": Part("works", "Công trình, phần việc", WorksForm, deeds.save_works),
}
SLUGS = {part.name: slug for slug, part in PARTS.items()}


@signed_in
def registrations(request):
    latest = Period.objects.filter(year=clock.today().year).first()
    return render(request, "campaigns/registrations.html", {"shelf": shelf_of(request.user), "latest": latest})


@needs("campaigns.see_registrations", ONLY_STANDING_OFFICE)
def roll(request, year):
    period = get_object_or_404(Period.objects.visible_to(request.user), year=year)
    years = Period.objects.filter(year__lte=clock.today().year + 1).values_list("year", flat=True)
    return render(request, "campaigns/registration_roll.html", {"roll": roll_of(period), "years": years})


@needs("campaigns.edit_period", ONLY_PERIODS)
@require_http_methods(["GET", "POST"])
def edit_days(request, year):
    period = get_object_or_404(Period.objects.visible_to(request.user), year=year)
    initial = {"registers_by": period.registers_by, "amends_until": period.amends_until}
    form = RegistrationDaysForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            deeds.set_registration_days(period=period, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, f"Đã lưu hạn đăng ký thi đua năm {year}.")
            return redirect("campaigns:registration_roll", year)
    context = {
        "title": f"Hạn đăng ký thi đua năm {year}",
        "back_url": reverse("campaigns:registration_roll", args=[year]),
        "back_label": f"Đăng ký thi đua năm {year}",
        "form": form,
        "button": "Lưu hạn đăng ký",
        "help": "Kế hoạch không ấn định hai ngày này; Phòng Nội vụ đặt.",
    }
    return render(request, "form_page.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def start(request, unit_pk, year):
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=unit_pk)
    period = get_object_or_404(Period.objects.visible_to(request.user), year=year)
    try:
        return redirect(deeds.start_registration(unit=unit, period=period, by=request.user))
    except deeds.AlreadyRegistering as refusal:
        context = {"shelf": shelf_of(request.user), "refusal": refusal}
        return render(request, "campaigns/registrations.html", context, status=409)


@signed_in
def registration(request, pk):
    return _page(request, _visible(request, pk))


@signed_in
def printed(request, pk):
    row = _visible(request, pk)
    data = shown_data(row, request.user)
    return render(request, "campaigns/registration_print.html", {"registration": row, "sheet": sheet_of(row, data)})


def _visible(request, pk) -> Registration:
    rows = Registration.objects.visible_to(request.user).with_parts().with_first_time()
    return get_object_or_404(rows, pk=pk)


def _page(request, row, *, refusal=None, note="", status=200):
    data = shown_data(row, request.user)
    is_own = row.unit_id in request.user.unit_ids
    closed = why_registration_closed(row)
    context = {
        "registration": row,
        "sheet": sheet_of(row, data),
        "tone": REGISTRATION_TONES[row.state],
        "is_late": is_late(row.period, row.first_at),
        "is_own": is_own,
        "may_edit": is_own and not closed,
        "closed": closed if is_own else "",
        "links": _links(row),
        "problems": [(_links(row)[one.part], one.sentence) for one in problems_of(data)] if is_own else [],
        "choices": _choices(row, request.user) if is_own else [],
        "refusal": refusal,
        "tried": {"name": "amend", "note": note, "error": str(refusal)} if isinstance(refusal, NoteMissing) else {},
        "editions": editions_of(row),
        "history": audit.history_of(row) if is_own else [],
    }
    return render(request, "campaigns/registration.html", context, status=status)


def _links(row) -> dict[str, str]:
    return {name: reverse("campaigns:registration_part", args=[row.pk, slug]) for name, slug in SLUGS.items()}


def _choices(row, user) -> list[Choice]:
    """The steps of the state; past its time a step stays visible, with the rule that stops it."""
    late = too_late_to_amend(row) if row.is_settled else why_registration_closed(row)
    found = choices(REGISTRATION_STEPS, row, user)
    if not late:
        return found
    return [
        choice if choice.step.name == "drop" else Choice(replace(choice.step, who=late), allowed=False)
        for choice in found
    ]


@signed_in
@require_POST
def step(request, pk):
    row, name = _visible(request, pk), request.POST.get("step")
    if name not in STEPS:
        raise Http404
    version, note = request.POST.get("version", ""), request.POST.get("note", "")
    more = {"note": note} if REGISTRATION_STEPS[name].needs_note else {}
    try:
        STEPS[name](registration=row, by=request.user, version=int(version) if version.isdecimal() else None, **more)
    except (deeds.NotReady, NoteMissing) as refusal:
        return _page(request, _visible(request, pk), refusal=refusal, note=note, status=422)
    messages.info(request, _told(_visible(request, pk), name))
    return redirect(row)


def _told(row, name) -> str:
    match name:
        case "submit":
            late = ", muộn so với hạn" if is_late(row.period, row.first_at) and row.edition == 1 else ""
            return f"Đã đăng ký lúc {clock.local(row.submitted_at):%H:%M, %d/%m/%Y}, lần {row.edition}{late}."
        case "amend":
            return f"Đã mở điều chỉnh. Lần đăng ký thứ {row.edition} vẫn có hiệu lực đến khi thủ trưởng đăng ký lại."
        case _:
            return f"Đã bỏ điều chỉnh. Lần đăng ký thứ {row.edition} giữ nguyên."


# --- writing ----------------------------------------------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "POST"])
def part(request, pk, slug):
    """One part, one form: saving it can lose nothing that was typed elsewhere."""
    row = _writable(request, pk)
    if slug not in PARTS:
        raise Http404
    section = PARTS[slug]
    if request.method == "POST":
        return _save_part(request, row, section)
    if why_registration_closed(row):
        return redirect(row)  # whose page says why nobody writes
    return _form_page(request, row, section, section.form(registration=row))


def _save_part(request, row, section):
    form = section.form(request.POST or None, request.FILES or None, registration=row)
    try:
        if form.is_valid():
            section.deed(registration=row, by=request.user, seen_as=request.POST.get("seen", ""), **form.deed)
            messages.info(request, f"Đã lưu lúc {clock.now():%H:%M}.")
            return redirect(request.path if "more" in request.POST else row)
    except deeds.Overtaken as conflict:
        return _form_page(request, row, section, form, conflict=conflict, status=409)
    except ValidationError as refusal:
        return _form_page(request, row, section, form, refusal=refusal, status=422)
    except StepRefused as refusal:
        return _form_page(request, row, section, form, closed=refusal, status=409)
    return _form_page(request, row, section, form, status=422)


def _writable(request, pk) -> Registration:
    row = _visible(request, pk)
    if not request.user.has_perm("campaigns.edit_registration", row):
        raise PermissionDenied(ONLY_OWN_REGISTRATION)
    return row


def _form_page(request, row, section, form, *, status=200, **refusals):
    conflict = refusals.get("conflict")
    context = {
        "registration": row,
        "part": section,
        "form": form,
        "seen": conflict.seen if conflict else request.POST.get("seen") or seen(data_of(row), section.name),
        "closed": refusals.get("closed") or why_registration_closed(row),
        "conflict": conflict,
        "refusal": refusals.get("refusal"),
    }
    return render(request, section.template, context, status=status)
