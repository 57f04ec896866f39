"""What units of one audience achieved: their self-grades, every indicator with its base, and the plan's targets."""

from decimal import Decimal

from campaigns.models import Period
from criteria.models import AUDIENCE_OF_KIND, Audience, Criterion, Indicator, Scope, Target, Theme
from criteria.scoring import Aggregation, AnswerKind, Grade
from criteria.targets import Status, judge
from phongtho_thidua.lib.documents.model import Block, Bullets, Column, Heading, Number, Paragraph, Table, Text
from phongtho_thidua.lib.vietnamese import format_number
from reports.sections.cells import derived, outcome_data, printed_total
from reports.selectors.summary import (
    Outcome,
    answers_by_unit,
    criteria_of,
    grade_counts,
    outcomes,
    standings,
)

_GRADES = [*Grade, "off", ""]
_NOTE = (
    "Số đơn vị có số liệu tính trên số đơn vị phải trả lời; không áp dụng và chưa có số liệu đếm riêng, phần còn lại "
    "chưa có báo cáo được chấp nhận. Tỷ lệ là tổng tử số chia tổng mẫu số, không phải trung bình."
)


def gather(period: Period, *, audience: Audience, themes: tuple[Theme, ...]) -> dict:
    units = [s for s in standings(period) if AUDIENCE_OF_KIND[s.unit.kind] == audience]
    criteria = [one for one in criteria_of(period) if one.audience == audience and one.theme in themes]
    return {
        "year": period.year,
        "audience": audience.label,
        "expected": sum(s.expected for s in units),
        "accepted": sum(s.is_accepted for s in units),
        "criteria": [_criterion(one, period) for one in criteria],
    }


def _criterion(criterion: Criterion, period: Period) -> dict:
    counts = grade_counts(period)[criterion.pk]
    return {
        "code": criterion.code,
        "title": criterion.title,
        "clause": criterion.clause,
        "grades": [[grade, counts[grade]] for grade in _GRADES],
        "indicators": [_indicator(one, period) for one in criterion.indicators.all()],
    }


def _indicator(indicator: Indicator, period: Period) -> dict:
    outcome = outcomes(period)[indicator.pk]
    targets = [judged(target, indicator, outcome, period) for target in indicator.targets.all()]
    return outcome_data(indicator, outcome) | {"targets": targets}


def judged(target: Target, indicator: Indicator, outcome: Outcome, period: Period) -> dict:
    """A target of the whole district is judged by the common figure, one of each unit by how many units reach it."""
    data = {"goal": target.goal, "scope": target.scope, "clause": target.clause}
    if target.scope == Scope.UNIT:
        return data | _judged_units(target, indicator, period)
    base = outcomes(period)[target.base_indicator_id].total.value if target.base_indicator_id else None
    total = outcome.total
    nothing_applies = total.not_applicable and not (total.given or total.no_data or outcome.missing)
    result = judge(target.spec, total.value, year=period.year, base=base, applicable=not nothing_applies)
    return data | {"status": result.status.value, "sentence": result.sentence}


def _judged_units(target: Target, indicator: Indicator, period: Period) -> dict:
    answers = (derived(indicator, one.figures) for one in answers_by_unit(period).values())
    values = [value for kind, value in answers if kind == AnswerKind.VALUE and value is not None]
    met = sum(judge(target.spec, value, year=period.year).status == Status.MET for value in values)
    return {"status": "", "met": met, "judged": len(values)}


def lay_out(data: dict) -> list[Block]:
    if not data["expected"] and not data["accepted"]:
        return [Paragraph.of(f"Năm {data['year']} danh bạ không có đơn vị nào thuộc nhóm: {data['audience']}.")]
    opening = Paragraph.of(
        Number(data["accepted"]), " trên ", Number(data["expected"]),
        f" đơn vị thuộc nhóm “{data['audience']}” có báo cáo được chấp nhận.",
    )  # fmt: skip
    if not data["accepted"]:
        return [opening, Paragraph.of("Chưa có số liệu để tổng hợp.")]
    return [
        opening,
        _grades(data["criteria"]),
        _indicators(data["criteria"], data["year"]),
        *_targets(data["criteria"]),
    ]


def _grades(criteria: list[dict]) -> Table:
    labels = [*(grade.label for grade in Grade), "Không áp dụng", "Chưa tự đánh giá"]
    return Table(
        caption="Kết quả tự đánh giá theo tiêu chí (số đơn vị)",
        columns=(Column("Tiêu chí", width=11), *(Column(label, kind="number", width=3) for label in labels)),
        rows=tuple(
            (f"{one['code']}. {one['title']}", *(Number(count) for _, count in one["grades"])) for one in criteria
        ),
    )


def _indicators(criteria: list[dict], year: int) -> Table:
    """With a column for the year before where any of its figures is known."""
    members = [one for criterion in criteria for one in criterion["indicators"]]
    compares = any(one["before"] is not None for one in members)
    before = (Column(f"Năm {year - 1}", kind="number", width=4),) if compares else ()
    return Table(
        caption="Kết quả theo chỉ tiêu",
        columns=(
            Column("Chỉ tiêu", width=10),
            Column("Đơn vị tính", width=3),
            Column(f"Năm {year}", kind="number", width=4),
            *before,
            Column("Số đơn vị có số liệu", width=5),
        ),
        rows=tuple(_indicator_row(one, compares=compares) for one in members),
        note=_NOTE if compares else f"{_NOTE} Năm {year - 1} chưa có số liệu để so sánh.",
    )


def _indicator_row(one: dict, *, compares: bool) -> tuple:
    return (
        f"{one['code'].partition('.')[0]}. {one['name']}",
        "đơn vị trả lời có" if one["aggregation"] == Aggregation.COUNT_YES else one["unit"],
        printed_total(one),
        *((_before(one),) if compares else ()),
        base_words(one),
    )


def _before(one: dict) -> Text:
    return "Không có" if one["before"] is None else printed_total(one, "before")


def base_words(one: dict) -> str:
    """What a figure rests on: `17 trên 41; 5 không áp dụng`; the rest of the 41 has no accepted report."""
    rest = ((one["not_applicable"], "không áp dụng"), (one["no_data"], "chưa có số liệu"))
    said = [f"{format_number(count)} {words}" for count, words in rest if count]
    return "; ".join([f"{format_number(one['given'])} trên {format_number(one['asked'])}", *said])


def _targets(criteria: list[dict]) -> list[Block]:
    lines = [
        target_line(one, target)
        for criterion in criteria
        for one in criterion["indicators"]
        for target in one["targets"]
    ]
    return [Heading("Đối chiếu với đích của Kế hoạch", 2), Bullets.of(*lines)] if lines else []


def target_line(one: dict, target: dict) -> Paragraph:
    name = f"{one['name']} ({one['code'].partition('.')[0]})"
    base = f" Cơ sở: {format_number(one['given'])} trên {format_number(one['asked'])} đơn vị có số liệu."
    if target["scope"] == Scope.UNIT:
        whole = f"toàn huyện {printed_total(one)}{one['unit']}; " if one["given"] else ""
        return Paragraph.of(
            f"{name}: {whole}", Number(Decimal(target["met"])), " trên ", Number(Decimal(target["judged"])),
            f" đơn vị có số liệu đạt đích {target['goal']} của từng đơn vị.{base}",
        )  # fmt: skip
    return Paragraph.of(f"{name}, đích {target['goal']}: {target['sentence']}{base}")
