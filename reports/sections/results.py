"""What units of one audience achieved: their self-grades, every indicator with its base, and the plan's targets."""

from decimal import Decimal

from campaigns.models import Period
from criteria.models import AUDIENCE_OF_KIND, Audience, Criterion, Indicator, Scope, Target, Theme
from criteria.scoring import Aggregation, AnswerKind, Grade
from criteria.targets import Status, judge
from phongtho_thidua.lib.documents.model import Block, Bullets, Column, Number, Paragraph, Table, Text
from phongtho_thidua.lib.vietnamese import format_number
from reports.sections.cells import derived, outcome_data, printed_total
from reports.selectors.sheet import in_sentence
from reports.selectors.summary import (
    Outcome,
    answers_by_unit,
    criteria_of,
    grade_counts,
    outcomes,
    standings,
)

_GRADES = [*Grade, "off", ""]
_NOTE = "Cột cuối: số đơn vị có số liệu trên số đơn vị phải trả lời."
_MISSING = "Phần còn lại chưa có báo cáo được chấp nhận."
# What a commune counts on its ground and a union among its members may be one gift.
_GIFTS = {"HT6.dat_hien": "MT2.dat_hien", "HT6.ngay_cong": "MT2.ngay_cong"}
_TOLD_TWICE = (
    "Một khoản đất hiến hoặc ngày công có thể do cả xã, thị trấn (HT6) và Mặt trận, đoàn thể (MT2) cùng báo cáo, nên "
    "không cộng hai số với nhau."
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
        "told_twice": audience == Audience.UNIONS and _is_told_twice(period),
    }


def _is_told_twice(period: Period) -> bool:
    """Whether the same kind of gift is printed for communes and for unions."""
    found = outcomes(period)
    given = {one.code for criterion in criteria_of(period) for one in criterion.indicators.all()
             if found[one.pk].total.given}  # fmt: skip
    return any({of_commune, of_union} <= given for of_commune, of_union in _GIFTS.items())


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
        f"Nhóm “{data['audience']}” có ", Number(data["accepted"]), " trên ", Number(data["expected"]),
        " đơn vị có báo cáo được chấp nhận.",
    )  # fmt: skip
    if not data["accepted"]:
        return [opening, Paragraph.of("Chưa có số liệu để tổng hợp.")]
    return [
        opening,
        _grades(data["criteria"]),
        _indicators(data),
        *([Paragraph.of(_TOLD_TWICE)] if data["told_twice"] else []),
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


def _indicators(data: dict) -> Table:
    """With a column for the year before where any of its figures is known."""
    members = [one for criterion in data["criteria"] for one in criterion["indicators"]]
    year, compares = data["year"], any(one["before"] is not None for one in members)
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
        note=_note(members, year, compares=compares),
    )


def _note(members: list[dict], year: int, *, compares: bool) -> str:
    missing = _MISSING if any(one["missing"] for one in members) else ""
    alone = "" if compares else f"Năm {year - 1} chưa có số liệu để so sánh."
    return " ".join(part for part in (_NOTE, missing, alone) if part)


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
    return "; ".join([f"{format_number(one['given'])} trên {format_number(one['asked'])}", *_others(one)])


def _others(one: dict) -> list[str]:
    rest = ((one["not_applicable"], "không áp dụng"), (one["no_data"], "chưa có số liệu"))
    return [f"{format_number(count)} {words}" for count, words in rest if count]


def _targets(criteria: list[dict]) -> list[Block]:
    lines = [
        _target_line(one, target)
        for criterion in criteria
        for one in criterion["indicators"]
        for target in one["targets"]
    ]
    return [Paragraph.of("Đối chiếu với đích của Kế hoạch:"), Bullets.of(*lines)] if lines else []


def named(one: dict) -> str:
    """`Tỷ lệ che phủ rừng (TK8)`: an indicator and where its figure stands."""
    return f"{one['name']} ({one['code'].partition('.')[0]})"


def _target_line(one: dict, target: dict) -> Paragraph:
    """The sentence of a judgement repeats the goal; where there is no figure to judge, the goal stands alone."""
    if target["scope"] == Scope.UNIT:
        return Paragraph.of(f"{named(one)}, đích {target['goal']} của từng đơn vị: ", *_of_units(one, target), ".")
    said = in_sentence(target["sentence"])
    if target["status"] in (Status.NO_DATA, Status.NOT_APPLICABLE):
        return Paragraph.of(f"{named(one)}, đích {target['goal']}: {said}")
    rest = "".join(f", {words}" for words in _others(one))
    asked = f"{format_number(one['given'])} trên {format_number(one['asked'])} đơn vị có số liệu{rest}"
    return Paragraph.of(f"{named(one)}: {said} Cơ sở: {asked}.")


def _of_units(one: dict, target: dict) -> list[Text]:
    if not target["judged"]:
        return ["chưa có đơn vị nào có số liệu"]
    whole = f"; tính chung toàn huyện {printed_total(one)}{'%' if one['unit'] == '%' else ' ' + one['unit']}"
    return [*reached(target), whole]


def reached(target: dict) -> list[Text]:
    """How many units reach a target that the plan sets each of them."""
    judged_units = Number(Decimal(target["judged"]))
    if not target["met"]:
        return ["chưa có đơn vị nào đạt trong ", judged_units, " đơn vị có số liệu"]
    return [Number(Decimal(target["met"])), " trên ", judged_units, " đơn vị có số liệu đạt"]
