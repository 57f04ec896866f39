"""What the reports of one year say together: who reported, how criteria were graded, what every indicator comes to.

The number of queries does not depend on the number of units. Only accepted reports count, with the figures as Phòng
Nội vụ recognised them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Prefetch, Q

from campaigns.models import Period
from criteria.models import CriteriaSet, Criterion, Indicator, Target
from criteria.scoring import Aggregation, AnswerKind, Total, ratio
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.sections import asked_once
from phongtho_thidua.lib.vietnamese import sort_key
from reports.models import AnnualReport, Entry, Recognition, ReportState, VerificationState
from units.models import Unit, UnitName

# One statement for all indicators of this year and the year before, by kind of unit, over what Phòng Nội vụ recognised
# (of a criterion that does not apply that is "not applicable", whatever was typed); a ratio takes both its parts from
# the same report. By hand, because the ORM has no join from a figure to the figure it is divided by.
_TOTALS = """
SELECT report.period_id, figure.indicator_id, unit.kind,
       SUM(CASE WHEN said.answer = 'value' THEN said.value END),
       CAST(NULL AS NUMERIC),
       MAX(CASE WHEN said.answer = 'value' THEN said.day END),
       SUM(CASE WHEN said.answer = 'value' AND (said.value IS NULL OR said.value <> 0) THEN 1 ELSE 0 END),
       SUM(CASE WHEN said.answer = 'value' THEN 1 ELSE 0 END),
       SUM(CASE WHEN said.answer = 'not_applicable' THEN 1 ELSE 0 END),
       SUM(CASE WHEN said.answer = 'no_data' THEN 1 ELSE 0 END)
FROM reports_annualreport report
JOIN units_unit unit ON unit.id = report.unit_id
JOIN reports_figure figure ON figure.report_id = report.id
JOIN reports_recognition said ON said.figure_id = figure.id
WHERE report.period_id IN (%s, %s) AND report.state = 'accepted'
GROUP BY report.period_id, figure.indicator_id, unit.kind
UNION ALL
SELECT pair.period_id, pair.id, pair.kind,
       SUM(CASE WHEN above = 'value' AND below = 'value' THEN above_value END),
       SUM(CASE WHEN above = 'value' AND below = 'value' THEN below_value END),
       MAX(CAST(NULL AS DATE)),
       0,
       SUM(CASE WHEN above = 'value' AND below = 'value' THEN 1 ELSE 0 END),
       SUM(CASE WHEN 'no_data' NOT IN (above, below) AND 'not_applicable' IN (above, below) THEN 1 ELSE 0 END),
       SUM(CASE WHEN 'no_data' IN (above, below) THEN 1 ELSE 0 END)
FROM (
    SELECT report.period_id, ratio.id, unit.kind,
           numerator.value AS above_value, denominator.value AS below_value,
           numerator.answer AS above, denominator.answer AS below
    FROM criteria_indicator ratio
    CROSS JOIN reports_annualreport report
    JOIN units_unit unit ON unit.id = report.unit_id
    JOIN reports_figure upper ON upper.report_id = report.id AND upper.indicator_id = ratio.numerator_id
    JOIN reports_recognition numerator ON numerator.figure_id = upper.id
    JOIN reports_figure lower ON lower.report_id = report.id AND lower.indicator_id = ratio.denominator_id
    JOIN reports_recognition denominator ON denominator.figure_id = lower.id
    WHERE ratio.kind = 'ratio' AND report.period_id IN (%s, %s) AND report.state = 'accepted'
) pair
GROUP BY pair.period_id, pair.id, pair.kind
"""
_FIGURE = Decimal("0.0001")  # SQLite adds floats: back to the four decimals that are stored


@dataclass(frozen=True)
class Standing:
    """How far one unit, by its names of the due date, has come with its report; None when it has not begun."""

    unit: Unit
    name: str
    short_name: str
    expected: bool
    report: AnnualReport | None

    @property
    def is_accepted(self) -> bool:
        return self.report is not None and self.report.state == ReportState.ACCEPTED


@dataclass(frozen=True)
class Sums:
    """A row of `_TOTALS`: `above` the sum of values, or of the numerators of a ratio over `base`."""

    above: Decimal | None
    base: Decimal | None
    day: date | None
    yes: int
    given: int
    not_applicable: int
    no_data: int


@dataclass(frozen=True)
class Outcome:
    """What all units together say on one indicator; `asked` of them should have answered.

    `day` replaces the value of an indicator that is a date. `before` is the same figure a year earlier, or None.
    """

    total: Total
    asked: int
    day: date | None = None
    before: Decimal | None = None

    @property
    def missing(self) -> int:
        return max(self.asked - self.total.given - self.total.not_applicable - self.total.no_data, 0)


Said = tuple[str, Decimal | None, date | None, str]  # answer, value, day, document


@dataclass(frozen=True)
class Answers:
    """An accepted report: {indicator id: (*Said, state of its verification)} and {criterion id: grade or "off"}."""

    report_id: int
    unit_id: int
    figures: dict[int, tuple]
    grades: dict[int, str]


@asked_once
def criteria_of(period: Period) -> list[Criterion]:
    """All criteria of the year in the plan's order, each with its indicators and their targets of the year."""
    targets = Prefetch("targets", Target.objects.in_year(period.year).order_by("first_year", "pk"))
    indicators = Prefetch("indicators", Indicator.objects.order_by("order").prefetch_related(targets, "askings"))
    criteria_set = CriteriaSet.objects.for_year(period.year)
    return list(criteria_set.criteria.order_by("order").prefetch_related(indicators))


