import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from criteria.models import Asking, CriteriaSet, Criterion, Indicator, Target

pytestmark = pytest.mark.django_db


def refused(write):
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


def second_set(**years):
    return CriteriaSet.objects.create(name="Bộ thứ hai", version=2, **years)


@pytest.mark.parametrize("year", [2022, 2025, 2026, 2030])
def test_first_set_serves_its_years_and_later_ones_until_another_opens(year):
    assert CriteriaSet.objects.for_year(year).version == 1


def test_second_set_takes_over_from_its_first_year():
    later = second_set(first_year=2026, last_year=2030)
    assert [CriteriaSet.objects.for_year(year).pk == later.pk for year in (2025, 2026, 2030)] == [False, True, True]


def test_newer_version_for_the_same_years_wins():
    newer = second_set(first_year=2022, last_year=2025)
    assert CriteriaSet.objects.for_year(2024) == newer


def test_year_before_the_movement_has_no_set():
    with pytest.raises(CriteriaSet.DoesNotExist):
        CriteriaSet.objects.for_year(2021)


@pytest.mark.parametrize(
    "nonsense",
    [
        {"kind": "riddle"},
        {"aggregation": "mean"},
        {"aggregation": "ratio_of_sums"},
        {"kind": "ratio"},
        {"numerator_id": 1},
        {"decimals": 5},
    ],
    ids=str,
)
def test_database_refuses_an_indicator_that_makes_no_sense(nonsense):
    row = Indicator.objects.get(code="HT6.von_ke_hoach")
    refused(lambda: Indicator.objects.filter(pk=row.pk).update(**nonsense))


def test_database_refuses_an_indicator_that_is_part_of_itself():
    row = Indicator.objects.get(code="HT6.von_ke_hoach")
    refused(lambda: Indicator.objects.filter(pk=row.pk).update(whole=row))


def test_database_refuses_a_ratio_without_its_parts():
    refused(lambda: Indicator.objects.filter(code="HT6.ty_le_giai_ngan").update(denominator=None))


@pytest.mark.parametrize(
    ("code", "kind", "nonsense"),
    [
        ("HT6.ty_le_giai_ngan", "full", {"kind": "riddle"}),
        ("HT6.ty_le_giai_ngan", "full", {"scope": "moon"}),
        ("HT6.ty_le_giai_ngan", "full", {"value": None}),
        ("HT6.ty_le_giai_ngan", "full", {"high": 120}),
        ("HT6.ty_le_giai_ngan", "full", {"base_year": 2021}),
        ("HT6.ty_le_giai_ngan", "full", {"last_year": 2021}),
        ("TK3.ty_trong", "range", {"high": None}),
        ("TK3.ty_trong", "range", {"high": 79}),
        ("TK5.don_vi", "reduce_percent", {"base_year": None}),
        ("TK5.don_vi", "reduce_percent", {"base_indicator": None}),
        ("TK6.ty_le_nha_dat", "done_by", {"due_year": None}),
        ("TK6.ty_le_nha_dat", "done_by", {"value": 100}),
    ],
    ids=str,
)
def test_database_refuses_a_target_that_makes_no_sense(code, kind, nonsense):
    refused(lambda: Target.objects.filter(indicator__code=code, kind=kind).update(**nonsense))


@pytest.mark.parametrize("nonsense", [{"audience": "all"}, {"theme": "none"}, {"wording": ""}, {"title": ""}], ids=str)
def test_database_refuses_a_criterion_that_makes_no_sense(nonsense):
    refused(lambda: Criterion.objects.filter(code="HT1").update(**nonsense))


def test_database_refuses_a_second_criterion_indicator_or_asking_of_the_same_code():
    criterion = Criterion.objects.get(code="HT1")
    indicator = criterion.indicators.first()
    asking = indicator.askings.first()
    for row in (asking, indicator, criterion):
        row.pk = None
        refused(row.save)


def test_database_refuses_an_unknown_kind_of_unit():
    refused(lambda: Asking.objects.filter(unit_kind="commune").update(unit_kind="district"))


def test_database_refuses_years_out_of_order_and_freezing_by_nobody():
    refused(lambda: CriteriaSet.objects.update(last_year=2021))
    refused(lambda: CriteriaSet.objects.update(frozen_at=timezone.now()))


def test_indicator_refuses_the_code_of_another_criterion():
    row = Indicator.objects.get(code="HT6.von_ke_hoach")
    row.code = "HT5.von_ke_hoach"
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert refusal.value.message_dict == {"code": ["Mã chỉ tiêu bắt đầu bằng HT6 và dấu chấm."]}
