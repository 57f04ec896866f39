"""The annex of self-grades: every accepted unit by every criterion."""

from campaigns.models import Period
from criteria.models import Audience, Criterion
from criteria.scoring import Grade
from phongtho_thidua.lib.documents.model import Annex, Column, Table
from reports.sections.cells import kept_together
from reports.selectors.summary import accepted_answers, criteria_of

_SHORT = {Grade.EXCELLENT: "XS", Grade.GOOD: "T", Grade.DONE: "HT", Grade.NOT_DONE: "CHT", "off": "KAD", "": "CĐG"}
_LEGEND = "; ".join([*(f"{_SHORT[grade]}: {grade.label.lower()}" for grade in Grade),
                     "KAD: không áp dụng", "CĐG: chưa tự đánh giá"]) + "."  # fmt: skip


def gather(period: Period) -> dict:
    criteria = criteria_of(period)
    groups = [(audience, [one for one in criteria if one.audience == audience]) for audience in Audience]
    tables = [_grades_of(audience, members, period) for audience, members in groups]
    return {"year": period.year, "tables": [table for table in tables if table["rows"]]}


def _grades_of(audience: Audience, criteria: list[Criterion], period: Period) -> dict:
    rows = [
        [standing.short_name, [answers.grades.get(one.pk, "") for one in criteria]]
        for standing, answers in accepted_answers(period)
        if any(one.pk in answers.grades for one in criteria)
    ]
    return {"audience": audience.label, "codes": [one.code for one in criteria], "rows": rows}


def lay_out(data: dict) -> list[Annex]:
    tables = tuple(_table(table) for table in data["tables"])
    return [Annex(f"Kết quả tự đánh giá của từng đơn vị năm {data['year']}", tables)] if tables else []


def _table(table: dict) -> Table:
    return Table(
        caption=f"Kết quả tự đánh giá: {table['audience'][:1].lower()}{table['audience'][1:]}",
        columns=(Column("Đơn vị", width=4), *(Column(code, kind="number") for code in table["codes"])),
        rows=tuple((kept_together(unit), *(_SHORT[grade] for grade in grades)) for unit, grades in table["rows"]),
        note=_LEGEND,
        dense=True,
    )
