"""The order in a cluster: total, fair, deaf to the order of its input, and explained."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import hypothesis.strategies as st
from hypothesis import given

from reports.selectors.ranking import TIE_BREAKS, Entrant, rank

NOON = datetime(2024, 12, 2, 5, tzinfo=UTC)
points = st.sampled_from([Decimal(n) / 2 for n in range(5)])


@st.composite
def entrants(draw):
    """Few values, so that ties of every depth come up."""
    moment = st.none() | st.sampled_from([NOON, NOON + timedelta(seconds=1)])
    facts = draw(st.lists(st.tuples(points, points, points, st.booleans(), moment), max_size=8))
    return [Entrant(pk, f"Xã {pk}", *fact) for pk, fact in enumerate(facts, 1)]


def facts_of(e):
    return (e.total, e.core, e.minus, e.in_time, e.handed_in_at)


def judged(e):
    """The rule in one line, told another way than the code tells it."""
    late = e.handed_in_at or datetime.max.replace(tzinfo=UTC)
    return (-e.total, -e.core, e.minus, not e.in_time, late)


@given(entrants())
def test_everybody_has_one_place_and_better_facts_never_stand_behind(rows):
    places = rank(rows)
    assert sorted(one.entrant.unit_id for one in places) == [row.unit_id for row in rows]
    for one in places:
        assert one.place == 1 + sum(judged(other) < judged(one.entrant) for other in rows)


@given(entrants(), st.randoms())
def test_the_order_in_which_units_are_named_has_no_say(rows, chance):
    shuffled = chance.sample(rows, len(rows))
    assert rank(shuffled) == rank(rows)


@given(entrants())
def test_equal_facts_share_a_place_and_the_next_place_is_left_out(rows):
    places = rank(rows)
    by_facts = {}
    for one in places:
        assert by_facts.setdefault(facts_of(one.entrant), one.place) == one.place
    numbers = [one.place for one in places]
    assert numbers == sorted(numbers)
    for number in numbers:
        assert number == 1 or numbers.count(number) == 0 or numbers[number - 2] != number


@given(entrants())
def test_the_path_names_exactly_the_comparisons_that_were_needed(rows):
    for one in rank(rows):
        rivals, needed = [row for row in rows if row.total == one.entrant.total], 1
        for rule in TIE_BREAKS:
            if len(rivals) == 1:
                break
            rivals = [row for row in rivals if rule.key(row) == rule.key(one.entrant)]
            needed += 1
        assert len(one.path) == needed + (len(rivals) > 1)


def test_a_tie_is_told_in_sentences():
    a = Entrant(1, "Nậm Xe", Decimal("92.5"), Decimal(88), Decimal(0), True, NOON)
    b = Entrant(2, "Dào San", Decimal("92.5"), Decimal("87.5"), Decimal(0), True, NOON)
    c = Entrant(3, "Mù Sang", Decimal(80), Decimal(80), Decimal(0), True, NOON)
    d = Entrant(4, "Sì Lở Lầu", Decimal(80), Decimal(80), Decimal(0), True, NOON)
    first, second, third, fourth = rank([d, b, c, a])
    assert [one.entrant.name for one in (first, second)] == ["Nậm Xe", "Dào San"]
    assert (
        first.path
        == second.path
        == (
            "Tổng điểm: 92,5.",
            "Điểm các tiêu chí hạ tầng và tiết kiệm, không kể điểm thưởng: Dào San 87,5; Nậm Xe 88.",
        )
    )
    assert (third.place, fourth.place) == (3, 3)
    assert third.path[-1] == "Các bước xét đều ngang nhau: Mù Sang, Sì Lở Lầu cùng xếp thứ 3."
    assert "Nộp báo cáo lần đầu sớm hơn: Mù Sang 12:00:00 ngày 02/12/2024" in third.path[-2]
