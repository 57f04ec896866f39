"""The results of a unit in a year, for apps below (`phongtho_thidua.lib.results`)."""

from criteria.models import Indicator, IndicatorKind
from criteria.scoring import ratio
from phongtho_thidua.lib.vietnamese import format_number
from reports.models import Figure
from reports.models.report import HANDED_IN
from reports.selectors.sheet import values_of


def results_of(unit, year: int) -> dict[str, str]:
    """What `unit` handed in for `year`, in words by indicator code; ratios as their parts give them. Two queries."""
    report = {"report__unit": unit, "report__period__year": year, "report__state__in": HANDED_IN}
    figures = list(Figure.objects.filter(**report).select_related("indicator"))
    told = {figure.indicator.code: figure.words for figure in figures if figure.answer}
    return told | _ratios({figure.indicator.criterion_id for figure in figures}, values_of(figures))


def _ratios(criteria, values) -> dict[str, str]:
    if not values:
        return {}
    derived = Indicator.objects.filter(criterion__in=criteria, kind=IndicatorKind.RATIO)
    found = {
        one: ratio(values.get(one.numerator.code), values.get(one.denominator.code))
        for one in derived.select_related("numerator", "denominator")
    }
    return {one.code: f"{format_number(value, one.decimals)}%" for one, value in found.items() if value is not None}
