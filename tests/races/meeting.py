"""Several people at the same moment, on a database that really lets them (reliability plan, group D)."""

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from phongtho_thidua.lib.workflow import StepRefused
from units import audit
from units.models import AuditEvent

ROUNDS = int(os.environ.get("RACES", "5"))  # 200 in the long form, scripts/races

on_postgres = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("december"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]


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


def turned(deeds, number):
    """The deeds in another order each round: who comes first to the gate has a small advantage."""
    shift = number % len(deeds)
    return [*deeds[shift:], *deeds[:shift]]


def refused(outcomes) -> list[StepRefused]:
    """Those who were told why not; any other failure is raised."""
    failures = [one for one in outcomes if isinstance(one, Exception)]
    for one in failures:
        if not isinstance(one, StepRefused):
            raise one
    return failures


class History:
    """The audit log since it was last asked: what was done, and that the chain is whole."""

    def __init__(self):
        self.told()

    def told(self) -> list[str]:
        assert audit.first_break() is None
        events = list(AuditEvent.objects.filter(pk__gt=getattr(self, "last", 0)).order_by("pk"))
        self.last = events[-1].pk if events else getattr(self, "last", 0)
        return [event.action for event in events]


def met(kinds) -> bool:
    """Whether the moments did meet: in many rounds both sides have won."""
    return len(kinds) > 1 or ROUNDS < 100
