"""Two people at the same moment, on a database that really lets them: nothing doubled, nothing overwritten."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from phongtho_thidua.lib.workflow import StepRefused
from reports.models import AnnualReport, Figure
from reports.services import annual, answers
from tests.reports.conftest import UNVERIFIED
from units.models import AuditEvent

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("december"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]

SPENT = "HT6.von_giai_ngan"


def together(*deeds):
    """What each deed returned or raised, all begun at the same moment on connections of their own."""
    gate = Barrier(len(deeds))

    def run(deed):
        try:
            gate.wait(timeout=10)
            return deed()
        except Exception as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_two_people_begin_one_report(cast, period_2024):
    def begin(by):
        return lambda: annual.start_report(unit=cast.home, period=period_2024, by=by)

    outcomes = together(begin(cast.officer), begin(cast.head))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyStarted", "AnnualReport"]
    assert AnnualReport.objects.get().entries.count() == 15


def test_eight_reports_handed_in_at_once_get_eight_receipts(cast, period_2024, complete, account):
    from tests.reports.filled import communes

    deeds = []
    for number, unit in enumerate(communes(8)):
        head = account(f"thu.truong.{number}", "head", unit)
        report = complete(annual.start_report(unit=unit, period=period_2024, by=head))
        deeds.append(lambda report=report, head=head: annual.submit(report=report, by=head))
    outcomes = together(*deeds)
    assert sorted(report.receipt for report in outcomes) == [f"BC-2024-000{n}" for n in range(1, 9)]


def test_of_two_savers_one_is_told_about_the_other(cast, begun):
    def save(by, value):
        figure = begun.figures.select_related("report__period", "indicator__criterion").get(indicator__code=SPENT)
        data = {"answer": "value", "value": value}
        return lambda: answers.save_figure(figure=figure, data=data, version=1, by=by)

    outcomes = together(save(cast.officer, 1), save(cast.head, 2))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "Figure"]
    assert begun.figures.get(indicator__code=SPENT).version == 2


def test_what_is_handed_in_is_what_is_stored_whoever_writes_meanwhile(cast, begun, complete):
    for value in range(1, 9):
        AnnualReport.objects.filter(pk=begun.pk).update(state="draft", submitted_by=None, submitted_at=None)
        complete(begun)
        figure = begun.figures.select_related("report__period", "indicator__criterion").get(indicator__code=SPENT)
        data = {"answer": "not_applicable", "reason": f"Lý do thứ {value}"}
        together(
            lambda figure=figure, data=data: answers.save_figure(
                figure=figure, data=data, version=figure.version, by=cast.officer
            ),
            lambda: annual.submit(report=begun, by=cast.head),
        )
        frozen = begun.versions.first().data
        stored = Figure.objects.get(pk=figure.pk)
        assert f'"answer":"{stored.answer}"' in frozen.split(f'"{SPENT}":')[1].split("}")[0]


def test_two_reviewers_reach_one_decision(cast, moved, ask):
    report = moved("reviewing")
    before = AuditEvent.objects.count()
    note = "Số vốn đã giải ngân cần đối chiếu lại."
    outcomes = together(
        lambda: annual.accept(report=report, by=cast.reviewer, note=UNVERIFIED),
        lambda: ask(report, SPENT, by=cast.chief, reason=note),
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, StepRefused)]
    assert (len(refused), AuditEvent.objects.count() - before) == (1, 1)
