"""What waits for Phòng Nội vụ, in the order of arrival, and where one report stands in it."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from reports.models import AnnualReport, RemarkState, WithdrawalRequest
from units.models import UnitKind


@dataclass(frozen=True)
class Place:
    """Report `position` of `total`; `previous` and `following` are ids, None at the ends."""

    position: int
    total: int
    previous: int | None
    following: int | None


def queue_for(user, kind: str = ""):
    """`kind` narrows the queue to one kind of unit; what names none leaves it whole."""
    rows = AnnualReport.objects.visible_to(user).in_queue().with_deadlines()
    rows = rows.select_related("unit", "period", "submitted_by")
    return rows.filter(unit__kind=kind) if kind in UnitKind.values else rows


def queue_rows(user, kind: str = ""):
    """With how many places were put right as the standing office had asked, and whether the head wants it back."""
    own = Q(remarks__state=RemarkState.ANSWERED, remarks__sector="")
    wishes = WithdrawalRequest.objects.waiting().filter(report=OuterRef("pk"))
    return queue_for(user, kind).annotate(corrected=Count("remarks", filter=own), is_wanted_back=Exists(wishes))


def place_in(queue, pk: int) -> Place | None:
    """None when the report does not wait (any more)."""
    waiting = list(queue.values_list("pk", flat=True))
    if pk not in waiting:
        return None
    at = waiting.index(pk)
    return Place(
        at + 1, len(waiting), waiting[at - 1] if at else None, waiting[at + 1] if at + 1 < len(waiting) else None
    )
