from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.scoring import Aggregation, Answer, AnswerKind, Total, combine, ratio

D = Decimal
NOT_APPLICABLE = Answer(AnswerKind.NOT_APPLICABLE)
NO_DATA = Answer(AnswerKind.NO_DATA)

amounts = st.decimals(min_value=0, max_value=1_000_000, places=2)
answers = st.one_of(amounts.map(Answer.of), st.just(NOT_APPLICABLE), st.just(NO_DATA))


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        ("7962", "8650", D("7962") * 100 / D("8650")),
        ("0", "8650", D(0)),
        ("8650", "8650", D(100)),
        ("0", "0", None),
        ("5", "0", None),
        (None, "8650", None),
        ("5", None, None),
    ],
)
def test_ratio_is_missing_when_a_part_is_missing_or_nothing_divides(numerator, denominator, expected):
    parts = [None if part is None else D(part) for part in (numerator, denominator)]
    assert ratio(*parts) == expected


def test_total_keeps_zero_not_applicable_and_no_data_apart():
    total = combine(Aggregation.SUM, [Answer.of(0), Answer.of(5), NOT_APPLICABLE, NO_DATA, NO_DATA])
    assert total == Total(value=D(5), given=2, not_applicable=1, no_data=2)


@pytest.mark.parametrize("aggregation", Aggregation)
def test_total_of_no_values_is_missing_and_not_zero(aggregation):
    assert combine(aggregation, [NOT_APPLICABLE, NO_DATA]) == Total(None, 0, 1, 1)
    assert combine(aggregation, []) == Total(None, 0, 0, 0)


def test_total_of_zeros_is_zero():
    assert combine(Aggregation.SUM, [Answer.of(0), Answer.of(0)]).value == 0


def test_ratio_of_sums_is_not_the_mean_of_ratios():
    total = combine(Aggregation.RATIO_OF_SUMS, [Answer.of(1, 100), Answer.of(1, 1)])
    assert total.value == D(2) * 100 / D(101)  # the mean of 1 % and 100 % would be 50.5 %


def test_ratio_of_sums_over_nothing_is_missing():
    assert combine(Aggregation.RATIO_OF_SUMS, [Answer.of(0, 0)]) == Total(None, 1, 0, 0)


def test_ratio_of_sums_refuses_half_an_answer():
    with pytest.raises(ValueError, match="numerator and denominator"):
        combine(Aggregation.RATIO_OF_SUMS, [Answer.of(1, 2), Answer.of(1)])


def test_latest_is_the_last_value_given():
    assert combine(Aggregation.LATEST, [Answer.of(41), Answer.of(46), NO_DATA]) == Total(D(46), 2, 0, 1)


def test_count_of_yes_counts_no_as_an_answer():
    assert combine(Aggregation.COUNT_YES, [Answer.of(1), Answer.of(0), NO_DATA]) == Total(D(1), 2, 0, 1)


def test_answer_refuses_a_value_beside_not_applicable_and_a_value_without_one():
    with pytest.raises(ValueError, match="value"):
        Answer(AnswerKind.NOT_APPLICABLE, D(0))
    with pytest.raises(ValueError, match="value"):
        Answer(AnswerKind.VALUE)


@given(st.lists(answers))
def test_counts_of_a_total_add_up_to_the_answers(given_answers):
    total = combine(Aggregation.SUM, given_answers)
    assert total.given + total.not_applicable + total.no_data == len(given_answers)
    assert (total.value is None) == (total.given == 0)


@given(st.lists(answers), st.lists(answers))
def test_sum_of_two_lists_is_the_sum_of_their_sums(left, right):
    both = combine(Aggregation.SUM, left + right)
    parts = [combine(Aggregation.SUM, part).value for part in (left, right)]
    assert (both.value or 0) == sum(part or 0 for part in parts)


@given(st.lists(st.tuples(amounts, amounts).map(sorted), min_size=1))
def test_ratio_of_parts_to_wholes_lies_between_0_and_100(pairs):
    total = combine(Aggregation.RATIO_OF_SUMS, [Answer.of(part, whole) for part, whole in pairs])
    if sum(whole for _, whole in pairs) == 0:
        assert total.value is None
    else:
        assert 0 <= total.value <= 100
