"""The annexes: every accepted unit by every criterion, and by every figure."""

from datetime import date

from campaigns.models import Period
from criteria.models import Audience, Criterion, Indicator, IndicatorKind
from criteria.scoring import AnswerKind, Grade
from phongtho_thidua.lib.documents.model import Annex, Column, Table, Text
from phongtho_thidua.lib.vietnamese import format_day
from reports.sections.cells import (
    NOTHING_AROSE,
    derived,
    kept_together,
    outcome_data,
    printed_number,
    printed_total,
)
from reports.selectors.summary import Answers, Standing, answers_by_unit, criteria_of, outcomes, standings

_SHORT = {Grade.EXCELLENT: "XS", Grade.GOOD: "T", Grade.DONE: "HT", Grade.NOT_DONE: "CHT", "off": "KAD", "": "CĐG"}
_LEGEND = "; ".join([*(f"{_SHORT[grade]}: {grade.label.lower()}" for grade in Grade),
                     "KAD: không áp dụng", "CĐG: chưa tự đánh giá"]) + "."  # fmt: skip


def gather_grades(period: Period) -> dict:
    criteria = criteria_of(period)
    groups = [(audience, [one for one in criteria if one.audience == audience]) for audience in Audience]
    tables = [_grades_of(audience, members, period) for audience, members in groups]
    return {"year": period.year, "tables": [table for table in tables if table["rows"]]}


def _grades_of(audience: Audience, criteria: list[Criterion], period: Period) -> dict:
    rows = [
        [standing.short_name, [answers.grades.get(one.pk, "") for one in criteria]]
        for standing, answers in _accepted(period)
        if any(one.pk in answers.grades for one in criteria)
    ]
    return {"audience": audience.label, "codes": [one.code for one in criteria], "rows": rows}


def _accepted(period: Period) -> list[tuple[Standing, Answers]]:
    answers = answers_by_unit(period)
    return [(one, answers[one.unit.pk]) for one in standings(period) if one.unit.pk in answers]


def lay_out_grades(data: dict) -> list[Annex]:
    tables = tuple(_grade_table(table) for table in data["tables"])
    return [Annex(f"Kết quả tự đánh giá của từng đơn vị năm {data['year']}", tables)] if tables else []


def _grade_table(table: dict) -> Table:
    return Table(
        caption=table["audience"],
        columns=(Column("Đơn vị", width=4), *(Column(code) for code in table["codes"])),
        rows=tuple((kept_together(unit), *(_SHORT[grade] for grade in grades)) for unit, grades in table["rows"]),
        note=_LEGEND,
    )


def gather_figures(period: Period) -> dict:
    asked = [(one, list(one.indicators.all())) for one in criteria_of(period) if one.audience != Audience.INDIVIDUALS]
    tables = [_figures_of(one, indicators, period) for one, indicators in asked if indicators]
    return {"year": period.year, "tables": [table for table in tables if table["rows"]]}


def _figures_of(criterion: Criterion, indicators: list[Indicator], period: Period) -> dict:
    kinds = [{asking.unit_kind for asking in one.askings.all()} for one in indicators]
    any_kind = set().union(*kinds)
    rows = [
        {
            "unit": standing.short_name,
            "report": answers.report_id,
            "cells": [
                _said(one, answers) if standing.unit.kind in asked else None
                for one, asked in zip(indicators, kinds, strict=True)
            ],
        }
        for standing, answers in _accepted(period)
        if standing.unit.kind in any_kind
    ]
    found = outcomes(period)
    return {
        "code": criterion.code,
        "title": criterion.title,
        "indicators": [outcome_data(one, found[one.pk]) for one in indicators],
        "rows": rows,
    }


def _said(indicator: Indicator, answers: Answers) -> list:
    """[answer, text]: the text of a value is a number, a day or a document, after the kind of the indicator."""
    answer, value = derived(indicator, answers.figures)
    _, _, day, document = answers.figures.get(indicator.pk, ("", None, None, ""))
    if answer != AnswerKind.VALUE:
        return [answer, ""]
    match indicator.kind:
        case IndicatorKind.DATE:
            return [answer, day.isoformat() if day else ""]
        case IndicatorKind.DOCUMENT:
            return [answer, document]
        case _:
            return [answer, "" if value is None else f"{value.normalize():f}"]


def lay_out_figures(data: dict) -> list[Annex]:
    tables = tuple(_figure_table(table) for table in data["tables"])
    return [Annex(f"Số liệu của từng đơn vị năm {data['year']}", tables)] if tables else []


def _figure_table(table: dict) -> Table:
    indicators = table["indicators"]
    has_gaps = any(None in row["cells"] for row in table["rows"])
    return Table(
        caption=f"{table['code']}. {table['title'].rstrip('.')}",
        columns=(
            Column("Đơn vị", width=4),
            *(Column(one["name"], one["unit"], kind="number", width=3) for one in indicators),
        ),
        rows=tuple(
            (kept_together(row["unit"]), *map(printed_answer, row["cells"], indicators)) for row in table["rows"]
        ),
        total=("Toàn huyện", *(printed_total(one) for one in indicators)),
        note="Ô trống: chỉ tiêu không đặt ra cho loại đơn vị này." if has_gaps else "",
    )


def printed_answer(said: list | None, one: dict) -> Text | None:
    """One unit's answer as in the annex; None where the unit was not asked."""
    if said is None:
        return None
    answer, text = said
    if answer != AnswerKind.VALUE:
        return AnswerKind(answer).label if answer else "Chưa trả lời"
    match one["kind"]:
        case IndicatorKind.DATE:
            return format_day(date.fromisoformat(text)) if text else ""
        case IndicatorKind.DOCUMENT:
            return text
        case IndicatorKind.YES_NO:
            return "Có" if text != "0" else "Không"
        case _:
            return printed_number(text, one) if text else NOTHING_AROSE
