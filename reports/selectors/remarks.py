"""What a page shows of the remarks on a report: to the unit what is asked, to who asked what became of it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from reports.models import AnnualReport, Remark, RemarkState
from reports.models.remark import LIVE
from reports.models.report import IN_QUEUE
from reports.selectors.changes import Change, changes_between
from reports.selectors.names import codes_of, name_of
from reports.selectors.sheet import Block
from units.models import User


@dataclass
class Call:
    """What one office asked in one go: one reason and one day for several places."""

    office: str
    asked_by: User
    asked_at: datetime
    due_at: datetime
    reason: str
    remarks: list[Remark] = field(default_factory=list)

    @property
    def codes(self) -> str:
        return codes_of(remark.answer for remark in self.remarks)


@dataclass(frozen=True)
class Look:
    """What the unit sent back on one remark, before whoever asked."""

    remark: Remark
    change: Change

    @property
    def place(self) -> str:
        """Names it on the page."""
        return f"xem-{self.remark.pk}"


@dataclass(frozen=True)
class Remarks:
    """All of a report's: `calls` wait for the unit, `looks` for this reader, `others` for another office."""

    calls: list[Call]
    looks: list[Look]
    others: list[Remark]
    since: list[Change]  # else changed since the standing office last looked

    @property
    def open_count(self) -> int:
        return sum(len(call.remarks) for call in self.calls)


def remarks_on(report: AnnualReport, blocks: list[Block], user: User) -> Remarks:
    """In one query, and two to four more for a reader who looks again; each remark is also put at its field."""
    places = {part.answer.key: (block, part) for block in blocks for part in (block, *block.lines) if part.answer}
    rows = list(report.remarks.select_related("asked_by")) if report.has_remarks else []
    report.remark_states, live = frozenset(remark.state for remark in rows), []
    for remark in (one for one in rows if one.state in LIVE):
        block, part = places[f"figure-{remark.figure_id}" if remark.figure_id else f"entry-{remark.entry_id}"]
        _join(remark, report, block, part)
        part.remarks.append(remark)
        live.append(remark)
    answered = [remark for remark in live if remark.state == RemarkState.ANSWERED]
    may_look = user.has_perm("reports.review_report", report)
    own = [remark for remark in answered if not remark.sector and may_look]
    looks = [Look(remark, change_of(remark)) for remark in own]
    since = _since_last_look(report, own) if may_look else []
    return Remarks(calls_of(live), looks, [remark for remark in answered if remark not in own], since)


def _join(remark, report, block, part) -> None:
    """What the page has read already is not read again; `name` and `place` are for the page."""
    remark.report = report
    if remark.figure_id:
        remark.figure, remark.entry = part.answer, None
        part.answer.indicator.criterion = block.criterion
    else:
        remark.entry, remark.figure = part.answer, None
    remark.name, remark.place = name_of(part.answer), f"y-kien-{remark.pk}"


def calls_of(remarks) -> list[Call]:
    """The open ones among `remarks`, in the order in which they were asked."""
    calls = {}
    for remark in remarks:
        if remark.state == RemarkState.OPEN:
            said = (remark.office, remark.asked_by, remark.due_at, remark.reason)
            call = calls.setdefault(said, Call(said[0], said[1], remark.asked_at, said[2], said[3]))
            call.remarks.append(remark)
    return list(calls.values())


def calls_by_report(user) -> dict[int, list[Call]]:
    """What is asked of the units of `user`, by the report's id; in one query."""
    found = defaultdict(list)
    for remark in Remark.objects.open().filter(report__unit__in=user.unit_ids).with_answers():
        found[remark.report_id].append(remark)
    return {pk: calls_of(remarks) for pk, remarks in found.items()}


def change_of(remark: Remark) -> Change:
    return Change(name_of(remark.answer), "", remark.before, remark.answer.words)


def _since_last_look(report, own) -> list[Change]:
    """Changed between the edition that was last looked at and the newest; what was asked for is told by its remark."""
    if report.state not in IN_QUEUE or not report.reviewed_at:
        return []
    versions = list(report.versions.order_by("-edition"))
    seen = next((version for version in versions if version.submitted_at <= report.reviewed_at), None)
    if seen is None or seen is versions[0]:
        return []
    told = {name_of(remark.answer) for remark in own}
    return [change for change in changes_between(report, seen, versions[0]) if change.name not in told]
