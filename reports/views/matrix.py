"""The matrix of verification (plan VI.1): the page, the decision on one cell, agreement with many, the workbook."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.models import Period
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import format_day
from phongtho_thidua.lib.workflow import NoteMissing, StepRefused
from reports.documents.matrix_sheet import workbook
from reports.forms import JudgeForm, ValueForm
from reports.models import Figure, Verification, VerificationState
from reports.selectors.board import current_period
from reports.selectors.bulk import MOST, candidates
from reports.selectors.cell import figure_for, opened
from reports.selectors.matrix import ABSENT, CORRECTING, NO_DATA, OFF, Asked, matrix_of, sectors_of, waiting_by_year
from reports.services import verification as deeds
from reports.services.recognition import ONLY_THE_OFFICE, recognise_otherwise
from reports.services.remarks import usual_due
from reports.workflow import ONLY_THE_LEAD, VERIFYING
from units.access import needs
from units.models import SectorCode, UnitKind

sees_matrix = needs("reports.see_matrix", "Chỉ cơ quan chủ trì lĩnh vực và Phòng Nội vụ xem được ma trận thẩm tra.")

STATES = {"cho": "Chờ thẩm tra", "lech": "Khác số báo cáo", "tra": "Đã trả lại"}
_LEGEND = (
    (VerificationState.WAITING, "Chờ thẩm tra"),
    ("elsewhere", "Chờ nơi khác thẩm tra"),
    (VerificationState.AGREES, "Khớp"),
    (VerificationState.DIFFERS, "Khác"),
    (VerificationState.RETURNED, "Trả lại"),
)
_NOTHING = (ABSENT, OFF, NO_DATA, CORRECTING)


@dataclass(frozen=True)
class Address:
    """What the reader asked for, as it stands in the address; every link of the page keeps it."""

    period: Period
    asked: Asked
    query: dict[str, str]

    def url(self, **more) -> str:
        return reverse("reports:matrix", query=self.query | {name: str(value) for name, value in more.items()})


def _address(request) -> Address:
    """Raises Http404 for a sector that is not the reader's, as for one that is not there."""
    year, sector = request.GET.get("nam", ""), request.GET.get("linh-vuc", "")
    period = get_object_or_404(Period, year=int(year)) if _is_id(year) else current_period()
    if period is None or (sector and sector not in sectors_of(request.user)):
        raise Http404
    indicator = request.GET.get("chi-tieu", "")
    kind, state = request.GET.get("loai", ""), request.GET.get("loc", "")
    asked = Asked(
        sectors=frozenset([sector]) if sector else _usual_sectors(request.user),
        state=state if state in STATES else "",
        kind=kind if kind in UnitKind.values else "",
        indicator=int(indicator) if _is_id(indicator) else None,
    )
    names = ("nam", "linh-vuc", "loai", "loc", "chi-tieu")
    return Address(period, asked, {name: request.GET[name] for name in names if request.GET.get(name)})


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _usual_sectors(user) -> frozenset[str]:
    """A lead begins with all of its own; the standing office with one, because all are too wide to read."""
    return user.led_sectors or frozenset([SectorCode.FINANCE.value])


@sees_matrix
@require_safe
def matrix(request):
    address, wanted = _address(request), request.GET.get("o", "")
    figure = _figure(request.user, int(wanted)) if _is_id(wanted) else None
    return _page(request, address, figure, step=request.GET.get("buoc", ""))


def _figure(user, pk: int) -> Figure:
    try:
        return figure_for(user, pk)
    except Figure.DoesNotExist:
        raise Http404 from None


def _page(request, address, figure=None, *, step="", judging=None, recognising=None, status=200):
    """`judging` and `recognising` are forms that were refused: what was typed stands in them."""
    shown = matrix_of(request.user, address.period, address.asked)
    waiting, cell = shown.waiting, opened(request.user, figure) if figure else None
    pk = figure.pk if figure else None
    context = {
        "matrix": shown,
        "address": address,
        "base": address.url(o=""),
        "current": pk,
        "on_phone": _column_on_phone(shown, figure),
        "opened": cell,
        "form": judging or (_fresh(cell, step) if cell and cell.may_judge else None),
        "recognising": recognising or _recognising(request.user, figure),
        "place": waiting.index(pk) + 1 if pk in waiting else 0,
        "waiting": waiting,
        "skip_url": address.url(o=following) if (following := _following(waiting, pk)) else "",
        "legend": [(state, label, shown.counts[state]) for state, label in _LEGEND if shown.counts[state]],
        "nothing": sum(shown.counts[state] for state in _NOTHING),
        "others": {year: n for year, n in waiting_by_year(request.user).items() if year != address.period.year},
        "sectors": [(code, SectorCode(code).label) for code in SectorCode.values if code in sectors_of(request.user)],
        "led": [SectorCode(code).label for code in SectorCode.values if code in address.asked.sectors],
        "kinds": UnitKind.choices,
        "states": STATES.items(),
    }
    return render(request, "reports/matrix.html", context, status=status)


def _column_on_phone(shown, figure) -> int:
    pks = [column.pk for column in shown.columns]
    return pks.index(figure.indicator_id) if figure and figure.indicator_id in pks else 0


def _fresh(cell, step: str) -> JudgeForm:
    due = format_day(clock.local(usual_due()).date())
    known = {one.step.name for one in cell.choices if one.allowed}
    initial = {"step": step if step in known else "", "due_on": due, "version": cell.row.version}
    return JudgeForm(indicator=cell.figure.indicator, initial=initial)


def _recognising(user, figure) -> ValueForm | None:
    """Phòng Nội vụ may set its own value while it reviews the report."""
    if figure is None or figure.report.state != "reviewing" or not user.has_perm("reports.recognise_figure", figure):
        return None
    return ValueForm(indicator=figure.indicator, auto_id="cn_%s", initial={"version": figure.version})