@asked_once
def standings(period: Period) -> list[Standing]:
    """Every unit that had to report at the due date, and whoever reported besides; in the order of their full names."""
    day = clock.local(period.due_at).date()
    expected = set(Unit.objects.expected_to_report(day).values_list("pk", flat=True))
    handed_in = AnnualReport.objects.for_period(period).only("unit", "state", "edition", "first_submitted_at")
    reports = {report.unit_id: report for report in handed_in}
    names = {one.unit_id: one for one in UnitName.objects.on(day)}
    units = Unit.objects.filter(Q(pk__in=expected) | Q(pk__in=reports.keys())).order_by("pk")
    borne = ((unit, names.get(unit.pk, unit)) for unit in units)
    found = [
        Standing(unit, named.name, named.short_name, unit.pk in expected, reports.get(unit.pk)) for unit, named in borne
    ]
    return sorted(found, key=lambda standing: sort_key(standing.name))


@asked_once
def outcomes(period: Period) -> dict[int, Outcome]:
    """{indicator id: outcome} for every indicator of the year's criteria, also those nobody answered."""
    sums, before = _sums_of_two_years(period)
    units_by_kind = Counter(s.unit.kind for s in standings(period) if s.expected or s.is_accepted)
    return {
        indicator.pk: _outcome(
            indicator,
            _joined(sums[indicator.pk].values()),
            asked=sum(units_by_kind[asking.unit_kind] for asking in indicator.askings.all()),
            before=_total(indicator, _joined(before[indicator.pk].values())).value,
        )
        for indicator in _indicators_of(period)
    }


def outcomes_among(period: Period, kinds: Collection[str]) -> dict[int, Outcome]:
    """As `outcomes`, of the accepted reports of these kinds of units alone: all of them have answered."""
    sums, _ = _sums_of_two_years(period)
    among = {
        indicator: _joined(sums[indicator.pk][kind] for kind in kinds if kind in sums[indicator.pk])
        for indicator in _indicators_of(period)
    }
    return {
        indicator.pk: _outcome(indicator, one, asked=one.given + one.not_applicable + one.no_data)
        for indicator, one in among.items()
    }


def _indicators_of(period: Period) -> list[Indicator]:
    return [indicator for criterion in criteria_of(period) for indicator in criterion.indicators.all()]


SumsByKind = dict[int, dict[str, Sums]]  # {indicator id: {kind of unit: sums}}


@asked_once
def _sums_of_two_years(period: Period) -> tuple[SumsByKind, SumsByKind]:
    """This year's sums and those of the year before."""
    before = Period.objects.filter(campaign=period.campaign_id, year=period.year - 1).first()
    years = defaultdict(lambda: defaultdict(dict))
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, [period.pk, before.pk if before else period.pk] * 2)
        for period_id, indicator_id, kind, above, base, day, *counts in cursor.fetchall():
            sums = Sums(_decimal(above), _decimal(base), _day(day), *counts)
            years[period_id][indicator_id][kind] = sums
    return years[period.pk], years[before.pk if before else None]


def _joined(many: Iterable[Sums]) -> Sums:
    """The sums of several kinds of units as one; what no kind has stays None."""
    rows = [astuple(one) for one in many]
    above, base, day, *counts = zip(*rows, strict=True) if rows else ((),) * 7
    return Sums(_added(above), _added(base), max(_known(day), default=None), *map(sum, counts))


