from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.targets import Status, TargetKind, TargetSpec, goal, judge

D = Decimal
FULL = TargetSpec(TargetKind.FULL, D(100))
SHARE = TargetSpec(TargetKind.RANGE, D(80), high=D(82))
LOWER_SHARE = TargetSpec(TargetKind.AT_MOST, D(80))
FOREST = TargetSpec(TargetKind.AT_LEAST, D(47), due_year=2025)
HOUSES = TargetSpec(TargetKind.DONE_BY, due_year=2025)
SERVICES = TargetSpec(TargetKind.REDUCE_PERCENT, D(10), base_year=2021, due_year=2025, unit="đơn vị")
ALL = [FULL, SHARE, LOWER_SHARE, FOREST, HOUSES, SERVICES]
YEARLY = [FULL, SHARE, LOWER_SHARE]

figures = st.decimals(min_value=0, max_value=1_000_000, places=4)


@pytest.mark.parametrize(
    ("spec", "value", "status", "gap"),
    [
        (FULL, "99.99", Status.NOT_MET, "0.01"),
        (FULL, "100", Status.MET, "0"),
        (FULL, "0", Status.NOT_MET, "100"),
        (SHARE, "79.99", Status.MET, "-2.01"),
        (SHARE, "80", Status.MET, "-2"),
        (SHARE, "82", Status.MET, "0"),
        (SHARE, "82.01", Status.NOT_MET, "0.01"),
        (LOWER_SHARE, "79.99", Status.MET, "-0.01"),
        (LOWER_SHARE, "80", Status.MET, "0"),
        (LOWER_SHARE, "80.01", Status.NOT_MET, "0.01"),
        (LOWER_SHARE, "0", Status.MET, "-80"),
        (FOREST, "46.99", Status.NOT_MET, "0.01"),
        (FOREST, "47", Status.MET, "0"),
        (HOUSES, "99.9", Status.NOT_MET, "0.1"),
        (HOUSES, "100", Status.MET, "0"),
    ],
)
def test_figure_at_the_boundary_is_judged_exactly(spec, value, status, gap):
    judgement = judge(spec, D(value), year=2025)
    assert (judgement.status, judgement.gap) == (status, D(gap))


@pytest.mark.parametrize(
    ("now", "base", "status", "gap"),
    [
        ("54", "60", Status.MET, "0"),
        ("55", "60", Status.NOT_MET, None),
        ("0", "60", Status.MET, "-90"),
        ("66", "60", Status.NOT_MET, "20"),
        ("5", "0", Status.NOT_APPLICABLE, None),
        ("0", "0", Status.NOT_APPLICABLE, None),
    ],
)
def test_reduction_is_measured_against_its_base_year(now, base, status, gap):
    judgement = judge(SERVICES, D(now), base=D(base), year=2025)
    assert judgement.status == status
    if gap is not None:
        assert judgement.gap == D(gap)


def test_reduction_without_a_base_has_no_data():
    judgement = judge(SERVICES, D(54), year=2025)
    assert (judgement.status, judgement.gap) == (Status.NO_DATA, None)
    assert judgement.sentence == "Chưa có số liệu năm 2021 để so sánh."


@pytest.mark.parametrize(("year", "status"), [(2024, Status.NOT_DUE), (2025, Status.NOT_MET), (2026, Status.NOT_MET)])
def test_target_missed_before_its_due_year_is_not_due(year, status):
    assert judge(FOREST, D(45), year=year).status == status


def test_target_reached_before_its_due_year_is_met():
    assert judge(FOREST, D(48), year=2022).status == Status.MET


@pytest.mark.parametrize("spec", ALL)
def test_zero_no_data_and_not_applicable_are_three_answers(spec):
    zero = judge(spec, D(0), base=D(60), year=2025)
    missing = judge(spec, None, base=D(60), year=2025)
    foreign = judge(spec, None, base=D(60), year=2025, applicable=False)
    assert zero.status in {Status.MET, Status.NOT_MET}
    assert (missing.status, missing.sentence) == (Status.NO_DATA, "Chưa có số liệu.")
    assert (foreign.status, foreign.sentence) == (Status.NOT_APPLICABLE, "Không áp dụng.")


