"""Whatever is in the answers survives the way out and back; whatever is in the cells is answered in words (G2)."""

import os
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from criteria.models import IndicatorKind
from criteria.scoring import AnswerKind, Grade
from phongtho_thidua.lib.vietnamese import clean_text
from reports.documents.workbook_reading import Refused
from reports.models import Entry, Figure
from reports.selectors.sheet import blocks_of
from reports.selectors.workbook import items_of
from reports.views.reading import claims_in, compared
from tests.reports import hostile_workbooks as books
from tests.reports.test_workbook import stored

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "15"))  # 5,000 in the long form
REFUSED = "Không nhận tệp này: "
fuzzed = settings(max_examples=ROUNDS, suppress_health_check=list(HealthCheck))

words = st.text(max_size=300).map(clean_text)
numbers = st.decimals(0, 10**11 - 1, places=0) | st.decimals(0, 10**9, places=2)
cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(date(1901, 1, 1), date(9999, 12, 31)),
    st.datetimes(datetime(1901, 1, 1), datetime(9999, 12, 31)),  # noqa: DTZ001
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200).filter(
        lambda text: max(text, default="") < "\ufffe"
    ),
    st.sampled_from(
        ["1.234,5", "1.234.5", "12.5", "x", "31/02/2025", "=SUM(A1)", "#N/A", "Có số liệu", "1e5", "٣", "²", "１２"]
    ),
)


@fuzzed
@given(data=st.data())
def test_any_answers_come_back_as_they_went_out(begun, data):
    entry = data.draw(st.sampled_from(list(begun.entries.all())))
    Entry.objects.filter(pk=entry.pk).update(
        narrative=data.draw(words),
        grade=data.draw(st.sampled_from(["", *Grade.values])),
        applies=data.draw(st.booleans()),
    )
    for figure in data.draw(st.lists(st.sampled_from(list(begun.figures.select_related("indicator"))), max_size=5)):
        _answer(figure, data)
    before = stored(begun)
    assert claims_in(books.made_of(begun), "a.xlsx", begun) == ([], [])
    assert stored(begun) == before


def _answer(figure, data):
    answer, kind = data.draw(st.sampled_from(AnswerKind)), figure.indicator.kind
    value = Decimal(data.draw(st.integers(0, 1))) if kind == IndicatorKind.YES_NO else data.draw(numbers)
    Figure.objects.filter(pk=figure.pk).update(
        answer=answer,
        value=round(value, figure.indicator.decimals),
        reason=data.draw(words) or "Lý do",
        expected_on=data.draw(st.dates(date(1901, 1, 1), date(2100, 1, 1))),
        explanation=data.draw(words),
    )


@fuzzed
@given(data=st.data())
def test_whatever_somebody_puts_into_cells_is_read_or_refused_at_its_address(begun, data):
    names = [name for item in items_of(blocks_of(begun)) for name in item.fields.values()]
    put = data.draw(st.dictionaries(st.sampled_from(names), cells, min_size=1, max_size=8))
    before = stored(begun)
    told = _answer_to(books.filled(books.made_of(begun), put), begun)
    assert told[:1] == [REFUSED] or all("!" in place for place in told)
    assert stored(begun) == before


def _answer_to(content, report) -> list[str]:
    """The places of all refusals; anything but a refusal in words is raised."""
    try:
        claims, faults = claims_in(content, "a.xlsx", report)
    except Refused as refusal:
        return [str(refusal)[: len(REFUSED)]]
    return [fault.place for fault in (*faults, *compared(report, claims).faults)]


@fuzzed
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_in_words(begun, data):
    content = books.made_of(begun)
    parts = [name for name in books.parts_of(content) if name.endswith((".xml", ".rels"))]
    damage = data.draw(st.binary(min_size=1, max_size=40))
    _answer_to(
        books.with_damage(content, data.draw(st.sampled_from(parts)), data.draw(st.integers(0, 10**6)), damage), begun
    )
