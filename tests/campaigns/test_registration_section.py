"""Registrations in the yearly summary: who registered by kind, which contents were chosen; drafts are not counted."""

import json
from datetime import date

import pytest
import time_machine

from campaigns import sections
from campaigns.services import registration as deeds
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.documents.model import Paragraph, Table
from phongtho_thidua.lib.sections import sections_of
from tests.campaigns.registering import REASON, contents, registration_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def registered(cast, period_2024):
    """Nậm Xe registered and is amending, Mường So is still drafting."""
    with time_machine.travel(clock.at(date(2024, 3, 11), 9), tick=True):
        row = registration_of(cast.home, period_2024, officer=cast.officer, head=cast.head, state="submitted")
        deeds.amend(registration=row, note=REASON, by=cast.officer)
        deeds.save_contents(registration=row, contents=contents("ND1"), by=cast.officer)
        registration_of(cast.other, period_2024, officer=cast.other_officer, head=cast.other_head)
        yield


def test_it_stands_between_completeness_and_results():
    assert [one.name for one in sections_of("yearly")][:3] == ["completeness", "registrations", "infrastructure"]


def test_editions_in_force_are_counted_and_nothing_else(registered, period_2024):
    data = sections.gather(period_2024)
    assert [(row["kind"], row["registered"]) for row in data["kinds"] if row["registered"]] == [("Xã", 1)]
    assert [(row["code"], row["units"]) for row in data["contents"] if row["units"]] == [("ND3", 1), ("ND6", 1)]
    assert all(0 <= row["registered"] <= row["expected"] for row in data["kinds"])


def test_it_lays_out_the_same_from_stored_data(registered, period_2024):
    data = sections.gather(period_2024)
    blocks = sections.lay_out(json.loads(json.dumps(data)))
    assert blocks == sections.lay_out(data)
    total = sum(row["expected"] for row in data["kinds"])
    assert str(blocks[0]) == (
        f"Có 1 trên {total} đơn vị đăng ký thi đua năm 2024, chọn trong 11 nội dung của Kế hoạch (mục II.2)."
    )
    assert [len(block.rows) for block in blocks if isinstance(block, Table)] == [len(data["kinds"]), 11]


def test_nobody_is_said_to_be_nobody(period_2024):
    assert sections.lay_out(sections.gather(period_2024)) == [Paragraph.of(sections.NOBODY)]
