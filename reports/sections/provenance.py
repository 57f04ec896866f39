"""Where a printed figure comes from, told by the snapshot alone: section, formula, the units and their reports."""

from dataclasses import dataclass, replace

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


_VERIFIED = {"waiting": "chưa thẩm tra", "agrees": "khớp", "differs": "khác"}


@dataclass(frozen=True)
class Source:
    """One unit's part in a figure: `answer` is the recognised one, `counts` whether it is in the total.

    `reported` and `verified` are the two other values in words, blank where there is nothing to tell.
    """

    unit: str
    report: int
    answer: Text
    counts: bool
    reported: Text = ""
    verified: Text = ""
    why: str = ""


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
                return _chain(table, place, one, _differing(data, ref))
    return None


def _differing(data: dict, ref: str) -> dict[int, dict]:
    """{report: the row of the annex of differences} of the indicator; snapshots before it have none."""
    rows = data["sections"].get("differences", {}).get("rows", ())
    return {row["report"]: row for row in rows if row["code"] == ref}


def _chain(table: dict, place: int, one: dict, differing: dict[int, dict]) -> Provenance:
    return Provenance(
        ref=one["code"],
        name=one["name"],
        unit=one["unit"],
        total=printed_total(one),
        criterion=f"{table['code']}. {table['title']}",
        formula=_FORMULAS[one["aggregation"]],
        given=one["given"],
        asked=one["asked"],
        sources=tuple(
            _source(row, row["cells"][place], one, differing.get(row["report"]))
            for row in table["rows"]
            if row["cells"][place]
        ),
    )


def _source(row: dict, said: list, one: dict, differs: dict | None) -> Source:
    answer = printed_answer(said, one)
    found = Source(row["unit"], row["report"], answer, said[0] == AnswerKind.VALUE)
    if differs:
        verified = printed_answer(differs["verified"], one) or _VERIFIED["waiting"]
        return replace(
            found, reported=printed_answer(differs["reported"], one), verified=verified, why=differs["source"]
        )
    return replace(found, reported=answer, verified=_VERIFIED.get(said[2], "")) if len(said) > 2 and said[2] else found
