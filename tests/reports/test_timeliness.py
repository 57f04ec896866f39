"""Whatever happens to units and whenever reports come: the classes share out who is expected, no rate leaves 0–100."""

from collections import Counter
from datetime import date, timedelta

import hypothesis
import pytest
import time_machine
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from campaigns.models import Excusal, Extension
from criteria.models import CriteriaSet
from phongtho_thidua.lib import clock
from reports.models import AnnualReport
from reports.sections import completeness
from reports.selectors.board import board_of
from reports.selectors.timeliness import Punctuality, punctuality_of
from tests.reports.filled import START, communes
from units.models import Cluster, ClusterMember, Unit
from units.services.registry import dissolve_unit, enter_unit, rename_unit

pytestmark = pytest.mark.django_db

DUE = clock.at(date(2024, 12, 13), 17)
SECOND = timedelta(seconds=1)
REASON = "Lý do đủ dài để ghi vào hồ sơ của đơn vị."

days = st.integers(-3, 3).map(lambda n: DUE.date() + timedelta(days=n))
moments = st.integers(-3 * 24, 60 * 24).map(lambda hours: DUE + timedelta(hours=hours))
units = st.integers(0, 5)
events = st.lists(
    st.one_of(
        st.tuples(st.just("found"), days),
        st.tuples(st.just("dissolve"), units, days),
        st.tuples(st.just("rename"), units, days),
        st.tuples(st.just("merge"), units, units, days),
        st.tuples(st.just("excuse"), units, st.booleans()),
        st.tuples(st.just("extend"), units, moments),
        st.tuples(
            st.just("report"), units, st.none() | moments, st.sampled_from(["submitted", "accepted", "returned"])
        ),
    ),
    max_size=14,
)


class World:
    """Six communes, and what may befall them; an event that does not fit the state of a unit changes nothing."""

    def __init__(self, cast, period):
        self.cast, self.period = cast, period
        self.units = communes(6)
        self.criteria_set = CriteriaSet.objects.for_year(2024)
        cluster = Cluster.objects.create(key="khoi", name="Khối xã")
        for unit in self.units[:3]:
            ClusterMember.objects.create(cluster=cluster, unit=unit, valid_from=START)

    def found(self, day):
        number = len(self.units)
        name = {"name": f"UBND xã Mới {number}", "short_name": f"Mới {number}"}
        self.units.append(enter_unit(by=None, key=f"moi-{number}", kind="commune", founded=day, **name))

    def dissolve(self, unit, day):
        one = Unit.objects.get(pk=self.units[unit].pk)
        if not one.dissolved and day > one.founded:
            dissolve_unit(unit=one, dissolved=day, document="Nghị quyết", by=None)

    def rename(self, unit, day):
        one = self.units[unit]
        if day > one.names.get(valid_to=None).valid_from:
            rename_unit(unit=one, name="UBND xã Tên Mới", short_name="Tên Mới", valid_from=day, document="NQ", by=None)

    def merge(self, first, second, day):
        self.dissolve(first, day)
        self.dissolve(second, day)
        self.found(day)

    def excuse(self, unit, is_revoked):
        row = {"unit": self.units[unit], "period": self.period, "reason": REASON, "document": "Công văn 12"}
        if not Excusal.objects.in_force().filter(unit=row["unit"]).exists():
            undone = {"revoked_by": self.cast.chief, "revoked_at": DUE, "revoked_why": REASON} if is_revoked else {}
            Excusal.objects.create(by=self.cast.chief, **row, **undone)

    def extend(self, unit, until):
        row = {"unit": self.units[unit], "period": self.period, "reason": REASON, "wanted_until": until}
        answer = {"state": "granted", "until": until, "decided_by": self.cast.chief, "decided_at": DUE}
        Extension.objects.create(asked_by=self.cast.head, **row, **answer)

    def report(self, unit, moment, state):
        signed = {"submitted_by": self.cast.head, "submitted_at": moment, "first_submitted_at": moment, "state": state}
        reviewed = {"reviewed_by": self.cast.chief, "reviewed_at": moment}
        AnnualReport.objects.update_or_create(
            unit=self.units[unit],
            period=self.period,
            defaults={"criteria_set": self.criteria_set} | (signed | reviewed if moment else {"state": "draft"}),
        )


def in_a_world_undone(told):
    """Every example on the same ground: what it wrote is rolled back."""

    def run(cast, period, happened, now):
        with transaction.atomic(), time_machine.travel(now, tick=False):
            world = World(cast, period)
            for name, *how in happened:
                getattr(world, name)(*how)
            told(period)
            transaction.set_rollback(True)

    return run


@in_a_world_undone
def every_share_is_sound(period):
    board = board_of(period)
    expected = Unit.objects.expected_to_report(DUE.date()).count()
    assert expected == len(board.rows) == sum(fact.value for fact in board.facts)
    assert all(0 <= fact.share <= 100 for fact in board.facts)
    assert abs(sum(fact.share for fact in board.facts) - 100) < 1e-9
    for groups in (board.kinds, board.clusters):
        assert sum(group.expected for group in groups) == (expected if groups else 0)
        assert all(sum(group.figures) == group.expected for group in groups)
        assert all(0 <= group.rate <= 100 for group in groups)
    data = completeness.gather(period)
    rows = [row for row in data["units"] if row["expected"]]
    counts = completeness._counts(rows)
    assert counts["expected"] == expected == counts["handed_in"] + counts["excused"] + counts["missing"]
    assert counts["handed_in"] == counts["in_time"] + counts["late"]
    assert counts["accepted"] <= counts["handed_in"]
    assert Counter(row["punctuality"] for row in rows) == Counter(str(row.punctuality) for row in board.rows)
    completeness.lay_out(data)


@given(happened=events, now=moments)
@hypothesis.settings(
    max_examples=25, suppress_health_check=[*hypothesis.HealthCheck], database=None
)  # the fixtures are only read
def test_no_rate_leaves_0_to_100_whatever_happens(cast, period_2024, happened, now):
    every_share_is_sound(cast, period_2024, happened, now)


# --- the classes one by one -------------------------------------------------------------------------------------------


def judged(period, *, first=None, due=DUE, now=DUE - SECOND, **more):
    report = AnnualReport(first_submitted_at=first)
    with time_machine.travel(now, tick=False):
        return punctuality_of(report, due, period, **more)


LATER = DUE + timedelta(days=7)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"first": DUE - SECOND}, Punctuality.ON_TIME),
        ({"first": DUE}, Punctuality.LATE),
        ({"first": LATER - SECOND, "due": LATER}, Punctuality.ON_TIME),
        ({"first": LATER, "due": LATER}, Punctuality.LATE),
        ({}, Punctuality.NOT_DUE),
        ({"now": DUE}, Punctuality.OVERDUE),
        ({"due": LATER, "now": DUE}, Punctuality.EXTENDED),
        ({"due": LATER, "now": LATER - SECOND}, Punctuality.EXTENDED),
        ({"due": LATER, "now": LATER}, Punctuality.OVERDUE),
        ({"is_excused": True}, Punctuality.EXCUSED),
        ({"is_excused": True, "now": LATER}, Punctuality.EXCUSED),
        ({"is_excused": True, "first": LATER, "now": LATER}, Punctuality.ON_TIME),
    ],
    ids=str,
)
def test_a_unit_is_judged_at_the_very_second_of_its_own_deadline(period_2024, said, expected):
    assert judged(period_2024, **said) == expected
