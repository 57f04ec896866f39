"""Reads across criteria, indicators and targets."""

from django.db.models import Prefetch

from criteria.models import AUDIENCE_OF_KIND, Audience, CriteriaSet, Criterion, Indicator, Target
from units.models import UnitKind


def forms_for(kind: UnitKind, year: int) -> list[Criterion]:
    """The criteria that a unit of `kind` answers in `year`, in the plan's order; four queries whatever their number.

    Each criterion carries `asked`, the indicators put to this kind of unit, and each indicator `aims`, its targets of
    that year. Raises CriteriaSet.DoesNotExist for a year before the first set.
    """
    criteria_set = CriteriaSet.objects.for_year(year)
    criteria = criteria_set.criteria.filter(audience=AUDIENCE_OF_KIND[kind]).select_related("sector")
    return list(criteria.prefetch_related(_asked(Indicator.objects.asked_of(kind), Target.objects.in_year(year))))


def whole_set(criteria_set: CriteriaSet) -> list[tuple[Audience, list[Criterion]]]:
    """The criteria of the set by audience, with all their indicators (`asked`) and targets (`aims`); three queries."""
    criteria = criteria_set.criteria.select_related("sector")
    criteria = list(criteria.prefetch_related(_asked(Indicator.objects.all(), Target.objects.all())))
    groups = [(audience, [one for one in criteria if one.audience == audience]) for audience in Audience]
    return [(audience, group) for audience, group in groups if group]


def _asked(indicators, targets) -> Prefetch:
    aims = Prefetch("targets", queryset=targets, to_attr="aims")
    return Prefetch("indicators", queryset=indicators.prefetch_related(aims), to_attr="asked")
