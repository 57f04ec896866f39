"""The outbox: letters are prepared, looked at, and sent or dropped; never sent by themselves and never twice."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import StepRefused
from units import audit, notify
from units.models import Letter, Mailing, Membership, Unit, User
from units.workflow import MAILING_STEPS, take_step

ONLY_OFFICES = "Chỉ Phòng Nội vụ và cơ quan chủ trì lĩnh vực có hộp chờ gửi."
LEFT_THE_UNIT = "không còn là người của đơn vị"


@dataclass(frozen=True)
class Draft:
    """One letter to be: `unit` is on whose behalf the recipient gets it."""

    recipient: User
    unit: Unit
    text: str
    url: str = ""


# {kind: check}: `check(mailing)` tells which units need their letter no longer, and why.
_checks: dict[str, Callable[[Mailing], dict[int, str]]] = {}


def register_check(kind: str, check: Callable[[Mailing], dict[int, str]]) -> None:
    _checks[kind] = check


@transaction.atomic
def prepare_mailing(
    *, kind: str, title: str, office: Unit, drafts: list[Draft], left_out: list, by: User | None, about="", key=None
) -> Mailing:
    """Letters that wait for somebody of `office`; `left_out` is [[whom, why]]. `by` None is the clock.

    Raises PermissionDenied, or StepRefused when nobody would get a letter, with the reasons.
    """
    if by is not None and not by.has_perm("units.see_outbox"):
        raise PermissionDenied(ONLY_OFFICES)
    if not drafts:
        whom = "; ".join(f"{who}: {why}" for who, why in left_out[:5])
        raise StepRefused(f"Không có thư nào để soạn. {whom}".strip())
    mailing = Mailing.objects.create(
        kind=kind, title=title, office=office, left_out=left_out, prepared_by=by, about=about, key=key
    )
    Letter.objects.bulk_create(
        Letter(mailing=mailing, recipient=one.recipient, unit=one.unit, text=one.text, url=one.url) for one in drafts
    )
    audit.record(actor=by, action="prepare", target=mailing, label=f"soạn {len(drafts)} thư: {title}")
    return mailing


@transaction.atomic
def send_mailing(*, mailing: Mailing, by: User, version: int | None = None) -> Mailing:
    """Every letter becomes a notification; whom it concerns no longer is left out, with the reason.

    Raises PermissionDenied, or StepRefused when it was settled meanwhile or nobody is left to write to.
    """
    mailing = Mailing.objects.select_for_update().get(pk=mailing.pk)
    outdated = _outdated(mailing)
    mailing = take_step(
        obj=mailing,
        steps=MAILING_STEPS,
        name="send",
        by=by,
        version=version,
        left_out=[*mailing.left_out, *([f"{one.recipient.full_name}, {one.unit.name}", why] for one, why in outdated)],
        settled_by=by,
        settled_at=clock.now(),
    )
    mailing.letters.filter(pk__in=[one.pk for one, _ in outdated]).delete()
    letters = list(mailing.letters.select_related("recipient"))
    if not letters:
        raise StepRefused("Không còn ai cần nhận đợt thư này. Bỏ đợt thư để đóng lại.")
    for one in letters:
        notify.tell([one.recipient], kind=mailing.kind, text=one.text, url=one.url)
    return mailing


def _outdated(mailing: Mailing) -> list[tuple[Letter, str]]:
    """Letters that must not go any more: their people left, or the app that prepared them says so."""
    settled = _checks[mailing.kind](mailing) if mailing.kind in _checks else {}
    acting = set(Membership.objects.on(clock.today()).filter(user__is_active=True).values_list("user", "unit"))
    found = []
    for letter in mailing.letters.select_related("recipient", "unit"):
        if letter.unit_id in settled:
            found.append((letter, settled[letter.unit_id]))
        elif (letter.recipient_id, letter.unit_id) not in acting:
            found.append((letter, LEFT_THE_UNIT))
    return found


@transaction.atomic
def drop_mailing(*, mailing: Mailing, by: User, version: int | None = None) -> Mailing:
    """Nothing is sent; the mailing and its letters stay to be read."""
    settled = {"settled_by": by, "settled_at": clock.now()}
    return take_step(obj=mailing, steps=MAILING_STEPS, name="drop", by=by, version=version, **settled)
