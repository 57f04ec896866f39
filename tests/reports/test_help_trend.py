"""The small line of a unit's own years: inside its box, values written, the same in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.models import Target
from reports.selectors.trend import trend_of
from reports.templatetags.sheet import trend as drawn

from .test_help_doubts import PLAN, RATE, indicator


@pytest.mark.parametrize(("one", "years"), [(PLAN, 2), (RATE, 1)])
def test_too_few_years_are_no_trend(one, years):
    assert trend_of(one, {2024 - n: Decimal(1) for n in range(years)}) is None
    assert trend_of(one, {2024 - n: Decimal(1) for n in range(years + 1)})


def test_a_target_of_the_whole_district_is_not_drawn():
    made = indicator("A", kind="money")
    made.aims = [Target(indicator=made, kind="at_least", value=Decimal(5), scope="district")]
    assert trend_of(made, {2023: Decimal(1), 2024: Decimal(2)}) is None


@pytest.mark.parametrize("kind", ["yes_no", "date", "document"])
def test_what_is_no_amount_has_no_trend(kind):
    assert trend_of(indicator("A", kind=kind), {2023: Decimal(1), 2024: Decimal(0)}) is None


def test_the_figures_are_written_and_told():
    line = trend_of(RATE, {2022: Decimal("81.5"), 2023: Decimal("88.4"), 2024: Decimal(92)})
    assert line.label == "Tỷ lệ giải ngân: 2022 82%; 2023 88%; 2024 92%; đích 100%"
    assert [(point.year, point.value) for point in line.points] == [(2022, "82"), (2023, "88"), (2024, "92")]
    assert line.aim == "Đích 100%"
    assert line.aim_y < line.points[-1].y < line.points[0].y


def test_more_than_nine_years_show_the_last_nine_and_write_the_ends():
    line = trend_of(PLAN, {year: Decimal(year) for year in range(2010, 2025)})
    assert [point.year for point in line.points] == list(range(2016, 2025))
    assert [point.year for point in line.points if point.value] == [2016, 2024]


@given(st.dictionaries(st.integers(2016, 2030), st.decimals(0, 10**11, places=2), min_size=3))
def test_every_point_lies_in_the_box(history):
    line = trend_of(PLAN, history)
    assert all(0 <= point.x <= 240 and 18 <= point.y <= 76 for point in line.points)


def test_hostile_names_stay_words():
    made = indicator("A", '<script>"', kind="money")
    made.aims = [Target(indicator=made, kind="at_least", value=Decimal(5), scope="unit")]
    svg = drawn(trend_of(made, {2023: Decimal(1), 2024: Decimal(2)}))
    assert "<script>" not in svg
    assert 'role="img"' in svg
