"""One clock: Vietnam's, wherever the server stands; on a sample date only the time of day runs."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from phongtho_thidua.lib import clock


def test_half_past_midnight_in_vietnam_is_already_the_new_day():
    with time_machine.travel(datetime(2024, 11, 30, 17, 30, tzinfo=UTC), tick=False):
        assert clock.today() == date(2024, 12, 1)


def test_a_sample_date_stands_still_while_the_time_of_day_runs(settings):
    settings.SAMPLE_DATE = date(2024, 12, 2)
    with time_machine.travel(datetime(2026, 11, 22, 3, 15, tzinfo=UTC), tick=False):
        assert clock.now() == datetime(2024, 12, 2, 10, 15, tzinfo=clock.VIETNAM)
        assert clock.machine_now().year == 2026


def test_business_time_can_be_held_and_is_let_go_again():
    noon = datetime(2023, 12, 1, 5, 0, tzinfo=UTC)
    with clock.held_at(noon):
        assert (clock.now(), clock.today()) == (noon, date(2023, 12, 1))
        assert clock.machine_now().year > 2023
    assert clock.now().year > 2023


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2024, 12, 18), date(2024, 12, 20), 2),
        (date(2024, 12, 20), date(2024, 12, 23), 1),  # over a weekend
        (date(2024, 12, 31), date(2025, 1, 2), 1),  # New Year's Day is closed
        (date(2024, 12, 20), date(2024, 12, 20), 0),
        (date(2024, 12, 20), date(2024, 12, 18), -2),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(start, end, days):
    assert clock.working_days_between(start, end, frozenset({date(2025, 1, 1)})) == days
