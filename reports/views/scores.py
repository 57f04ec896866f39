"""Score sheets of clusters: the table of units and lines, one form for each unit, the lines, the ranking."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from criteria.models import AUDIENCE_OF_KIND, CriteriaSet
from phongtho_thidua.lib.documents import xlsx
from phongtho_thidua.lib.vietnamese import format_number
from phongtho_thidua.lib.workflow import NoteMissing
from reports.documents.scores import paper_of
from reports.forms import NoteForm, PointsForm, ScoreItemForm
from reports.models import Face, Score, ScoreItem, Stage
from reports.selectors.scores import Sheet, SheetRow, sheet_of, sheets_for, stages_of, who_gives, years_for
from reports.services import scores as deeds
from reports.views.files import attachment
from units import audit
from units.access import signed_in
from units.models import Cluster


@signed_in
def score_sheets(request):
    return render(request, "reports/score_sheets.html", {"sheets": sheets_for(request.user)})


def visible(request, cluster_pk, year) -> Sheet:
    """The part of the sheet that this person may see; for who has no part in it, it is not there."""
    cluster = get_object_or_404(Cluster.objects.visible_to(request.user), pk=cluster_pk)
    sheet = sheet_of(cluster, get_object_or_404(years_for(request.user), year=year), request.user)
    if not (sheet.rows or sheet.shows_all):
        raise Http404
    return sheet


@signed_in
def score_sheet(request, cluster_pk, year):
    return _sheet_page(request, visible(request, cluster_pk, year))


def _sheet_page(request, sheet, status=200, **more):
    user = request.user
    context = {
        "sheet": sheet,
        "rows": [(row, [_column(row, sheet, stage) for stage in Stage]) for row in sheet.rows],
        "may_set": user.has_perm("reports.set_score_items", sheet),
        "may_rank": user.has_perm("reports.rank_cluster"),
        "only_office": deeds.ONLY_STANDING_OFFICE,
        **more,
    }
    return render(request, "reports/score_sheet.html", context, status=status)


def _column(row: SheetRow, sheet: Sheet, stage: Stage) -> tuple:
    """The name of a stage, the points of every line at it, and their total."""
    points = [row.score(item).points(stage) for item in sheet.items]
    return stage.label, points, row.total(sheet.items, stage)


@signed_in
@require_http_methods(["GET", "POST"])
def unit_scores(request, cluster_pk, year, unit_pk):
    sheet = visible(request, cluster_pk, year)
    row = sheet.row_of(unit_pk)
    if row is None:
        raise Http404
    may = stages_of(request.user, row)
    if request.method == "GET":
        return _unit_page(request, sheet, row, may, _stage(request.GET.get("cot", ""), row, may))
    stage = _stage(request.POST.get("stage", ""), row, may)
    if stage is None:
        raise PermissionDenied(who_gives(Stage.CLAIMED, row))
    return _save(request, sheet, row, may, stage)


def _stage(asked: str, row: SheetRow, may: list[Stage]) -> Stage | None:
    """The column to fill in: the one asked for, else the first of this person's."""
    if asked in Stage.values and asked not in may:
        raise PermissionDenied(who_gives(Stage(asked), row))
    return Stage(asked) if asked in may else next(iter(may), None)


def _save(request, sheet, row, may, stage):
    forms = {item: PointsForm(request.POST, prefix=str(item.pk)) for item in sheet.items}
    page = (request, sheet, row, may, stage, forms)
    judged = [form.is_valid() for form in forms.values()]  # every one, so that all errors show at once
    if not all(judged):
        return _unit_page(*page, status=422)
    given = {item.pk: deeds.Given(**form.cleaned_data) for item, form in forms.items()}
    target = {"cluster": sheet.cluster, "period": sheet.period, "unit": row.unit}
    try:
        count = deeds.save_points(**target, stage=stage, given=given, by=request.user)
    except deeds.Overtaken as refusal:
        return _unit_page(*page, refusal=refusal, status=409)
    except ValidationError as refusal:
        _place(forms, refusal)
        return _unit_page(*page, status=422)
    messages.info(request, f"Đã lưu {count} nội dung, cột {stage.label.lower()}.")
    return redirect("reports:score_sheet", sheet.cluster.pk, sheet.period.year)


def _place(forms, refusal: ValidationError) -> None:
    """Each refusal at the field of its line."""
    by_prefix = {form.prefix: form for form in forms.values()}
    for place, sentences in refusal.message_dict.items():
        prefix, _, field = place.partition("-")
        by_prefix[prefix].add_error(field, sentences)


@dataclass(frozen=True)
class Line:
    """One line of a unit's form: what is stored, and what the inputs hold."""

    item: ScoreItem
    score: Score
    typed: dict[str, str]
    form: PointsForm | None

    @property
    def version(self) -> int:
        return self.score.seen_version


