"""Deeds on the score sheet of a cluster: set its lines, give points at three stages, rank."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse

from campaigns.models import Period
from criteria.models import Criterion
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import clean_text, format_number
from phongtho_thidua.lib.workflow import StepRefused
from reports.models import Ranking, Score, ScoreItem, ScoreKind, Stage
from reports.selectors.ranking import rank
from reports.selectors.scores import Sheet, SheetRow, entrants_of, sheet_of, stages_of, who_gives
from units import audit, notify
from units.models import Cluster, Membership, Role, Unit, User
from units.workflow import refuse_short

ONLY_SETTERS = "Chỉ Phòng Nội vụ và đơn vị trưởng khối đặt nội dung chấm."
ONLY_STANDING_OFFICE = "Chỉ Phòng Nội vụ xếp hạng khối và bỏ kết quả xếp hạng."
_NEEDS_DOCUMENT = "Điểm thưởng, điểm trừ cần ghi văn bản làm căn cứ."
_DEEDS = {Stage.CLAIMED: "tự chấm điểm", Stage.VERIFIED: "thẩm định điểm", Stage.RECOGNISED: "công nhận điểm"}


class Overtaken(StepRefused):
    """Somebody changed a line after the page was opened."""


class NotRankable(StepRefused):
    """Recognised points are missing; the sentence names the units."""


# --- lines ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_item(
    *,
    cluster: Cluster,
    period: Period,
    kind: ScoreKind,
    name: str,
    most: Decimal,
    order: int,
    by: User,
    criterion: Criterion | None = None,
) -> ScoreItem:
    """A line that gives (or takes) `most` points at most.

    Raises PermissionDenied, StepRefused once the sheet is fixed, or ValidationError.
    """
    _settable(cluster, period, by)
    if most <= 0:
        raise ValidationError({"most": "Điểm tối đa phải lớn hơn 0."})
    if criterion and kind != ScoreKind.CRITERION:
        raise ValidationError({"criterion": "Chỉ điểm tiêu chí gắn với tiêu chí của Kế hoạch."})
    name = clean_text(name)
    if ScoreItem.objects.filter(cluster=cluster, period=period, name=name).exists():
        raise ValidationError({"name": f"Bảng đã có nội dung “{name}”."})
    fields = {"kind": kind, "name": name, "most": most, "order": order, "criterion": criterion}
    item = ScoreItem.objects.create(cluster=cluster, period=period, **fields)
    points = f"{item.get_kind_display()}, tối đa {format_number(most)}"
    _record(by, "add_score_item", cluster, f"thêm nội dung chấm năm {period.year}", {name: ["", points]})
    return item


@transaction.atomic
def drop_item(*, item: ScoreItem, by: User) -> None:
    _settable(item.cluster, item.period, by)
    changes = {item.name: [f"tối đa {format_number(item.most)}", ""]}
    _record(by, "drop_score_item", item.cluster, f"bỏ nội dung chấm năm {item.period.year}", changes)
    ScoreItem.objects.filter(pk=item.pk).delete()


@transaction.atomic
def copy_items(*, cluster: Cluster, period: Period, by: User) -> int:
    """The lines of the nearest earlier year that has any, into an empty sheet; returns how many."""
    sheet = _settable(cluster, period, by)
    if sheet.items:
        raise StepRefused(f"Bảng điểm năm {period.year} đã có nội dung chấm, không chép thêm.")
    earlier = ScoreItem.objects.filter(cluster=cluster, period__year__lt=period.year)
    year = earlier.order_by("-period__year").values_list("period__year", flat=True).first()
    if year is None:
        raise StepRefused(f"{cluster.name} chưa có bảng điểm của năm trước để chép.")
    kept = ("kind", "name", "most", "order", "criterion_id")
    rows = earlier.filter(period__year=year).values(*kept)
    made = ScoreItem.objects.bulk_create(ScoreItem(cluster=cluster, period=period, **row) for row in rows)
    _record(by, "copy_score_items", cluster, f"chép {len(made)} nội dung chấm của năm {year} sang năm {period.year}")
    return len(made)


def _settable(cluster: Cluster, period: Period, by: User) -> Sheet:
    """The locked sheet, when `by` may set its lines and they may still change."""
    sheet = _locked(cluster, period)
    if not by.has_perm("reports.set_score_items", sheet):
        raise PermissionDenied(ONLY_SETTERS)
    if sheet.why_fixed:
        raise StepRefused(sheet.why_fixed)
    return sheet


def _locked(cluster: Cluster, period: Period) -> Sheet:
    """The whole sheet; the cluster's row is the lock of all its sheets."""
    return sheet_of(Cluster.objects.select_for_update().get(pk=cluster.pk), period)


