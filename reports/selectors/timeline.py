"""The story of one report in plain sentences, newest first: its steps, its corrections, what offices said of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from reports.models import AnnualReport, Remark, Verification, WithdrawalRequest
from reports.selectors.names import name_of
from units.models import AuditEvent

HANDS_IN = ("submit", "resubmit")
_TOLD_BY_THE_REPORT = ("answer", "take_back", "lapse", "wait_again")  # one sentence for the whole is enough


@dataclass(frozen=True)
class Moment:
    """One sentence: who did what, when; shaped like an event for `components/history.html`."""

    at: datetime
    actor_name: str
    actor_post: str
    label: str
    changes: dict[str, list[str]]
    note: str
    compare_url: str = ""


def timeline_of(report: AnnualReport) -> list[Moment]:
    """For who may read the whole report: its unit and the standing office. In four queries."""
    names = dict(_attached(report))
    events = _events_about(report, names).order_by("pk")
    edition, told = 0, []
    for event in events:
        is_own = event.target_type == AnnualReport._meta.label_lower
        edition += is_own and event.action in HANDS_IN
        if is_own or event.action not in _TOLD_BY_THE_REPORT:
            told.append(_moment(report, event, names, edition if is_own and event.action in HANDS_IN else 0))
    return told[::-1]


def _attached(report) -> Iterator[tuple[tuple[str, str], str]]:
    """What hangs on the report: (type, id) as the audit log writes them, and what it is about."""
    for remark in report.remarks.with_answers():
        yield (remark._meta.label_lower, str(remark.pk)), name_of(remark.answer)
    verifications = Verification.objects.filter(figure__report=report)
    for row in verifications.select_related("figure__indicator__criterion"):
        yield (row._meta.label_lower, str(row.pk)), name_of(row.figure)
    for pk in report.withdrawal_requests.values_list("pk", flat=True):
        yield (WithdrawalRequest._meta.label_lower, str(pk)), ""


def _events_about(report, names):
    about = Q(target_type=report._meta.label_lower, target_id=str(report.pk))
    for model in (Remark, Verification, WithdrawalRequest):
        label = model._meta.label_lower
        about |= Q(target_type=label, target_id__in=[pk for name, pk in names if name == label])
    return AuditEvent.objects.filter(about)


def _moment(report, event, names, edition) -> Moment:
    name = names.get((event.target_type, event.target_id), "")
    compare = {"tu": edition - 1, "den": edition}
    return Moment(
        event.at,
        event.actor_name,
        event.actor_post,
        f"{event.label}: {name}" if name and name not in event.label else event.label,
        event.changes,
        event.note,
        reverse("reports:compare", args=[report.pk], query=compare) if edition > 1 else "",
    )
