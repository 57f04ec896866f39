"""Cells chosen to be agreed with at once: every one with what speaks against haste."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Subquery

from reports.models import EvidenceUse, Figure
from reports.models.report import HANDED_IN
from reports.selectors.cell import jump
from reports.selectors.matrix import Matrix

MOST = 200  # cells at once: a list that can still be read


@dataclass(frozen=True)
class Candidate:
    """`key` names the figure and the version that was seen."""

    key: str
    unit: str
    criterion: str
    indicator: str
    words: str
    measure: str
    warnings: list[str]


def candidates(matrix: Matrix, *, units: Iterable[int], indicators: Iterable[int]) -> list[Candidate]:
    """Every cell of these rows and columns that the reader may judge, in the order of the matrix; one query more."""
    units, indicators = set(units), set(indicators)
    chosen = [
        (row, column, cell)
        for row in matrix.rows
        for column, cell in zip(matrix.columns, row.cells, strict=True)
        if cell and cell.mine and (row.pk in units or column.pk in indicators)
    ]
    facts = _facts([cell.figure for _, _, cell in chosen], matrix.period.year - 1)
    return [
        Candidate(
            key=f"{cell.figure}-{cell.version}",
            unit=row.name,
            criterion=column.criterion,
            indicator=column.name,
            words=cell.words,
            measure=column.unit,
            warnings=_warnings(cell.value, facts[cell.figure], matrix.period.year - 1),
        )
        for row, column, cell in chosen
    ]


def _facts(figures: list[int], last_year: int) -> dict[int, tuple]:
    """{figure: (has evidence, explanation, last year's value as recognised, or as reported)}."""
    same = Figure.objects.filter(
        report__unit=OuterRef("report__unit"), report__period__year=last_year, report__state__in=HANDED_IN,
        indicator__code=OuterRef("indicator__code"),
    )  # fmt: skip
    rows = Figure.objects.filter(pk__in=figures).order_by().annotate(
        proven=Exists(EvidenceUse.objects.filter(figure=OuterRef("pk"))),
        before=Subquery(same.values("recognition__value")[:1]),
    )  # fmt: skip
    return {pk: facts for pk, *facts in rows.values_list("pk", "proven", "explanation", "before")}


def _warnings(value: Decimal | None, facts: tuple, year: int) -> list[str]:
    proven, explanation, before = facts
    found = [jump(value, before, year), "" if proven else "Chưa có minh chứng"]
    return [*filter(None, found), *([f"Đơn vị giải thích: {explanation}"] if explanation else [])]