# --- points -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """What somebody says on one line; `version` is the one that was read, 0 when there was none."""

    value: Decimal | None
    document: str = ""
    note: str = ""
    version: int = 0


@transaction.atomic
def save_points(
    *, cluster: Cluster, period: Period, unit: Unit, stage: Stage, given: dict[int, Given], by: User
) -> int:
    """The points of `unit` at one stage, {line id: given}, all or none; returns how many lines changed.

    Raises PermissionDenied (also: nobody gives points to their own unit but its own, and who verified a line does not
    recognise it), StepRefused once ranked, Overtaken, or ValidationError {"<line id>-value": …}.
    """
    sheet = _locked(cluster, period)
    row = sheet.row_of(unit.pk)
    if row is None:
        raise StepRefused(f"{unit.name} không thuộc {cluster.name} trong kỳ năm {period.year}.")
    if stage not in stages_of(by, row):
        raise PermissionDenied(who_gives(stage, row))
    if sheet.rankings:
        raise StepRefused("Khối đã được xếp hạng. Muốn sửa điểm, Phòng Nội vụ bỏ kết quả xếp hạng trước.")
    said = {item: _cleaned(given[item.pk]) for item in sheet.items if item.pk in given}
    changed = {item: one for item, one in said.items() if _differs(row.score(item), stage, one)}
    _refuse_stale(row, changed)
    _refuse_same_person(row, changed, stage, by)
    if problems := dict(_problems(row, changed, stage)):
        raise ValidationError(problems)
    if changed:
        label = f"{_DEEDS[stage]} năm {period.year} của {unit.name}"
        changes = _told(row, changed, stage)
        audit.record(actor=by, action=f"{stage}_points", target=row.member.row, label=label, changes=changes)
        _write(row, changed, stage, by)
    return len(changed)


def _cleaned(one: Given) -> Given:
    return Given(one.value, clean_text(one.document), clean_text(one.note), one.version)


def _differs(score: Score, stage: Stage, one: Given) -> bool:
    return (score.points(stage), score.document, score.note) != (one.value, one.document, one.note)


def _refuse_stale(row: SheetRow, changed: dict[ScoreItem, Given]) -> None:
    stale = [item.name for item, one in changed.items() if row.score(item).seen_version != one.version]
    if stale:
        raise Overtaken(f"Người khác đã lưu sau khi bạn mở: {'; '.join(stale)}. Đọc lại rồi lưu.")


def _refuse_same_person(row, changed, stage, by) -> None:
    if stage == Stage.RECOGNISED and any(row.score(item).verified_by_id == by.pk for item in changed):
        raise PermissionDenied(
            "Người đã thẩm định không công nhận chính điểm đó. Người khác của Phòng Nội vụ công nhận."
        )


def _problems(row: SheetRow, changed: dict[ScoreItem, Given], stage: Stage):
    for item, one in changed.items():
        score = row.score(item)
        if problem := _out_of_turn(score, stage, one) or _out_of_range(item, one):
            yield f"{item.pk}-value", problem
        elif item.needs_document and not one.document and _takes_effect(score, stage, one):
            yield f"{item.pk}-document", _NEEDS_DOCUMENT


def _out_of_turn(score: Score, stage: Stage, one: Given) -> str:
    order = list(Stage)
    later = [name for name in order[order.index(stage) + 1 :] if score.points(name) is not None]
    if later:
        return f"Đã có điểm “{later[0].label.lower()}”, điểm “{stage.label.lower()}” giữ nguyên."
    if stage == Stage.RECOGNISED and one.value is not None and score.verified is None:
        return "Chưa có điểm thẩm định của khối, nên chưa công nhận được."
    return ""


def _out_of_range(item: ScoreItem, one: Given) -> str:
    if one.value is None or 0 <= one.value <= item.most:
        return ""
    return f"Điểm từ 0 đến {format_number(item.most)}."


def _takes_effect(score: Score, stage: Stage, one: Given) -> bool:
    others = (score.points(other) for other in Stage if other != stage)
    return any(points for points in (one.value, *others))


