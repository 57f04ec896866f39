"""Who was reminded of a period's report, when and how often: read from the letters that were sent."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from campaigns.models import Period
from units.models import Letter, Mailing, MailingState

KIND = "reminder"


@dataclass(frozen=True)
class Reminded:
    """`times` counts the rounds, not the letters."""

    last_at: datetime
    times: int


def mailings_of(period: Period):
    return Mailing.objects.filter(kind=KIND, about=str(period.pk))


def reminded_units(period: Period) -> dict[int, Reminded]:
    """{unit id: what was sent to its people}, in one query."""
    sent = Letter.objects.filter(mailing__in=mailings_of(period).sent()).order_by().values("unit")
    rounds = sent.annotate(last=Max("mailing__settled_at"), times=Count("mailing", distinct=True))
    return {row["unit"]: Reminded(row["last"], row["times"]) for row in rounds}


def waiting_units(period: Period) -> frozenset[int]:
    """Units whose letters wait in the outbox."""
    waiting = Letter.objects.filter(mailing__in=mailings_of(period).filter(state=MailingState.WAITING))
    return frozenset(waiting.values_list("unit", flat=True))
