"""The audit log: written inside the deed's own transaction, chained by hash, read as sentences.

Tamper-evident, not tamper-proof: who rewrites every later event and the head leaves no trace inside this database.
"""

import hashlib
import json

from django.db import transaction

from phongtho_thidua.lib import clock

from .models import AuditEvent, AuditHead

_TOLD = ("actor_id", "actor_name", "actor_post", "action", "target_type", "target_id", "label", "old", "new", "note")


def record(*, actor, action, target, label, old="", new="", note="", changes=None) -> AuditEvent:
    """Add one event to the chain. `label` completes "<actor> …"; `changes` is {field label: [old, new]}.

    `actor` None stands for the system itself. Raises TransactionManagementError outside a transaction: an event
    without its deed, or a deed without its event, must be impossible.
    """
    head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1)
    event = AuditEvent(
        at=clock.now(),
        actor_id=actor.pk if actor else None,
        actor_name=actor.full_name if actor else "Hệ thống",
        actor_post="; ".join(str(post) for post in actor.posts)[:300] if actor else "",
        action=action,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        label=label,
        old=old,
        new=new,
        note=note,
        changes=changes or {},
        previous=head.digest,
    )
    event.digest = digest_of(event)
    event.save(force_insert=True)
    AuditHead.objects.filter(pk=1).update(digest=event.digest, count=head.count + 1)
    return event


def digest_of(event: AuditEvent) -> str:
    told = {name: getattr(event, name) for name in _TOLD}
    told |= {"at": event.at.timestamp(), "changes": event.changes, "previous": event.previous}
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def history_of(target) -> list[AuditEvent]:
    """What was done to `target`, newest first."""
    return list(
        AuditEvent.objects.filter(target_type=target._meta.label_lower, target_id=str(target.pk)).order_by("-pk")
    )


@transaction.atomic
def first_break() -> int | None:
    """The id of the first event that does not fit the chain, 0 when the tail is missing, None when all is whole."""
    previous, count = "", 0
    for event in AuditEvent.objects.order_by("pk").iterator():
        if event.previous != previous or event.digest != digest_of(event):
            return event.pk
        previous, count = event.digest, count + 1
    head, _ = AuditHead.objects.get_or_create(pk=1)
    return None if (head.digest, head.count) == (previous, count) else 0
