"""The annex of figures: for each group of units and each theme the figures that this group is asked for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from math import ceil

from campaigns.models import Period
from criteria.models import Audience, Criterion, Indicator, IndicatorKind, Theme
from criteria.scoring import AnswerKind
from phongtho_thidua.lib.documents.model import Annex, Block, Column, Number, Paragraph, Row, Table, Text
from phongtho_thidua.lib.vietnamese import format_day, sort_key
from reports.sections.cells import (
    NOTHING_AROSE,
    derived,
    kept_together,
    outcome_data,
    printed_number,
    printed_total,
    value_text,
)
from reports.selectors.sheet import in_sentence
from reports.selectors.summary import Answers, accepted_answers, criteria_of, outcomes, outcomes_among
from units.models import UnitKind

GROUPS = {
    "communes": ("Xã, thị trấn", (UnitKind.COMMUNE, UnitKind.TOWNSHIP)),
    "offices": ("Phòng, cơ quan", (UnitKind.OFFICE,)),
    "services": ("Đơn vị sự nghiệp", (UnitKind.PUBLIC_SERVICE,)),
    "unions": ("Mặt trận, đoàn thể", (UnitKind.UNION,)),
    "businesses": (
        "Doanh nghiệp, hợp tác xã, tổ chức khác",
        (UnitKind.ENTERPRISE, UnitKind.COOPERATIVE, UnitKind.ORGANISATION),
    ),
}
_GROUP_OF_KIND = {kind.value: name for name, (_, kinds) in GROUPS.items() for kind in kinds}
_MOST_COLUMNS = 11  # of figures that a landscape page takes in letters that are read without a glass
_KEY = (
    "Số liệu lấy từ các báo cáo đã được chấp nhận, chia theo nhóm đơn vị. Mã đứng trước mỗi chỉ tiêu là mã tiêu chí ở "
    "phần kết quả. Dòng “Cộng” tính trên các đơn vị của nhóm; đơn vị không áp dụng mọi chỉ tiêu của một bảng ghi tên "
    "dưới bảng đó."
)


def gather(period: Period) -> dict:
    asked = [(one, list(one.indicators.all())) for one in criteria_of(period) if one.audience != Audience.INDIVIDUALS]
    among = {name: outcomes_among(period, kinds) for name, (_, kinds) in GROUPS.items()}
    tables = [_of_criterion(one, indicators, period, among) for one, indicators in asked if indicators]
    return {"year": period.year, "tables": [table for table in tables if table["rows"]]}


def _of_criterion(criterion: Criterion, indicators: list[Indicator], period: Period, among: dict) -> dict:
    found, rows = outcomes(period), _rows(indicators, period)
    return {
        "code": criterion.code,
        "title": criterion.title,
        "theme": criterion.theme,
        "indicators": [outcome_data(one, found[one.pk]) for one in indicators],
        "groups": {
            name: [outcome_data(one, among[name][one.pk]) for one in indicators]
            for name in GROUPS
            if any(row["group"] == name for row in rows)
        },
        "rows": rows,
    }


def _rows(indicators: list[Indicator], period: Period) -> list[dict]:
    kinds = [{asking.unit_kind for asking in one.askings.all()} for one in indicators]
    return [
        {
            "unit": standing.short_name,
            "group": _GROUP_OF_KIND[standing.unit.kind],
            "report": answers.report_id,
            "cells": [
                _said(one, answers) if standing.unit.kind in asked else None
                for one, asked in zip(indicators, kinds, strict=True)
            ],
        }
        for standing, answers in accepted_answers(period)
        if standing.unit.kind in set().union(*kinds)
    ]


def _said(indicator: Indicator, answers: Answers) -> list:
    """[answer, text of the value as in `value_text`, state of its verification or ""]."""
    answer, value = derived(indicator, answers.figures)
    _, _, day, document, state = answers.figures.get(indicator.pk, ("", None, None, "", ""))
    if answer != AnswerKind.VALUE:
        return [answer, "", state or ""]
    return [answer, value_text(indicator, value, day, document), state or ""]


@dataclass(frozen=True)
class _Asked:
    """A column: one indicator as the whole district and as one group of units answered it; cells by report."""

    criterion: str
    one: dict
    of_group: dict
    cells: dict[int, list | None]

    @property
    def head(self) -> Column:
        return Column(f"{self.criterion}. {self.one['name']}", self.one["unit"], kind="number", width=3)

    @property
    def total(self) -> Text:
        """It leads to its provenance where no other group adds to the figure of the district."""
        shown = printed_total(self.of_group)
        is_all = self.of_group["given"] == self.one["given"]
        return shown if is_all or not isinstance(shown, Number) else replace(shown, ref="")

    def cell(self, report: int) -> Text | None:
        return printed_answer(self.cells.get(report), self.one)

    def applies_to(self, report: int) -> bool:
        said = self.cells.get(report)
        return said is not None and said[0] != AnswerKind.NOT_APPLICABLE


def lay_out(data: dict) -> list[Annex]:
    blocks = [block for group in GROUPS for theme in Theme for block in _blocks(data["tables"], group, theme)]
    title = f"Số liệu của từng đơn vị năm {data['year']}"
    return [Annex(title, (Paragraph.of(_KEY), *blocks))] if blocks else []


def _blocks(tables: list[dict], group: str, theme: Theme) -> Iterator[Block]:
    asked = [table for table in tables if table["theme"] == theme and group in table["groups"]]
    units = {row["report"]: row["unit"] for table in asked for row in table["rows"] if row["group"] == group}
    units = dict(sorted(units.items(), key=lambda pair: sort_key(pair[1])))
    for columns in _packed([_columns(table, group) for table in asked]):
        yield _drawn(columns, units, f"{GROUPS[group][0]}: {in_sentence(theme.label)} ({_span(columns)})")


def _columns(table: dict, group: str) -> list[_Asked]:
    """The indicators of one criterion that any unit of the group is asked for."""
    rows = [row for row in table["rows"] if row["group"] == group]
    asked = [
        _Asked(table["code"], one, of_group, {row["report"]: row["cells"][place] for row in rows})
        for place, (one, of_group) in enumerate(zip(table["indicators"], table["groups"][group], strict=True))
    ]
    return [one for one in asked if any(said is not None for said in one.cells.values())]


def _packed(criteria: Iterable[list[_Asked]]) -> list[list[_Asked]]:
    """Whole criteria side by side, on as few tables as a page is wide, none much narrower than the others."""
    criteria = [columns for columns in criteria if columns]
    total = sum(map(len, criteria))
    even = total / max(1, ceil(total / _MOST_COLUMNS))
    packed: list[list[_Asked]] = []
    for columns in criteria:
        if not packed or len(packed[-1]) >= even or len(packed[-1]) + len(columns) > _MOST_COLUMNS:
            packed.append([])
        packed[-1] += columns
    return packed


def _span(columns: list[_Asked]) -> str:
    first, last = columns[0].criterion, columns[-1].criterion
    return first if first == last else f"{first} đến {last}"


def _drawn(columns: list[_Asked], units: dict[int, str], caption: str) -> Block:
    listed = [report for report in units if any(one.applies_to(report) for one in columns)]
    exempt = [
        units[report] for report in units if report not in listed and any(one.cells.get(report) for one in columns)
    ]
    if not listed:
        return Paragraph.of(f"{caption}: mọi chỉ tiêu không áp dụng cho {'; '.join(exempt)}.")
    rows = tuple((kept_together(units[report]), *(one.cell(report) for one in columns)) for report in listed)
    return Table(
        caption=caption,
        columns=(Column("Đơn vị", width=4), *(one.head for one in columns)),
        rows=rows,
        total=("Cộng", *(one.total for one in columns)),
        note=_note(rows, exempt),
        dense=True,
    )


def _note(rows: tuple[Row, ...], exempt: list[str]) -> str:
    gaps = "Ô trống: chỉ tiêu không đặt ra cho loại đơn vị này." if any(None in row for row in rows) else ""
    named = f"Không áp dụng mọi chỉ tiêu của bảng này: {'; '.join(exempt)}." if exempt else ""
    return " ".join(part for part in (named, gaps) if part)


def printed_answer(said: list | None, one: dict) -> Text | None:
    """One unit's answer as in the annex; None where the unit was not asked."""
    if said is None:
        return None
    answer, text, *_ = said
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
