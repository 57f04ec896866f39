import pytest

from criteria.models import Audience, CriteriaSet, Indicator
from criteria.selectors import forms_for, whole_set
from units.models import UnitKind

pytestmark = pytest.mark.django_db

# kind of unit: (criteria, figures to fill in, ratios computed)
FORMS = {
    UnitKind.OFFICE: (15, 30, 5),
    UnitKind.PUBLIC_SERVICE: (15, 16, 3),
    UnitKind.COMMUNE: (15, 27, 6),
    UnitKind.TOWNSHIP: (15, 27, 6),
    UnitKind.UNION: (3, 12, 0),
    UnitKind.ENTERPRISE: (3, 7, 0),
    UnitKind.COOPERATIVE: (3, 7, 0),
    UnitKind.ORGANISATION: (3, 6, 0),
}


@pytest.mark.parametrize("kind", UnitKind)
def test_form_of_each_kind_of_unit_has_its_own_size(kind):
    criteria = forms_for(kind, 2024)
    asked = [indicator for criterion in criteria for indicator in criterion.asked]
    derived = [indicator for indicator in asked if indicator.is_derived]
    assert (len(criteria), len(asked) - len(derived), len(derived)) == FORMS[kind]


def test_commune_enterprise_and_union_get_their_own_criteria_in_the_plans_order():
    """C10 to C13."""
    codes = {kind: [criterion.code for criterion in forms_for(kind, 2024)] for kind in UnitKind}
    authorities = [f"HT{n}" for n in range(1, 7)] + [f"TK{n}" for n in range(1, 10)]
    assert codes[UnitKind.COMMUNE] == authorities
    assert codes[UnitKind.OFFICE] == authorities
    assert codes[UnitKind.UNION] == ["MT1", "MT2", "MT3"]
    assert codes[UnitKind.ENTERPRISE] == ["TC1", "TC2", "TC3"]


def test_kinds_of_one_audience_differ_in_what_they_are_asked():
    def figures(kind, code):
        criterion = next(one for one in forms_for(kind, 2024) if one.code == code)
        return [indicator.code for indicator in criterion.asked]

    assert figures(UnitKind.COMMUNE, "TK8") == ["TK8.dien_tich_tu_nhien", "TK8.dien_tich_rung", "TK8.che_phu_rung"]
    assert figures(UnitKind.OFFICE, "TK8") == []
    assert figures(UnitKind.COMMUNE, "TK5") == []
    assert figures(UnitKind.OFFICE, "TK5") == ["TK5.don_vi_2021", "TK5.don_vi"]
    assert figures(UnitKind.ORGANISATION, "TC3") == []


def test_form_carries_the_targets_of_its_year_only():
    def aims(year):
        asked = [indicator for criterion in forms_for(UnitKind.COMMUNE, year) for indicator in criterion.asked]
        return {indicator.code: [aim.kind for aim in indicator.aims] for indicator in asked if indicator.aims}

    of_phase_1 = {
        "HT6.ty_le_giai_ngan": ["full"],
        "TK3.ty_trong": ["at_most", "range"],
        "TK6.ty_le_nha_dat": ["done_by"],
        "TK8.che_phu_rung": ["at_least"],
    }
    assert [aims(2022), aims(2025), aims(2026)] == [of_phase_1, of_phase_1, {}]


@pytest.mark.parametrize("kind", [UnitKind.OFFICE, UnitKind.ORGANISATION])
def test_form_costs_the_same_whatever_its_length(kind, django_assert_num_queries):
    with django_assert_num_queries(4):
        criteria = forms_for(kind, 2024)
        assert all(criterion.sector.name for criterion in criteria)
        assert all(aim.goal for criterion in criteria for indicator in criterion.asked for aim in indicator.aims)


def test_form_refuses_a_year_before_the_movement():
    with pytest.raises(CriteriaSet.DoesNotExist):
        forms_for(UnitKind.COMMUNE, 2021)


def test_whole_set_shows_every_audience_and_every_figure(django_assert_num_queries):
    criteria_set = CriteriaSet.objects.get()
    with django_assert_num_queries(3):
        groups = whole_set(criteria_set)
    assert [(audience, len(criteria)) for audience, criteria in groups] == [
        (Audience.AUTHORITIES, 15),
        (Audience.UNIONS, 3),
        (Audience.ORGANISATIONS, 3),
        (Audience.INDIVIDUALS, 3),
    ]
    shown = {indicator.code for _, criteria in groups for criterion in criteria for indicator in criterion.asked}
    assert shown == set(Indicator.objects.values_list("code", flat=True))
