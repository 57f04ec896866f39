"""The loaded campaign against the text of the plan (clauses C01, C08, C09, C21, C22)."""

from datetime import date

import pytest

from campaigns.models import Campaign, Content, Holiday, Milestone, Period, Phase
from phongtho_thidua.lib import clock
from tests.plan_text import PLAN, dash_items

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("clause", "theme", "start", "end", "codes"),
    [
        (
            "II.2.1",
            "infrastructure",
            "2.1. Thi đua đẩy mạnh",
            "2.2. Thi đua thực hành",
            ["ND1", "ND2", "ND3", "ND4", "ND5", "ND6"],
        ),
        ("II.2.2", "thrift", "2.2. Thi đua thực hành", "III. TIÊU CHÍ", ["ND7", "ND8", "ND9", "ND10", "ND11"]),
    ],
)
def test_contents_are_the_plans_own_eleven(clause, theme, start, end, codes):
    rows = Content.objects.filter(theme=theme).values_list("clause", "code", "text")
    assert list(rows) == [(clause, code, text) for code, text in zip(codes, dash_items(start, end), strict=True)]


def test_campaign_is_a_draft_without_number_and_rests_on_the_provincial_plan():
    campaign = Campaign.objects.get()
    plan = " ".join(PLAN.read_text(encoding="utf-8").split())
    assert (campaign.first_year, campaign.last_year, campaign.is_draft) == (2022, 2030, True)
    assert campaign.legal_bases in plan
    assert f"“{campaign.title}”" in plan


def test_phases_carry_the_plans_own_words_and_milestones():
    plan = " ".join(PLAN.read_text(encoding="utf-8").split())
    rows = list(Phase.objects.all())
    assert [(row.number, row.first_year, row.last_year) for row in rows] == [(1, 2022, 2025), (2, 2026, 2030)]
    assert [(row.name in plan, row.wording in plan) for row in rows] == [(True, True), (True, True)]
    milestones = Milestone.objects.values_list("phase__number", "year", "key")
    assert list(milestones) == [(1, 2023, "ke-hoach"), (1, 2025, "so-ket"), (2, 2030, "tong-ket")]


def test_periods_cover_every_year_of_the_movement_within_its_phase():
    rows = Period.objects.values_list("year", "phase__number")
    assert list(rows) == [(year, 1 if year <= 2025 else 2) for year in range(2022, 2031)]


def test_usual_times_of_a_period_are_vietnamese_and_say_that_the_plan_fixes_none():
    period = Period.objects.get(year=2024)
    times = [clock.local(time).isoformat() for time in (period.opens_at, period.due_at, period.locks_at)]
    assert times == ["2024-11-15T00:00:00+07:00", "2024-12-13T17:00:00+07:00", "2025-01-31T17:00:00+07:00"]
    assert period.source == "Kế hoạch không ấn định ngày; Phòng Nội vụ đặt"


def test_working_days_know_the_holidays():
    holidays = Holiday.objects.days()
    assert clock.working_days_between(date(2024, 12, 31), date(2025, 1, 3), holidays) == 2
    assert clock.working_days_between(date(2025, 1, 24), date(2025, 2, 3), holidays) == 1
    assert set(Holiday.objects.values_list("source", flat=True)) != {""}


def test_every_year_of_the_movement_has_the_fixed_holidays():
    fixed = {(1, 1), (4, 30), (5, 1), (9, 2)}
    days = Holiday.objects.days()
    assert [year for year in range(2022, 2031) if not {date(year, *day) for day in fixed} <= days] == []