def _following(waiting: list[int], pk: int | None) -> int | None:
    """The waiting cell after this one; from the last one on to the first."""
    rest = [one for one in waiting if one != pk]
    if pk not in waiting:
        return rest[0] if rest else None
    place = waiting.index(pk)
    return next(iter([*waiting[place + 1 :], *waiting[:place]]), None)


@sees_matrix
@require_POST
def verify(request, figure_pk):
    address, figure = _address(request), _figure(request.user, figure_pk)
    row = get_object_or_404(Verification.objects.select_related("figure"), figure=figure)
    if not request.user.has_perm("reports.verify_figure", row):
        raise PermissionDenied(ONLY_THE_LEAD)
    waiting = matrix_of(request.user, address.period, address.asked).waiting
    form = JudgeForm(request.POST, indicator=figure.indicator)
    if not form.is_valid() or not _judged(form, row, request.user):
        return _page(request, address, figure, judging=form, status=422)
    told = VERIFYING[form.cleaned_data["step"]].label.partition(",")[0].lower()
    messages.info(request, f"Đã ghi {figure.report.unit.short_name}, {figure.indicator.name}: {told}.")
    following = _following(waiting, figure.pk)
    return redirect(address.url(o=following) if following else address.url())


def _judged(form, row, by) -> bool:
    """Whether the deed was done; what it refuses in words stands in the form."""
    asked = form.cleaned_data
    common = {"verification": row, "version": asked["version"], "by": by}
    try:
        match asked["step"]:
            case "agree":
                deeds.agree(**common)
            case "differ":
                deeds.differ(**common, **form.said(), source=asked["source"], note=asked["note"])
            case "return":
                deeds.return_figure(**common, reason=asked["reason"], due_at=clock.at(asked["due_on"], 17))
            case "reconsider":
                deeds.reconsider(**common, reason=asked["reason"])
            case _:
                deeds.take_back(**common)
    except NoteMissing as refusal:
        form.add_error("reason", str(refusal))
    except ValidationError as refusal:
        _into(form, refusal)
    return form.is_valid()


def _into(form, refusal: ValidationError) -> None:
    """The deed's words at the field that they are about."""
    for name, sentences in refusal.message_dict.items():
        place = {"due_at": "due_on"}.get(name, name)
        form.add_error(place if place in form.fields else None, sentences)


@sees_matrix
@require_POST
def recognise(request, figure_pk):
    address, figure = _address(request), _figure(request.user, figure_pk)
    if not request.user.has_perm("reports.recognise_figure", figure):
        raise PermissionDenied(ONLY_THE_OFFICE)
    form = ValueForm(request.POST, indicator=figure.indicator, auto_id="cn_%s")
    if form.is_valid():
        asked = form.cleaned_data
        signed = {"source": asked["source"], "note": asked["note"], "version": asked["version"], "by": request.user}
        try:
            recognise_otherwise(figure=figure, **form.said(), **signed)
        except NoteMissing as refusal:
            form.add_error("note", str(refusal))
        except ValidationError as refusal:
            _into(form, refusal)
    if not form.is_valid():
        return _page(request, address, figure, recognising=form, status=422)
    messages.info(request, f"Đã ghi số công nhận của {figure.report.unit.short_name}, {figure.indicator.name}.")
    return redirect(f"{address.url(o=figure.pk)}#o")


@sees_matrix
@require_http_methods(["GET", "POST"])
def agree_many(request):
    address = _address(request)
    if request.method == "POST":
        return _agreed(request, address)
    shown = matrix_of(request.user, address.period, address.asked)
    units, columns = ([int(pk) for pk in request.GET.getlist(name) if _is_id(pk)] for name in ("don-vi", "cot"))
    found = candidates(shown, units=units, indicators=columns)
    context = {"address": address, "rows": found[:MOST], "left": len(found) - MOST, "most": MOST}
    return render(request, "reports/matrix_agree.html", context)


def _agreed(request, address):
    seen = dict(key.split("-") for key in request.POST.getlist("o") if _is_pick(key))
    rows = Verification.objects.filter(figure__in=seen, sector__in=sectors_of(request.user)).order_by("figure__report")
    rows = rows.select_related("figure__report__unit", "figure__indicator__criterion")[:MOST]
    if not rows:
        raise StepRefused("Chưa chọn ô nào. Chọn ít nhất một ô rồi xác nhận.")
    done = deeds.agree_many(picks=[(row, int(seen[str(row.figure_id)])) for row in rows], by=request.user)
    if done.agreed:
        messages.info(request, f"Đã xác nhận khớp {len(done.agreed)} ô.")
    if not done.left_out:
        return redirect(address.url())
    context = {"address": address, "done": done}
    return render(request, "reports/matrix_agreed.html", context, status=200 if done.agreed else 409)


def _is_pick(key: str) -> bool:
    pk, _, version = key.partition("-")
    return _is_id(pk) and _is_id(version)


@sees_matrix
@require_safe
def export(request):
    """Only the reader's own sectors, whatever the address says; what a unit is writing stays blank."""
    address = _address(request)
    rows = Verification.objects.filter(sector__in=address.asked.sectors & sectors_of(request.user))
    rows = rows.filter(figure__report__period=address.period).exclude(figure__report__state="draft")
    if address.asked.kind:
        rows = rows.filter(figure__report__unit__kind=address.asked.kind)
    related = ("figure__report__unit", "figure__indicator__criterion", "by")
    order = ("figure__report__unit__sort_key", "figure__indicator__criterion__order", "figure__indicator__order")
    content = workbook(address.period, rows.select_related(*related).order_by(*order))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    name = f"tham-tra-{address.period.year}.xlsx"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
