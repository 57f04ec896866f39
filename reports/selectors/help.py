"""What stands beside a report: what was registered, guidance and late words for who writes, findings for who reads."""

from collections import defaultdict
from collections.abc import Iterable

from campaigns.selectors.guidance import hints_beside
from campaigns.selectors.inspections import findings_beside
from campaigns.selectors.registration import promises_in
from reports.models import AnnualReport, LateDraft
from reports.selectors.sheet import Block
from units.models import User


def add_help(blocks: list[Block], report: AnnualReport, user: User, *, editing: bool) -> None:
    """Put beside every field what belongs there, in two queries at most: who writes needs hints, who reads findings."""
    for_unit = report.unit_id in user.unit_ids
    registered = promises_in(report.registered)
    hints = hints_beside([block.criterion.pk for block in blocks]) if editing else {}
    findings = findings_beside(report.unit, report.period) if report.was_inspected and not editing else {}
    late = _late(report, user) if for_unit and any(block.entry.has_late for block in blocks) else {}
    for block in blocks:
        block.findings = findings.get(block.criterion.pk, [])
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