def _write(row: SheetRow, changed: dict[ScoreItem, Given], stage: Stage, by: User) -> None:
    now, scores = clock.now(), []
    for item, one in changed.items():
        score = row.score(item)
        is_given = one.value is not None
        signed = {f"{stage}_by": by if is_given else None, f"{stage}_at": now if is_given else None}
        for field, value in {stage.value: one.value, **signed, "document": one.document, "note": one.note}.items():
            setattr(score, field, value)
        if score.pk:
            score.version += 1
        scores.append(score)
    Score.objects.bulk_update(
        [score for score in scores if score.pk],
        (stage.value, f"{stage}_by", f"{stage}_at", "document", "note", "version"),
    )
    Score.objects.bulk_create([score for score in scores if not score.pk])


def _told(row: SheetRow, changed: dict[ScoreItem, Given], stage: Stage) -> dict[str, list[str]]:
    return {
        item.name: [format_number(row.score(item).points(stage)), format_number(one.value)]
        for item, one in changed.items()
    }


# --- ranking ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def rank_cluster(*, cluster: Cluster, period: Period, by: User) -> list[Ranking]:
    """Everybody's place, with the comparisons that decided it. Raises PermissionDenied, StepRefused or NotRankable."""
    if not by.has_perm("reports.rank_cluster"):
        raise PermissionDenied(ONLY_STANDING_OFFICE)
    sheet = _locked(cluster, period)
    _refuse_unrankable(sheet)
    signed = {"cluster": cluster, "period": period, "made_by": by, "made_at": clock.now()}
    rows = [
        Ranking(unit_id=one.entrant.unit_id, place=one.place, points=one.entrant.total, path=list(one.path), **signed)
        for one in rank(entrants_of(sheet))
    ]
    Ranking.objects.bulk_create(rows)
    _record(by, "rank_cluster", cluster, f"xếp hạng {len(rows)} đơn vị năm {period.year}")
    text = f"{cluster.name} đã xếp hạng năm {period.year}."
    url = reverse("reports:score_sheet", args=[cluster.pk, period.year])
    notify.tell(_people_of(sheet).exclude(pk=by.pk), kind="cluster_ranked", text=text, url=url)
    return rows


def _people_of(sheet: Sheet):
    posts = Membership.objects.on(clock.today()).filter(unit__in=[row.unit.pk for row in sheet.rows])
    posts = posts.filter(role__in=(Role.OFFICER, Role.HEAD))
    return User.objects.filter(is_active=True, pk__in=posts.values("user"))


def _refuse_unrankable(sheet: Sheet) -> None:
    year = sheet.period.year
    if sheet.rankings:
        raise StepRefused(f"{sheet.cluster.name} đã xếp hạng năm {year}.")
    if not (sheet.items and sheet.rows):
        raise NotRankable(f"{sheet.cluster.name} năm {year} chưa có nội dung chấm hoặc chưa có thành viên.")
    if sheet.unfinished:
        named = "; ".join(f"{name} ({count} nội dung)" for name, count in sheet.unfinished)
        raise NotRankable(f"Chưa xếp hạng được, còn thiếu điểm được công nhận: {named}.")
    units = [row.unit.pk for row in sheet.rows]
    if other := Ranking.objects.filter(period=sheet.period, unit__in=units).select_related("unit", "cluster").first():
        raise StepRefused(f"{other.unit} đã được xếp hạng năm {year} trong {other.cluster}.")


@transaction.atomic
def undo_ranking(*, cluster: Cluster, period: Period, note: str, by: User) -> None:
    """Points can be corrected again; the reason stays in the history. Raises PermissionDenied or StepRefused."""
    if not by.has_perm("reports.rank_cluster"):
        raise PermissionDenied(ONLY_STANDING_OFFICE)
    sheet, note = _locked(cluster, period), clean_text(note)
    if not sheet.rankings:
        raise StepRefused(f"{cluster.name} chưa xếp hạng năm {period.year}.")
    refuse_short(note)
    changes = {one.unit.name: [f"thứ {one.place}", ""] for one in sheet.rankings}
    Ranking.objects.filter(cluster=cluster, period=period).delete()
    _record(by, "undo_ranking", cluster, f"bỏ kết quả xếp hạng năm {period.year}", changes, note)


def _record(by, action, cluster, label, changes=None, note="") -> None:
    audit.record(actor=by, action=action, target=cluster, label=label, changes=changes, note=note)
