"""The lock may fall between any two looks at the clock: what was taken in is dated before it, on either database."""

from datetime import timedelta

import pytest

from phongtho_thidua.lib import clock
from reports.models import AnnualReport
from reports.services import annual
from reports.services.answers import Closed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]


@pytest.mark.parametrize("looks", range(8))
def test_a_report_is_taken_in_before_the_lock_or_not_at_all(cast, ready, period_2024, monkeypatch, looks):
    moments = [period_2024.locks_at - timedelta(microseconds=1)] * looks
    monkeypatch.setattr(clock, "machine_now", lambda: moments.pop() if moments else period_2024.locks_at)
    try:
        annual.submit(report=ready, by=cast.head)
    except Closed:
        assert AnnualReport.objects.get().edition == 0
    else:
        assert AnnualReport.objects.get().submitted_at < period_2024.locks_at
