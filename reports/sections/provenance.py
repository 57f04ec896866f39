"""Where a printed figure comes from, told by the snapshot alone: section, formula, the units and their reports."""

from dataclasses import dataclass

from criteria.scoring import Aggregation, AnswerKind
from phongtho_thidua.lib.documents.model import Text
from reports.sections.cells import printed_total
from reports.sections.figures import printed_answer

_FORMULAS = {
    Aggregation.SUM: "Cộng số liệu của các đơn vị.",
    Aggregation.RATIO_OF_SUMS: "Tổng tử số chia tổng mẫu số. Không lấy trung bình các tỷ lệ của đơn vị.",
    Aggregation.LATEST: "Ngày mới nhất trong các đơn vị.",
    Aggregation.COUNT_YES: "Đếm số đơn vị trả lời có.",
}


@dataclass(frozen=True)
class Source:
    """One unit's part in a figure; `report` is the id of its report, `counts` whether it is in the total."""

    unit: str
    report: int
    answer: Text
    counts: bool


@dataclass(frozen=True)
class Provenance:
    ref: str
    name: str
    unit: str
    total: Text
    criterion: str
    formula: str
    given: int
    asked: int
    sources: tuple[Source, ...]


def provenance_of(data: dict, ref: str) -> Provenance | None:
    """The chain of the indicator `ref` in a snapshot's data; None for a figure that the snapshot does not know."""
    for table in data["sections"].get("figures", {}).get("tables", ()):
        for place, one in enumerate(table["indicators"]):
            if one["code"] == ref:
                return _chain(table, place, one)
    return None


def _chain(table: dict, place: int, one: dict) -> Provenance:
    return Provenance(
        ref=one["code"],
        name=one["name"],
        unit=one["unit"],
        total=printed_total(one),
        criterion=f"{table['code']}. {table['title']}",
        formula=_FORMULAS[one["aggregation"]],
        given=one["given"],
        asked=one["asked"],
        sources=tuple(_source(row, row["cells"][place], one) for row in table["rows"] if row["cells"][place]),
    )


def _source(row: dict, said: list, one: dict) -> Source:
    return Source(row["unit"], row["report"], printed_answer(said, one), said[0] == AnswerKind.VALUE)
