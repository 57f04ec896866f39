"""What many reports come to: SQL agrees with the pure rules, three answers stay three, only accepted ones count."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.models import Period
from criteria.models import Indicator
from criteria.scoring import Answer, AnswerKind, combine
from phongtho_thidua.lib.sections import sections_of
from reports.documents import snapshot
from reports.models import AnnualReport, Recognition, ReportState
from reports.selectors.summary import outcomes
from tests.reports.filled import NO_DATA, NOT_APPLICABLE, communes, report_of
from units.models import Unit
from units.services.registry import dissolve_unit

pytestmark = pytest.mark.django_db

PLANNED, DISBURSED, RATE = "HT6.von_ke_hoach", "HT6.von_giai_ngan", "HT6.ty_le_giai_ngan"


@pytest.fixture
def outcome_of(period_2024):
    def find(code, period=period_2024):
        return outcomes(period)[Indicator.objects.get(code=code).pk]

    return find


def counts(outcome):
    total = outcome.total
    return total.given, total.not_applicable, total.no_data, outcome.missing, outcome.asked


def test_zero_not_applicable_and_no_data_are_three_answers_in_a_total(cast, unit_of, period_2024, outcome_of):
    for key, said in {
        "xa-nam-xe": 0,
        "xa-muong-so": NOT_APPLICABLE,
        "xa-dao-san": NO_DATA,
        "xa-mu-sang": "10.5",
    }.items():
        report_of(unit_of(key), period_2024, by=cast.chief, figures={"HT6.dat_hien": said})
    land = outcome_of("HT6.dat_hien")
    assert land.total.value == Decimal("10.5")
    assert counts(land) == (2, 1, 1, 13, 17)


def test_all_zero_is_zero_and_nobody_asked_is_no_figure(cast, period_2024, outcome_of):
    assert outcome_of("HT6.dat_hien").total.value is None
    report_of(cast.home, period_2024, by=cast.chief, figures={"HT6.dat_hien": 0})
    assert outcome_of("HT6.dat_hien").total.value == Decimal(0)


def test_a_ratio_is_the_sum_over_the_sum_of_the_same_units(cast, unit_of, period_2024, outcome_of):
    answers = {
        "xa-nam-xe": (1000, 500),
        "xa-muong-so": (9000, 9000),
        "xa-dao-san": (4000, NO_DATA),
        "xa-mu-sang": (NOT_APPLICABLE, NOT_APPLICABLE),
    }
    for key, (planned, disbursed) in answers.items():
        figures = {PLANNED: planned, DISBURSED: disbursed}
        report_of(unit_of(key), period_2024, by=cast.chief, figures=figures)
    rate = outcome_of(RATE)
    assert rate.total.value == Decimal(95)  # not 75, the mean; not 67,9, with a denominator nobody answered above
    assert counts(rate)[:3] == (2, 1, 1)
    assert outcome_of(PLANNED).total.value == Decimal(14000)


@pytest.mark.parametrize("state", [state for state in ReportState if state != ReportState.ACCEPTED])
def test_a_report_that_is_not_accepted_does_not_count(cast, period_2024, outcome_of, state):
    report_of(cast.home, period_2024, by=cast.chief, figures={"HT6.dat_hien": 100})
    report_of(cast.other, period_2024, by=cast.chief, figures={"HT6.dat_hien": 7}, state=state)
    assert outcome_of("HT6.dat_hien").total.value == Decimal(100)
    assert counts(outcome_of("HT6.dat_hien")) == (1, 0, 0, 16, 17)


def test_a_criterion_that_does_not_apply_makes_its_figures_not_applicable(cast, period_2024, outcome_of):
    figures = {PLANNED: 10, DISBURSED: 5, "HT6.dat_hien": 3}
    report_of(cast.home, period_2024, by=cast.chief, figures=figures, off=["HT6"])
    assert [counts(outcome_of(code))[:3] for code in (PLANNED, DISBURSED, RATE, "HT6.dat_hien")] == [(0, 1, 0)] * 4
    assert outcome_of(RATE).total.value is None


def test_yes_is_counted_and_no_is_an_answer(cast, period_2024, outcome_of):
    report_of(cast.home, period_2024, by=cast.chief, figures={"TK1.chuong_trinh": 1})
    report_of(cast.other, period_2024, by=cast.chief, figures={"TK1.chuong_trinh": 0})
    programme = outcome_of("TK1.chuong_trinh")
    assert (programme.total.value, programme.total.given) == (Decimal(1), 2)


def test_last_year_stands_beside_this_year(cast, period_2024, outcome_of):
    period_2023 = Period.objects.get(year=2023)
    report_of(cast.home, period_2023, by=cast.chief, figures={PLANNED: 100, DISBURSED: 80})
    report_of(cast.home, period_2024, by=cast.chief, figures={PLANNED: 200, DISBURSED: 180})
    assert (outcome_of(RATE).total.value, outcome_of(RATE).before) == (Decimal(90), Decimal(80))
    assert outcome_of(RATE, period_2023).before is None


def test_a_dissolved_unit_is_not_asked_but_its_accepted_report_counts(cast, period_2024, outcome_of):
    report_of(cast.home, period_2024, by=cast.chief, figures={"HT6.dat_hien": 5})
    dissolve_unit(unit=cast.other, dissolved=period_2024.due_at.date().replace(month=6), document="NQ", by=cast.chief)
    dissolve_unit(unit=cast.home, dissolved=period_2024.due_at.date().replace(month=6), document="NQ", by=cast.chief)
    assert outcome_of("HT6.dat_hien").total.value == Decimal(5)
    assert counts(outcome_of("HT6.dat_hien")) == (1, 0, 0, 15, 16)


def test_small_amounts_add_up_exactly(cast, period_2024, outcome_of):
    for unit in Unit.objects.filter(kind="commune")[:10]:
        report_of(unit, period_2024, by=cast.chief, figures={PLANNED: "0.1"})
    assert outcome_of(PLANNED).total.value == Decimal("1.0000")


said = st.one_of(
    st.decimals(min_value=0, max_value=10**7, places=1, allow_nan=False, allow_infinity=False),
    st.sampled_from([NOT_APPLICABLE, NO_DATA]),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(said, said), min_size=1, max_size=6))
def test_totals_of_the_database_agree_with_the_pure_rules(cast, period_2024, outcome_of, pairs):
    AnnualReport.objects.for_period(period_2024).delete()
    units = Unit.objects.filter(kind="commune")
    for unit, (planned, disbursed) in zip(units, pairs, strict=False):
        report_of(unit, period_2024, by=cast.chief, figures={PLANNED: planned, DISBURSED: disbursed})
    for place, code in enumerate((PLANNED, DISBURSED)):
        indicator = Indicator.objects.get(code=code)
        assert outcome_of(code).total == combine(indicator.aggregation, [_answer(pair[place]) for pair in pairs])
    rate = Indicator.objects.get(code=RATE)
    both = [_answer_of_two(top, base) for base, top in pairs]
    assert outcome_of(RATE).total == combine(rate.aggregation, both)


def _answer(one):
    return Answer(one) if isinstance(one, AnswerKind) else Answer.of(one)


def _answer_of_two(top, base):
    kinds = {one for one in (top, base) if isinstance(one, AnswerKind)}
    if kinds:
        return Answer(NO_DATA if NO_DATA in kinds else NOT_APPLICABLE)
    return Answer.of(top, base)


def test_the_number_of_queries_does_not_depend_on_the_number_of_units(cast, period_2024):
    report_of(cast.home, period_2024, by=cast.chief)
    with CaptureQueriesContext(connection) as for_one:
        snapshot.take(period_2024.pk)
    for unit in communes(30):
        report_of(unit, period_2024, by=cast.chief)
    with CaptureQueriesContext(connection) as for_many:
        snapshot.take(period_2024.pk)
    assert len(for_one) == len(for_many)
    assert sum("UNION ALL" in query["sql"] for query in for_many.captured_queries) == 1
    assert len(for_one) <= 40


def test_every_question_is_asked_anew_outside_of_a_reading(cast, period_2024, outcome_of):
    report = report_of(cast.home, period_2024, by=cast.chief, figures={"HT6.dat_hien": 1})
    assert outcome_of("HT6.dat_hien").total.value == Decimal(1)
    Recognition.objects.filter(figure__report=report, figure__indicator__code="HT6.dat_hien").update(value=2)
    assert outcome_of("HT6.dat_hien").total.value == Decimal(2)


def test_sections_gather_plain_json_without_floats(cast, period_2024):
    report_of(cast.home, period_2024, by=cast.chief)
    for section in sections_of("yearly"):
        assert not _floats(section.gather(period_2024)), section.name


def _floats(data):
    if isinstance(data, dict):
        return [found for value in data.values() for found in _floats(value)]
    if isinstance(data, list | tuple):
        return [found for value in data for found in _floats(value)]
    return [data] if isinstance(data, float) or not isinstance(data, str | int | None) else []