def _unit_page(request, sheet, row, may, stage, forms=None, status=200, **more):
    lines = [_line(item, row.score(item), stage, forms and forms[item]) for item in sheet.items]
    wrong = [(f"id_{form.prefix}-{name}", f"{item.name}: {error}") for item, form in (forms or {}).items()
             for name, errors in form.errors.items() for error in errors]  # fmt: skip
    context = {
        "sheet": sheet,
        "row": row,
        "lines": lines,
        "stage": None if sheet.rankings else stage,
        "may": may,
        "wrong": wrong,
        "refused": [who_gives(one, row) for one in Stage if one not in may],
        "history": audit.history_of(row.member.row),
        **more,
    }
    return render(request, "reports/score_unit.html", context, status=status)


def _line(item: ScoreItem, score: Score, stage: Stage | None, form) -> Line:
    if form is not None:
        typed = {name: form[name].value() or "" for name in ("value", "document", "note")}
    else:
        value = _proposed(item, score, stage)
        typed = {"value": format_number(value), "document": score.document, "note": score.note}
    return Line(item, score, typed, form)


def _proposed(item: ScoreItem, score: Score, stage: Stage | None):
    """What stands in the input at first: one's own points, else those of the stage before, else nothing taken."""
    if stage is None:
        return None
    order = list(Stage)
    stages = [stage, *reversed(order[: order.index(stage)])]
    given = (points for one in stages if (points := score.points(one)) is not None)
    return next(given, 0 if item.needs_document else None)


@signed_in
@require_http_methods(["GET", "POST"])
def score_items(request, cluster_pk, year):
    sheet = visible(request, cluster_pk, year)
    if not request.user.has_perm("reports.set_score_items", sheet):
        raise PermissionDenied(deeds.ONLY_SETTERS)
    form = _item_form(request, sheet)
    if request.method == "POST" and form.is_valid():
        try:
            deeds.add_item(cluster=sheet.cluster, period=sheet.period, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, f"Đã thêm “{form.cleaned_data['name']}”.")
            return redirect("reports:score_items", cluster_pk, year)
    context = {"sheet": sheet, "form": form}
    return render(request, "reports/score_items.html", context, status=422 if form.errors else 200)


def _item_form(request, sheet) -> ScoreItemForm:
    audiences = {AUDIENCE_OF_KIND[row.unit.kind] for row in sheet.rows}
    criteria = CriteriaSet.objects.for_year(sheet.period.year).criteria.filter(audience__in=audiences).order_by("order")
    following = max((item.order for item in sheet.items), default=0) + 1
    return ScoreItemForm(request.POST or None, criteria=criteria, initial={"order": following})


@signed_in
@require_POST
def drop_score_item(request, cluster_pk, year, pk):
    sheet = visible(request, cluster_pk, year)
    item = get_object_or_404(ScoreItem, cluster=sheet.cluster, period=sheet.period, pk=pk)
    deeds.drop_item(item=item, by=request.user)
    messages.info(request, f"Đã bỏ “{item.name}”.")
    return redirect("reports:score_items", cluster_pk, year)


@signed_in
@require_POST
def copy_score_items(request, cluster_pk, year):
    sheet = visible(request, cluster_pk, year)
    count = deeds.copy_items(cluster=sheet.cluster, period=sheet.period, by=request.user)
    messages.info(request, f"Đã chép {count} nội dung chấm. Xem lại trước khi các đơn vị tự chấm.")
    return redirect("reports:score_items", cluster_pk, year)


@signed_in
@require_POST
def rank_cluster(request, cluster_pk, year):
    sheet = visible(request, cluster_pk, year)
    deeds.rank_cluster(cluster=sheet.cluster, period=sheet.period, by=request.user)
    messages.info(request, f"Đã xếp hạng {sheet.cluster.name} năm {year}.")
    return redirect("reports:score_sheet", cluster_pk, year)


@signed_in
@require_POST
def undo_ranking(request, cluster_pk, year):
    sheet, form = visible(request, cluster_pk, year), NoteForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        deeds.undo_ranking(cluster=sheet.cluster, period=sheet.period, note=note, by=request.user)
    except NoteMissing as refusal:
        return _sheet_page(request, sheet, refusal=refusal, typed=note, status=422)
    messages.info(request, "Đã bỏ kết quả xếp hạng. Điểm sửa lại được.")
    return redirect("reports:score_sheet", cluster_pk, year)


@signed_in
def score_sheet_file(request, cluster_pk, year):
    sheet = visible(request, cluster_pk, year)
    title = f"Bảng điểm {sheet.cluster.name} năm {sheet.period.year}"
    return attachment(xlsx.render(paper_of(sheet)), title, Face.XLSX)
