"""D1 and D6: a report is handed in once however often it is pressed, and on one side of the lock only."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine

from campaigns.services import leeway
from campaigns.services.periods import set_period_dates
from phongtho_thidua.lib import clock
from reports.models import AnnualReport, ReportState
from reports.services import annual
from reports.services.answers import Closed
from tests.races.meeting import ROUNDS, History, met, on_postgres, refused, together, turned
from tests.reports.filled import communes

pytestmark = on_postgres

REASON = "Mưa lũ chia cắt đường, chưa tổng hợp được số liệu các bản."
HANDED_IN_ALREADY = "Không thể “Nộp báo cáo”: hiện ở trạng thái “Đã nộp, chờ xem xét”."


@pytest.fixture
def reports(period_2024, complete, account):
    """`reports(4)`: as many complete drafts with the heads who hand them in."""

    def make(count):
        made = []
        for number, unit in enumerate(communes(count)):
            head = account(f"thu.truong.{number}", "head", unit)
            made.append((complete(annual.start_report(unit=unit, period=period_2024, by=head)), head))
        return made

    return make


def test_two_people_begin_one_report(cast, period_2024):
    for number in range(ROUNDS):
        deeds = [
            partial(annual.start_report, unit=cast.home, period=period_2024, by=by) for by in (cast.officer, cast.head)
        ]
        outcomes = together(*turned(deeds, number))
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyStarted", "AnnualReport"]
        assert AnnualReport.objects.get().entries.count() == 15
        AnnualReport.objects.all().delete()


def test_a_press_counts_once_however_often_it_arrives(cast, ready, client_of):
    browsers = [client_of(cast.head) for _ in range(8)]
    address, history = f"{ready.get_absolute_url()}buoc/", History()
    for number in range(ROUNDS):
        ready.refresh_from_db()
        presses = browsers[: 2 if number % 2 else 8]
        said = {"step": "submit", "version": ready.version}
        answers = together(*(partial(browser.post, address, said) for browser in presses))
        assert sorted(answer.status_code for answer in answers) == [302] + [409] * (len(presses) - 1)
        assert all(HANDED_IN_ALREADY in one.content.decode() for one in answers if one.status_code == 409)
        assert history.told() == ["submit"]
        assert (ready.versions.count(), AnnualReport.objects.get().receipt) == (number + 1, "BC-2024-0001")
        annual.withdraw(report=ready, by=cast.head)
        assert history.told() == ["withdraw"]


def test_what_was_put_right_is_sent_back_once(cast, moved):
    report = moved("sent again")
    annual.withdraw_correction(report=report, by=cast.head)
    history = History()
    for number in range(ROUNDS):
        outcomes = together(*[partial(annual.resubmit, report=report, by=cast.head)] * 8)
        assert len(refused(outcomes)) == 7
        assert sorted(history.told()) == ["answer", "resubmit"]
        assert report.versions.count() == number + 3
        annual.withdraw_correction(report=report, by=cast.head)
        history.told()


def test_eight_reports_handed_in_at_once_get_eight_receipts(reports):
    drafts = reports(8)
    for number in range(min(ROUNDS, 50)):
        deeds = [partial(annual.submit, report=report, by=head) for report, head in drafts]
        outcomes = together(*turned(deeds, number))
        assert sorted(report.receipt for report in outcomes) == [f"BC-2024-000{n}" for n in range(1, 9)]
        AnnualReport.objects.update(receipt="")
        for report, head in drafts:
            annual.withdraw(report=report, by=head)


def test_the_lock_falls_while_four_reports_come_in(reports, period_2024):
    drafts, history, seen = reports(4), History(), set()
    for number in range(ROUNDS):
        lead = timedelta(milliseconds=10 + 37 * number % 400)
        with time_machine.travel(period_2024.locks_at - lead, tick=True):
            deeds = [partial(annual.submit, report=report, by=head) for report, head in drafts]
            outcomes = together(*turned(deeds, number))
        assert all(isinstance(one, Closed) for one in refused(outcomes))
        accepted = [one for one in outcomes if isinstance(one, AnnualReport)]
        assert history.told() == ["submit"] * len(accepted)
        handed_in = AnnualReport.objects.exclude(state=ReportState.DRAFT)
        assert set(handed_in) == set(accepted)
        assert all(one.submitted_at < period_2024.locks_at for one in handed_in)
        seen.add(len(accepted))
        for report, head in drafts:
            if report in accepted:
                annual.withdraw(report=report, by=head)
        history.told()
    assert met(seen)


def test_the_office_moves_the_lock_while_a_report_comes_in(cast, ready, period_2024):
    history, seen, locks_at = History(), set(), period_2024.locks_at
    move = partial(set_period_dates, period=period_2024, by=cast.reviewer)
    times = {"opens_at": period_2024.opens_at, "due_at": period_2024.due_at}
    with time_machine.travel(period_2024.due_at + timedelta(days=2), tick=True):
        for number in range(ROUNDS):
            deeds = [
                partial(annual.submit, report=ready, by=cast.head),
                partial(move, **times, locks_at=clock.now() - timedelta(minutes=1)),
            ]
            late = refused(together(*turned(deeds, number)))
            assert all(isinstance(one, Closed) for one in late)
            assert history.told() == (["set_period_dates"] if late else ["submit", "set_period_dates"])
            assert AnnualReport.objects.get().state == ("draft" if late else "submitted")
            move(**times, locks_at=locks_at)
            if not late:
                annual.withdraw(report=ready, by=cast.head)
            history.told()
            seen.add(bool(late))
    assert met(seen)


def test_more_time_is_granted_while_a_late_report_comes_in(cast, ready, period_2024):
    history, seen = History(), set()
    for number in range(ROUNDS):
        moment = period_2024.locks_at + timedelta(hours=1 + number)
        until = moment + timedelta(minutes=30)
        with time_machine.travel(moment, tick=True):
            asked = {"unit": cast.home, "period": period_2024, "reason": REASON, "wanted_until": until}
            extension = leeway.ask_extension(**asked, by=cast.officer)
            history.told()
            submit = partial(annual.submit, report=ready, by=cast.head)
            grant = partial(leeway.grant_extension, extension=extension, until=until, by=cast.reviewer)
            late = refused(together(*turned([submit, grant], number)))
            assert all(isinstance(one, Closed) for one in late)
            assert history.told() == (["grant"] if late else ["grant", "submit"])
            if late:
                assert submit().first_submitted_at < until
            annual.withdraw(report=ready, by=cast.head)
            history.told()
        seen.add(bool(late))
    assert met(seen)