def _added(parts: Iterable[Decimal | None]) -> Decimal | None:
    known = _known(parts)
    return sum(known) if known else None


def _known(parts: Iterable) -> list:
    return [part for part in parts if part is not None]


def _outcome(indicator: Indicator, sums: Sums, *, asked: int, before: Decimal | None = None) -> Outcome:
    return Outcome(_total(indicator, sums), asked, sums.day, before)


def _total(indicator: Indicator, sums: Sums) -> Total:
    match indicator.aggregation:
        case Aggregation.RATIO_OF_SUMS:
            value = ratio(sums.above, sums.base)
        case Aggregation.COUNT_YES:
            value = Decimal(sums.yes) if sums.given else None
        case Aggregation.LATEST:
            value = None
        case _:
            value = sums.above
    return Total(value, sums.given, sums.not_applicable, sums.no_data)


def _decimal(number) -> Decimal | None:
    return None if number is None else Decimal(str(number)).quantize(_FIGURE)


def _day(day) -> date | None:
    return date.fromisoformat(day) if isinstance(day, str) else day


@asked_once
def grade_counts(period: Period) -> dict[int, Counter]:
    """{criterion id: accepted reports by grade}; "off" where it does not apply, "" where no grade is given."""
    counts = defaultdict(Counter)
    rows = Entry.objects.filter(report__in=AnnualReport.objects.for_period(period).accepted()).order_by()
    for criterion, applies, grade, count in rows.values_list("criterion", "applies", "grade").annotate(Count("pk")):
        counts[criterion][grade if applies else "off"] += count
    return counts


@asked_once
def answers_by_unit(period: Period) -> dict[int, Answers]:
    """{unit id: its accepted answers}, each figure as it was recognised and with the state of its verification."""
    accepted = AnnualReport.objects.for_period(period).accepted()
    answers = {pk: Answers(pk, unit, {}, {}) for pk, unit in accepted.values_list("pk", "unit")}
    entries = Entry.objects.filter(report__in=accepted).order_by()
    for report, criterion, applies, grade in entries.values_list("report", "criterion", "applies", "grade"):
        answers[report].grades[criterion] = grade if applies else "off"
    said = Recognition.objects.filter(figure__report__in=accepted).order_by()
    columns = ("figure__report", "figure__indicator", "answer", "value", "day", "document")
    for report, indicator, *told in said.values_list(*columns, _VERIFIED).iterator(chunk_size=5000):
        answers[report].figures[indicator] = tuple(told)
    return {one.unit_id: one for one in answers.values()}


_VERIFIED = "figure__verification__state"


@dataclass(frozen=True)
class Difference:
    """A figure that was recognised otherwise than reported, or that its sector found to be different."""

    unit_id: int
    report_id: int
    indicator: Indicator
    reported: Said
    verified: Said | None
    verified_by: str
    recognised: Said
    recognised_by: str
    source: str


@asked_once
def differences(period: Period) -> list[Difference]:
    """Of all accepted reports, in the order of indicators."""
    rows = Recognition.objects.filter(figure__report__in=AnnualReport.objects.for_period(period).accepted())
    rows = rows.filter(Q(figure__verification__state=VerificationState.DIFFERS) | Q(chosen_for__isnull=False))
    related = ("by", "figure__report", "figure__indicator__criterion", "figure__verification__by")
    order = ("figure__indicator__criterion__order", "figure__indicator__order")
    return [_difference(row) for row in rows.select_related(*related).order_by(*order)]


def _difference(row: Recognition) -> Difference:
    figure, judged = row.figure, getattr(row.figure, "verification", None)
    is_judged = judged is not None and judged.state in (VerificationState.AGREES, VerificationState.DIFFERS)
    return Difference(
        unit_id=figure.report.unit_id,
        report_id=figure.report_id,
        indicator=figure.indicator,
        reported=_said(figure.answer, figure),
        verified=_said(AnswerKind.VALUE, judged) if is_judged else None,
        verified_by=judged.by.full_name if is_judged else "",
        recognised=_said(row.answer, row),
        recognised_by=row.by.full_name,
        source=row.source,
    )


def _said(answer: str, row) -> Said:
    return answer, row.value, row.day, row.document


def accepted_answers(period: Period) -> list[tuple[Standing, Answers]]:
    """Every accepted report with its unit, in the order of short names: tables print those."""
    answers = answers_by_unit(period)
    found = [(one, answers[one.unit.pk]) for one in standings(period) if one.unit.pk in answers]
    return sorted(found, key=lambda pair: sort_key(pair[0].short_name))
