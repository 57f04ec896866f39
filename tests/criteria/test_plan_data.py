"""The loaded data against the text of the plan (clauses C10 to C14, C23, C26)."""

from collections import Counter

import pytest

from criteria.models import AUDIENCE_OF_KIND, Asking, Audience, CriteriaSet, Criterion, Indicator, Sector, Target, Theme
from criteria.scoring import Aggregation
from criteria.selectors import forms_for
from phongtho_thidua.lib.vietnamese import format_number
from tests.plan_text import SLIPS, dash_items
from units.models import SectorCode, UnitKind

pytestmark = pytest.mark.django_db

PLAN_ITEMS = [
    ("III.1.1", "1.1. Đối với các cơ quan, ban, ngành huyện", "1.2. Đối với Ủy ban"),
    ("III.1.2", "1.2. Đối với Ủy ban", "1.3. Đối với các tổ chức"),
    ("III.1.3", "1.3. Đối với các tổ chức", "1.4. Đối với cá nhân"),
    ("III.1.4", "1.4. Đối với cá nhân", "2. Hình thức và tiêu chuẩn khen thưởng"),
]


@pytest.mark.parametrize(("clause", "start", "end"), PLAN_ITEMS)
def test_wording_is_the_plans_own_item_by_item(clause, start, end):
    assert list(Criterion.objects.filter(clause=clause).values_list("wording", flat=True)) == dash_items(start, end)


def test_only_the_two_known_slips_of_the_scan_are_mended():
    wordings = " ".join(Criterion.objects.values_list("wording", flat=True))
    assert [wordings.count(slip) for slip in SLIPS] == [0, 0]
    assert [wordings.count(word) for word in SLIPS.values()] == [1, 1]
    assert "phân đ" not in wordings.lower()


def test_section_three_is_complete():
    rows = Criterion.objects.values_list("clause", "audience", "theme")
    assert Counter(rows) == {
        ("III.1.1", Audience.AUTHORITIES, Theme.INFRASTRUCTURE): 6,
        ("III.1.1", Audience.AUTHORITIES, Theme.THRIFT): 9,
        ("III.1.2", Audience.UNIONS, Theme.THRIFT): 1,
        ("III.1.2", Audience.UNIONS, Theme.BOTH): 2,
        ("III.1.3", Audience.ORGANISATIONS, Theme.THRIFT): 1,
        ("III.1.3", Audience.ORGANISATIONS, Theme.INFRASTRUCTURE): 2,
        ("III.1.4", Audience.INDIVIDUALS, Theme.BOTH): 3,
    }
    codes = [
        f"{prefix}{n}"
        for prefix, count in (("HT", 6), ("TK", 9), ("MT", 3), ("TC", 3), ("CN", 3))
        for n in range(1, count + 1)
    ]
    assert list(Criterion.objects.values_list("code", flat=True)) == codes


def test_sectors_are_the_seven_of_the_plan_in_its_order_and_each_verifies_something():
    assert list(Sector.objects.values_list("code", flat=True)) == list(SectorCode)
    assert set(Criterion.objects.values_list("sector__code", flat=True)) == set(SectorCode)


def test_every_kind_of_unit_has_an_audience():
    assert set(AUDIENCE_OF_KIND) == set(UnitKind)


def test_targets_are_the_figures_that_the_plan_names():
    rows = Target.objects.order_by("indicator__code", "kind")
    assert [(t.indicator.code, t.scope, t.goal, t.first_year, t.last_year) for t in rows] == [
        ("HT6.ty_le_giai_ngan", "unit", "100%", 2022, 2025),
        ("TK3.ty_trong", "district", "tối đa 80%", 2022, 2025),
        ("TK3.ty_trong", "district", "trong khoảng 80 đến 82%", 2022, 2025),
        ("TK5.don_vi", "district", "giảm ít nhất 10% so với năm 2021 đến năm 2025", 2022, 2025),
        ("TK6.ty_le_nha_dat", "district", "hoàn thành 100% đến năm 2025", 2022, 2025),
        ("TK8.che_phu_rung", "district", "ít nhất 47% đến năm 2025", 2022, 2025),
    ]


def test_every_number_of_a_target_stands_in_the_wording_of_its_criterion():
    for target in Target.objects.select_related("indicator__criterion"):
        shares = [format_number(share) for share in (target.value, target.high) if share is not None]
        years = [str(year) for year in (target.base_year, target.due_year) if year]
        wording = target.indicator.criterion.wording
        assert [number for number in shares + years if number not in wording] == [], target


def test_every_figure_begins_with_the_code_of_its_criterion_and_says_what_to_count():
    for indicator in Indicator.objects.select_related("criterion"):
        assert indicator.code.partition(".")[0] == indicator.criterion.code
        assert bool(indicator.guidance) != indicator.is_derived, indicator.code


@pytest.mark.parametrize("kind", UnitKind)
def test_parts_and_ratios_stand_in_one_form_with_what_they_are_measured_against(kind):
    asked = {indicator.pk: indicator for criterion in forms_for(kind, 2024) for indicator in criterion.asked}
    for indicator in asked.values():
        needed = {indicator.whole_id, indicator.numerator_id, indicator.denominator_id} - {None}
        assert needed <= set(asked), indicator.code
        assert len(needed) == (2 if indicator.is_derived else bool(indicator.whole_id))


def test_a_part_is_measured_in_the_unit_of_its_whole_and_a_ratio_in_per_cent():
    for indicator in Indicator.objects.select_related("whole"):
        if indicator.whole:
            assert indicator.unit == indicator.whole.unit, indicator.code
        if indicator.is_derived:
            assert (indicator.unit, indicator.aggregation) == ("%", Aggregation.RATIO_OF_SUMS)


def test_numerator_of_every_ratio_is_a_part_of_its_denominator():
    """So that no ratio can pass 100 %."""
    ratios = Indicator.objects.exclude(numerator=None).select_related("numerator")
    assert [row.code for row in ratios if row.numerator.whole_id != row.denominator_id] == []


def test_no_unit_is_asked_for_figures_of_another_audience_or_of_individuals():
    rows = Asking.objects.values_list("unit_kind", "indicator__criterion__audience")
    assert [(kind, audience) for kind, audience in rows if AUDIENCE_OF_KIND[kind] != audience] == []


def test_charter_indicator_of_enterprises_rests_on_its_own_clause():
    """C26: thrift written into the charter is a duty of VI.4, not of III.1.3."""
    assert Indicator.objects.get(code="TC1.dieu_le").clause == "VI.4"


def test_set_of_phase_1_covers_its_years():
    row = CriteriaSet.objects.get()
    assert (row.version, row.first_year, row.last_year, row.frozen_at) == (1, 2022, 2025, None)
