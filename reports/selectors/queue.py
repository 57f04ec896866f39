"""What waits for Phòng Nội vụ, in the order of arrival, and where one report stands in it."""

from dataclasses import dataclass

from reports.models import AnnualReport
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
    rows = AnnualReport.objects.visible_to(user).in_queue().select_related("unit", "period", "submitted_by")
    return rows.filter(unit__kind=kind) if kind in UnitKind.values else rows


def place_in(queue, pk: int) -> Place | None:
    """None when the report does not wait (any more)."""
    waiting = list(queue.values_list("pk", flat=True))
    if pk not in waiting:
        return None
    at = waiting.index(pk)
    return Place(
        at + 1, len(waiting), waiting[at - 1] if at else None, waiting[at + 1] if at + 1 < len(waiting) else None
    )
