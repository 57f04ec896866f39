"""The data of a yearly summary (no document), against one SQL statement written by hand.

The statement computes what the summary computes of every indicator: this year and the year before, ratios out of both
parts of one report, figures of criteria that do not apply left out. It shares nothing with the site's own, and
before anything is timed both must give the same numbers. A second, plain statement (one year, no ratio, nothing left
out) shows what the rules cost.
"""

from datetime import date
from decimal import Decimal
from functools import partial
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks import world
from benchmarks.measuring import Row, interleaved, one_server_process, queries_of, ratio
from campaigns.models import Period
from criteria.models import Indicator
from criteria.scoring import Aggregation
from phongtho_thidua.lib.sections import sections_of
from reports.documents.snapshot import still_data
from reports.models import SummaryKind
from reports.selectors.summary import outcomes

SIZES = (60, 600, 6_000)
TARGET = 1.2
_COUNTS = """
    COUNT(CASE WHEN answer = 'value' THEN 1 END), COUNT(CASE WHEN answer = 'not_applicable' THEN 1 END),
    COUNT(CASE WHEN answer = 'no_data' THEN 1 END)"""
BY_HAND = f"""
WITH said AS (
    SELECT report.id AS report_id, report.period_id, figure.indicator_id, found.value, found.day, found.answer
    FROM reports_recognition found
    JOIN reports_figure figure ON figure.id = found.figure_id
    JOIN reports_annualreport report ON report.id = figure.report_id
    WHERE report.state = 'accepted' AND report.period_id IN (%s, %s)
), pairs AS (
    SELECT top.period_id, ratio.id AS indicator_id, top.value, base.value AS base,
           CASE WHEN 'no_data' IN (top.answer, base.answer) THEN 'no_data'
                WHEN 'not_applicable' IN (top.answer, base.answer) THEN 'not_applicable' ELSE 'value' END AS answer
    FROM criteria_indicator ratio
    JOIN said top ON top.indicator_id = ratio.numerator_id
    JOIN said base ON base.indicator_id = ratio.denominator_id AND base.report_id = top.report_id
)
SELECT period_id, indicator_id, SUM(CASE WHEN answer = 'value' THEN value END), NULL,
       MAX(CASE WHEN answer = 'value' THEN day END),
       COUNT(CASE WHEN answer = 'value' AND value <> 0 THEN 1 END),{_COUNTS}
FROM said GROUP BY period_id, indicator_id
UNION ALL
SELECT period_id, indicator_id, SUM(CASE WHEN answer = 'value' THEN value END),
       SUM(CASE WHEN answer = 'value' THEN base END), NULL, 0,{_COUNTS}
FROM pairs GROUP BY period_id, indicator_id
"""
PLAIN = f"""
SELECT figure.indicator_id, SUM(CASE WHEN answer = 'value' THEN value END),{_COUNTS}
FROM reports_figure figure JOIN reports_annualreport report ON report.id = figure.report_id
WHERE report.period_id = %s AND report.state = 'accepted' GROUP BY figure.indicator_id
"""


def measure(*, sizes: tuple[int, ...] = SIZES, rounds: int = 7) -> list[Row]:
    """The sizes are numbers of units with a report of this year and of the last; each adds to the one before."""
    by, period, rows, before = world.reviewer(), Period.objects.get(year=2024), [], 0
    with one_server_process():
        for size in sizes:
            units = world.add_units(size - before)
            for year in world.YEARS:
                world.add_reports(units, year, by=by)
            world.settle()
            before = size
            check_equal(period)
            rows += _rows(period, size, rounds)
    return rows


def _rows(period: Period, size: int, rounds: int) -> list[Row]:
    calls = {
        "hand": partial(_ask, BY_HAND, [period.pk, _before(period).pk]),
        "plain": partial(_ask, PLAIN, [period.pk]),
        "statement": partial(_ask, _own_statement(period)),
        "totals": partial(outcomes, period),
        "all": partial(gather, period),
    }
    times = interleaved(calls, rounds=rounds)
    queries = {name: queries_of(calls[name]) for name in ("statement", "totals", "all")}
    lines = (
        ("the site's statement alone", "statement", "hand", None),
        ("totals of all indicators", "totals", "hand", TARGET),
        ("totals, against fewer rules", "totals", "plain", None),
        ("all sections with their annexes", "all", "hand", None),
    )
    return [_row(f"{size} units: {work}", times, mine, other, queries[mine], most) for work, mine, other, most in lines]


def _row(work: str, times: dict, mine: str, other: str, queries: int, most: float | None) -> Row:
    times_over = ratio(times[mine], times[other])
    target, met = (f"≤ {most}×", times_over <= most) if most else ("", None)
    yardstick = {"hand": "SQL by hand", "plain": "plain SQL, one year"}[other]
    return Row(
        work, median(times[mine]), "ms", target, met, yardstick, median(times[other]), times_over, f"{queries} queries"
    )


def gather(period: Period) -> dict:
    with still_data():
        return {section.name: section.gather(period) for section in sections_of(SummaryKind.YEARLY.value)}


def _before(period: Period) -> Period:
    return Period.objects.get(year=period.year - 1)


def _own_statement(period: Period) -> str:
    """The one statement that the site itself writes by hand, as it sends it."""
    with CaptureQueriesContext(connection) as asked:
        outcomes(period)
    return next(query["sql"] for query in asked.captured_queries if "UNION ALL" in query["sql"])


def _ask(statement: str, parameters: list | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def check_equal(period: Period) -> None:
    """Ends the run where the site's totals and those of the statement differ in one indicator."""
    last = _before(period).pk
    rows = {row[:2]: row[2:] for row in _ask(BY_HAND, [period.pk, last])}
    for indicator in Indicator.objects.filter(pk__in=outcomes(period)):
        found = outcomes(period)[indicator.pk]
        ours = (
            found.total.value,
            found.day,
            found.total.given,
            found.total.not_applicable,
            found.total.no_data,
            found.before,
        )
        theirs = (
            *_told(indicator, rows.get((period.pk, indicator.pk))),
            _told(indicator, rows.get((last, indicator.pk)))[0],
        )
        if ours != theirs:
            raise SystemExit(f"{indicator.code}: the site says {ours}, the statement {theirs}")


def _told(indicator: Indicator, row: tuple | None) -> tuple:
    """(value, day, given, not applicable, no data) as the rules of the indicator make them out of one row."""
    if row is None:
        return None, None, 0, 0, 0
    total, base, day, yes, *counts = row
    day = date.fromisoformat(day) if isinstance(day, str) else day
    match indicator.aggregation:
        case Aggregation.RATIO_OF_SUMS:
            value = _number(total) * 100 / _number(base) if base else None
        case Aggregation.COUNT_YES:
            value = Decimal(yes) if counts[0] else None
        case Aggregation.LATEST:
            value = None
        case _:
            value = _number(total)
    return value, day, *counts


def _number(found) -> Decimal | None:
    return None if found is None else Decimal(str(found)).quantize(Decimal("0.0001"))
