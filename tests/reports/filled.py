"""Reports as rows, in any state, for tests of what is made out of many of them."""

from datetime import date, timedelta
from decimal import Decimal

from criteria.scoring import AnswerKind, Grade
from criteria.selectors import forms_for
from phongtho_thidua.lib import clock
from reports.models import AnnualReport, Entry, Figure, ReportState
from reports.services.expected import expect
from reports.services.recognition import recognise
from units.services.registry import enter_unit

START = date(2022, 1, 1)
NOT_APPLICABLE, NO_DATA = AnswerKind.NOT_APPLICABLE, AnswerKind.NO_DATA


def report_of(unit, period, *, by, state=ReportState.ACCEPTED, figures=None, grade=Grade.GOOD, off=(), late=False):
    """A report with every entry and figure its kind is asked for.

    `figures` is {indicator code: number or one of NOT_APPLICABLE, NO_DATA}; what it does not name is answered with 0.
    `off` are the codes of criteria that do not apply.
    """
    criteria = forms_for(unit.kind, period.year)
    at = period.due_at + timedelta(hours=1 if late else -1)
    handed_in = {"submitted_by": by, "submitted_at": at, "first_submitted_at": at, "edition": 1}
    reviewed = {"reviewed_by": by, "reviewed_at": at}
    report = AnnualReport.objects.create(
        unit=unit,
        period=period,
        criteria_set=criteria[0].criteria_set,
        state=state,
        **(handed_in if state != ReportState.DRAFT else {}),
        **(reviewed if state in (ReportState.RETURNED, ReportState.ACCEPTED) else {}),
    )
    _answer(report, criteria, figures or {}, grade, off)
    if state == ReportState.ACCEPTED:
        recognise(report=report, by=by)
    elif state != ReportState.DRAFT:
        expect(report=report, by=by)
    return report


def _answer(report, criteria, figures, grade, off):
    Entry.objects.bulk_create(
        Entry(report=report, criterion=one, applies=one.code not in off, grade="" if one.code in off else grade)
        for one in criteria
    )
    asked = [indicator for one in criteria for indicator in one.asked if not indicator.is_derived]
    assert not set(figures) - {indicator.code for indicator in asked}, "a figure this unit is not asked for"
    Figure.objects.bulk_create(_figure(report, one, figures.get(one.code, 0)) for one in asked)


def _figure(report, indicator, said):
    if said == NOT_APPLICABLE:
        return Figure(report=report, indicator=indicator, answer=said, reason="Không được giao nhiệm vụ này.")
    if said == NO_DATA:
        return Figure(report=report, indicator=indicator, answer=said, expected_on=clock.today())
    return Figure(report=report, indicator=indicator, answer=AnswerKind.VALUE, value=Decimal(said))


def communes(count, kind="commune", first=0):
    """More communes than the plan has, for counting queries."""
    return [
        enter_unit(by=None, key=f"xa-{n}", kind=kind, name=f"UBND xã Số {n}", short_name=f"Số {n}", founded=START)
        for n in range(first, first + count)
    ]
