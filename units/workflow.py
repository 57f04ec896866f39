"""The one engine that moves an object through its workflow table."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from phongtho_thidua.lib.vietnamese import clean_text
from phongtho_thidua.lib.workflow import NoteMissing, Step, StepRefused, table

from . import audit
from .models import MailingState

SHORTEST_NOTE = 20
_SENDERS = "Chỉ người của cơ quan có đợt thư này gửi hoặc bỏ được."

MAILING_STEPS = table(
    Step(
        "send",
        frozenset({MailingState.WAITING}),
        MailingState.SENT,
        "units.send_mailing",
        "Gửi",
        "gửi đợt thư",
        _SENDERS,
    ),
    Step(
        "drop",
        frozenset({MailingState.WAITING}),
        MailingState.DROPPED,
        "units.send_mailing",
        "Bỏ",
        "bỏ đợt thư",
        _SENDERS,
    ),
)


def too_short(shortest: int = SHORTEST_NOTE) -> str:
    """What is said of a reason shorter than that many characters."""
    return f"Chưa ghi lý do. Cần ít nhất {shortest} ký tự để người nhận hiểu."


def refuse_short(note: str) -> None:
    """NoteMissing unless `note`, already cleaned, is long enough to be understood."""
    if len(note) < SHORTEST_NOTE:
        raise NoteMissing(too_short())


@transaction.atomic
def take_step(*, obj, steps, name, by, note="", version=None, record="", **changes):
    """Move `obj` one step: locked, permitted, legal, saved and audited, or not at all.

    `changes` are further fields to set; `version`, when given, must still be the object's; `record` is told in the
    history instead of the step's own words. Returns the locked object.
    Raises PermissionDenied, StepRefused (wrong state or moved on meanwhile) or NoteMissing.
    """
    step, note = steps[name], clean_text(note)
    obj = type(obj)._default_manager.select_for_update().get(pk=obj.pk)
    if not by.has_perm(step.rule, obj):
        raise PermissionDenied(step.who)
    if obj.state not in step.sources or (version is not None and version != obj.version):
        raise StepRefused(f"Không thể “{step.label}”: hiện ở trạng thái “{obj.get_state_display()}”.")
    if step.needs_note:
        refuse_short(note)
    old = obj.state
    for field, value in {"state": step.target, "version": obj.version + 1, **changes}.items():
        setattr(obj, field, value)
    obj.save(update_fields=["state", "version", *changes])
    audit.record(actor=by, action=step.name, target=obj, label=record or step.record, old=old, new=obj.state, note=note)
    return obj
