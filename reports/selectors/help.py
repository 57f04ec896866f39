"""What helps while a report is filled in: what the unit registered, guidance, answers, words that came too late."""

from collections import defaultdict
from collections.abc import Iterable

from campaigns.selectors.guidance import hints_beside
from campaigns.selectors.registration import promised
from reports.models import AnnualReport, LateDraft
from reports.selectors.sheet import Block
from units.models import User


def add_help(blocks: list[Block], report: AnnualReport, user: User, *, editing: bool) -> None:
    """Put beside every field what belongs there, in three queries at most; only who writes needs hints."""
    for_unit = report.unit_id in user.unit_ids
    registered = promised(report.unit, report.period.year)
    hints = hints_beside([block.criterion.pk for block in blocks]) if editing else {}
    late = _late(report, user) if for_unit and any(block.entry.has_late for block in blocks) else {}
    for block in blocks:
        block.hints, block.late = hints.get((block.criterion.pk, None), []), late.get(block.entry.key, [])
        for line in block.lines:
            line.promised = registered.get(line.indicator.code)
            line.hints = hints.get((block.criterion.pk, line.indicator.pk), [])
            line.late = late.get(line.key, [])


def _late(report, user) -> dict[str, Iterable[LateDraft]]:
    found = defaultdict(list)
    for draft in LateDraft.objects.visible_to(user).filter(report=report).select_related("by"):
        found[draft.key].append(draft)
    return found
