"""Deeds on what was typed when the report had just closed: kept, put into the report once it is open, or dropped."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import clean_text
from reports.models import Entry, Figure, LateDraft
from reports.services import answers
from reports.workflow import ONLY_THE_UNIT
from units.models import User


@transaction.atomic
def keep(*, answer: Entry | Figure, typed: dict[str, str], by: User) -> LateDraft:
    """The words that a closed report refused, as they were typed: of each person the last ones."""
    _refuse_strangers(answer.report, by)
    where = {"entry": answer} if isinstance(answer, Entry) else {"figure": answer}
    typed = {name: clean_text(text) for name, text in typed.items()}
    told = {"report": answer.report, "typed": typed, "at": clock.now()}
    return LateDraft.objects.update_or_create(**where, by=by, defaults=told)[0]


@transaction.atomic
def put_in(*, draft: LateDraft, data: dict, version: int, by: User) -> Entry | Figure:
    """The draft becomes the answer: `data` is its text, clean from the form of the answer, `version` the one seen.

    Raises as `answers.save_entry`; then the draft stays.
    """
    deed, answer = (
        (answers.save_entry, {"entry": draft.entry}) if draft.entry else (answers.save_figure, {"figure": draft.figure})
    )
    saved = deed(**answer, data=data, version=version, by=by)
    draft.delete()
    return saved


@transaction.atomic
def drop(*, draft: LateDraft, by: User) -> None:
    _refuse_strangers(draft.report, by)
    draft.delete()


def _refuse_strangers(report, by):
    if not by.has_perm("reports.start_report", report):
        raise PermissionDenied(ONLY_THE_UNIT)