@pytest.mark.parametrize(
    ("spec", "value", "sentence"),
    [
        (FULL, "92.0456", "92,05%, còn 7,95 điểm phần trăm nữa mới đạt mức 100%."),
        (FULL, "99.996", "99,996%, còn 0,004 điểm phần trăm nữa mới đạt mức 100%."),
        (SHARE, "81", "81%, đạt mức trong khoảng 80 đến 82%."),
        (LOWER_SHARE, "81", "81%, còn 1 điểm phần trăm nữa mới đạt mức tối đa 80%."),
        (HOUSES, "50", "50%, còn 50 điểm phần trăm nữa mới đạt mức hoàn thành 100% đến năm 2025."),
    ],
)
def test_sentence_tells_figure_gap_and_target(spec, value, sentence):
    assert judge(spec, D(value), year=2025).sentence == sentence


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        (57, "Giảm 5%, còn 5 điểm phần trăm nữa mới đạt mức giảm ít nhất 10% so với năm 2021; hạn là năm 2025."),
        (63, "Tăng 5%, còn 15 điểm phần trăm nữa mới đạt mức giảm ít nhất 10% so với năm 2021; hạn là năm 2025."),
        (48, "Giảm 20%, đạt mức giảm ít nhất 10% so với năm 2021."),
    ],
)
def test_sentence_of_a_reduction_tells_which_way_it_went(now, sentence):
    assert judge(SERVICES, D(now), base=D(60), year=2024).sentence == sentence


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (FULL, "100%"),
        (SHARE, "trong khoảng 80 đến 82%"),
        (LOWER_SHARE, "tối đa 80%"),
        (FOREST, "ít nhất 47% đến năm 2025"),
        (HOUSES, "hoàn thành 100% đến năm 2025"),
        (SERVICES, "giảm ít nhất 10% so với năm 2021 đến năm 2025"),
        (TargetSpec(TargetKind.AT_LEAST, D(1500), unit="ngày công"), "ít nhất 1.500 ngày công"),
    ],
)
def test_goal_says_the_target_in_words(spec, words):
    assert goal(spec) == words


@pytest.mark.parametrize("spec", [FULL, FOREST, HOUSES])
@given(low=figures, high=figures)
def test_more_is_never_worse_where_more_is_asked(spec, low, high):
    low, high = sorted((low, high))
    worse, better = judge(spec, low, year=2025), judge(spec, high, year=2025)
    assert worse.gap >= better.gap
    assert (worse.status, better.status) != (Status.MET, Status.NOT_MET)


@pytest.mark.parametrize("spec", [SHARE, LOWER_SHARE, SERVICES])
@given(low=figures, high=figures, base=st.integers(1, 10_000))
def test_less_is_never_worse_where_less_is_asked(spec, low, high, base):
    low, high = sorted((low, high))
    better, worse = (judge(spec, value, base=D(base), year=2025) for value in (low, high))
    assert worse.gap >= better.gap
    assert (worse.status, better.status) != (Status.MET, Status.NOT_MET)


@pytest.mark.parametrize("spec", ALL)
@given(value=figures, base=st.integers(1, 10_000), year=st.integers(2022, 2030))
def test_met_is_exactly_no_gap_left(spec, value, base, year):
    judgement = judge(spec, value, base=D(base), year=year)
    assert (judgement.status == Status.MET) == (judgement.gap <= 0)
    assert (judgement.status == Status.NOT_DUE) == (judgement.gap > 0 and bool(spec.due_year) and year < spec.due_year)


@pytest.mark.parametrize("spec", YEARLY)
@given(value=figures)
def test_sentence_never_rounds_a_missed_target_into_a_reached_one(spec, value):
    judgement = judge(spec, value, year=2025)
    shown = D(judgement.sentence.split("%")[0].replace(".", "").replace(",", "."))
    assert judge(spec, shown, year=2025).status == judgement.status
