"""When a figure has to be explained: pure functions, no database."""

from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.models import Indicator, Target
from reports.selectors.doubts import Facts, doubts_among, is_explained, jump

numbers = count(1)


def indicator(code, name="Gói thầu", *, kind="number", unit="gói thầu", aims=(), **fields):
    made = Indicator(pk=next(numbers), code=code, name=name, kind=kind, unit=unit, **fields)
    made.aims = [Target(indicator=made, **aim) for aim in aims]
    return made


def facts(now=None, before=None):
    numbers = ({code: Decimal(value) for code, value in (given or {}).items()} for given in (now, before))
    return Facts(2024, *numbers)


PLAN = indicator("K", "Kế hoạch vốn được giao", kind="money", unit="triệu đồng", decimals=1)
SPENT = indicator("G", "Vốn đã giải ngân", kind="money", unit="triệu đồng", decimals=1, whole=PLAN)
FULL = {"kind": "full", "scope": "unit", "value": Decimal(100)}
RATE = indicator("R", "Tỷ lệ giải ngân", kind="ratio", unit="%", numerator=SPENT, denominator=PLAN, aims=[FULL])


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (41, 10, "Tăng 4,1 lần so với năm 2023. Nếu số đúng, ghi lý do."),
        (30, 10, "Tăng 3 lần so với năm 2023. Nếu số đúng, ghi lý do."),
        (10, 30, "Giảm 3 lần so với năm 2023. Nếu số đúng, ghi lý do."),
        (29, 10, ""),
        (10, 29, ""),
        (9, 1, ""),  # fewer than ten either way: no news
        (10, 1, "Tăng 10 lần so với năm 2023. Nếu số đúng, ghi lý do."),
        (0, 40, ""),
        (40, 0, ""),
        (40, 40, ""),
    ],
)
def test_a_count_three_times_as_large_or_a_third_is_a_jump(now, before, words):
    assert jump(indicator("A"), facts({"A": now}, {"A": before})) == words


def test_a_small_sum_of_money_may_jump_too():
    assert jump(PLAN, facts({"K": "1.5"}, {"K": "0.5"})) == "Tăng 3 lần so với năm 2023. Nếu số đúng, ghi lý do."


@pytest.mark.parametrize("kind", ["yes_no", "date", "document", "ratio"])
def test_what_is_no_amount_does_not_jump(kind):
    assert jump(indicator("A", kind=kind), facts({"A": 90}, {"A": 1})) == ""


def test_without_last_year_nothing_jumps():
    assert jump(indicator("A"), facts({"A": 90})) == ""


@given(st.decimals(0, 10**9, places=2), st.decimals(0, 10**9, places=2))
def test_a_jump_up_is_a_jump_down_seen_from_the_other_year(now, before):
    there, back = (bool(jump(PLAN, facts({"K": a}, {"K": b}))) for a, b in ((now, before), (before, now)))
    assert there == back


def test_a_part_above_its_whole_is_doubted_at_the_part():
    told = doubts_among([PLAN, SPENT], facts({"K": 8650, "G": 9240}))
    words = "Vốn đã giải ngân (9.240) lớn hơn kế hoạch vốn được giao (8.650). Kiểm tra lại hai số."
    assert {code: said for code, said in told.items() if said} == {"G": [words]}


@pytest.mark.parametrize(
    ("on_time", "late", "words"),
    [
        (5, 1, []),
        (4, 1, ["Cộng các phần (4 + 1 = 5) khác công trình phải xong (6). Kiểm tra lại các số."]),
        (4, None, []),  # not all given yet
    ],
)
def test_parts_that_make_the_whole_have_to_add_up(on_time, late, words):
    whole = indicator("W", "Công trình phải xong", parts_make_whole=True)
    parts = [indicator("A", "Đúng hạn", whole=whole), indicator("B", "Chậm", whole=whole)]
    given = {"W": 6, "A": on_time, "B": late}
    told = doubts_among([whole, *parts], facts({code: value for code, value in given.items() if value is not None}))
    assert told["W"] == words


def test_parts_that_need_not_make_the_whole_may_leave_a_rest():
    whole = indicator("W", "Gói thầu")
    assert doubts_among([whole, indicator("A", whole=whole)], facts({"W": 6, "A": 2}))["W"] == []


@pytest.mark.parametrize(
    ("spent", "words"),
    [
        (7958, ["92%, còn 8 điểm phần trăm nữa mới đạt mức 100%. Ghi nguyên nhân."]),
        (8650, []),
        (9240, ["Vốn đã giải ngân (9.240) lớn hơn kế hoạch vốn được giao (8.650). Kiểm tra lại hai số."]),
    ],
)
def test_a_missed_target_of_a_ratio_asks_for_the_cause_at_its_numerator(spent, words):
    assert doubts_among([PLAN, SPENT, RATE], facts({"K": 8650, "G": spent}))["G"] == words


def test_a_target_of_the_whole_district_asks_no_unit_for_a_cause():
    rate = indicator("R", kind="ratio", numerator=SPENT, denominator=PLAN, aims=[FULL | {"scope": "district"}])
    assert doubts_among([PLAN, SPENT, rate], facts({"K": 100, "G": 1}))["G"] == []


def test_an_explanation_needs_twenty_characters():
    assert (is_explained("x" * 19), is_explained("x" * 20)) == (False, True)
