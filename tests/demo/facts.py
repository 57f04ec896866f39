"""What a load of the samples made, without anything that may differ between two databases (ids, password, seconds)."""

import hashlib

from awards.models import Nomination
from reports.models import AnnualReport, Entry, Figure, ReportVersion
from units.models import AuditEvent, Membership, Notification, Person, Unit

REPORT = ("unit__key", "period__year")
TIMES = ("prepared_at", "submitted_at", "reviewed_at")
ROWS = (
    (Unit.objects.filter(is_sample=True), ("key", "kind", "name", "short_name", "founded")),
    (Membership.objects.all(), ("user__username", "user__full_name", "role", "unit__key", "valid_from", "valid_to")),
    (
        AnnualReport.objects.all(),
        (*REPORT, *TIMES, "state", "edition", "receipt", "first_submitted_at", "prepared_by__username"),
    ),
    (
        Entry.objects.all(),
        (*(f"report__{name}" for name in REPORT), "criterion__code", "applies", "narrative", "grade", "saved_at"),
    ),
    (
        Figure.objects.all(),
        (*(f"report__{name}" for name in REPORT), "indicator__code", "answer", "value", "reason", "expected_on"),
    ),
    (ReportVersion.objects.all(), ("report__unit__key", "report__period__year", "edition", "digest")),
    (Person.objects.all(), ("unit__key", "kind", "full_name", "birth_year", "position", "residence", "is_sample")),
    (
        Nomination.objects.all(),
        (*TIMES, "round__period__year", "form__key", "unit__key", "person__full_name", "state", "achievement"),
    ),
    (AuditEvent.objects.exclude(actor_id=None), ("at", "actor_name", "action", "label", "old", "new", "note")),
    (Notification.objects.all(), ("user__username", "kind", "text", "at", "read_at")),
)


def facts() -> list[str]:
    return sorted(
        " | ".join((rows.model.__name__, *map(_plain, row))) for rows, names in ROWS for row in rows.values_list(*names)
    )


def _plain(value) -> str:
    if hasattr(value, "astimezone"):
        return f"{value.timestamp():.0f}"
    return f"{value.normalize():f}" if hasattr(value, "normalize") else str(value)


def fingerprint() -> str:
    return hashlib.sha256("\n".join(facts()).encode()).hexdigest()
