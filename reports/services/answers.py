"""Deeds on one answer of a report: an entry or a figure is saved by itself, and no two people overwrite each other."""

import copy

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.workflow import StepRefused
from reports.models import AnnualReport, Entry, Figure
from reports.selectors.names import name_of
from reports.workflow import ONLY_THE_UNIT, why_closed, why_shut
from units import audit
from units.models import User

_ENTRY_FIELDS = {"applies": "áp dụng", "grade": "tự đánh giá", "narrative": "kết quả thực hiện"}


class Closed(StepRefused):
    """Nobody can write in the report now: its state or the lock of its period stands in the way."""


class Conflict(StepRefused):
    """Somebody saved the answer after this person opened it: `theirs` is what is stored, `mine` what was refused."""

    def __init__(self, theirs: Entry | Figure, mine: Entry | Figure):
        self.theirs, self.mine = theirs, mine
        self.who = theirs.saved_by.full_name if theirs.saved_by else "Hệ thống"
        self.at = f"{clock.local(theirs.saved_at or clock.now()):%H:%M}"
        super().__init__(f"{self.who} đã lưu mục này lúc {self.at}, sau khi bạn mở. Chọn bản giữ lại.")


@transaction.atomic
def save_entry(*, entry: Entry, data: dict, version: int, by: User, force: bool = False) -> Entry:
    """Store what the unit says on a criterion: `data` is {applies, grade, narrative}, clean from `forms.EntryForm`.

    `version` is the one the person saw. Raises PermissionDenied, Closed or Conflict; `force` with the version of a
    conflict keeps this person's words and moves the others' into the history.
    """
    return _save(entry, data, version=version, by=by, force=force)


@transaction.atomic
def save_figure(*, figure: Figure, data: dict, version: int, by: User, force: bool = False) -> Figure:
    """Store one figure: `data` is {answer, value, day, document, reason, expected_on}, clean from `forms.FigureForm`.

    A part above its whole is stored like any other and stops the submission. Raises as `save_entry`.
    """
    return _save(figure, data, version=version, by=by, force=force)


def _save(answer, data, *, version, by, force):
    if not by.has_perm("reports.edit_report", answer.report):
        _refuse_writing(answer.report, by)
    if not answer.is_open:
        raise Closed(why_shut(answer))
    changed = copy.copy(answer)
    for field, value in data.items():
        setattr(changed, field, value)
    if answer.version == version and not _differences(answer, changed, data):
        return answer
    changed.saved_by, changed.saved_at, changed.version = by, clock.now(), version + 1
    if not _write(changed, data, version):
        return _explain_refusal(changed, data)
    _audit_change(answer, changed, data, by=by, force=force)
    return changed


def _write(changed, data, version) -> bool:
    """One statement locks the report, asks whether it is still open, and replaces only the version that was seen."""
    locked = AnnualReport.objects.select_for_update().filter(pk=changed.report_id).order_by()
    seen = type(changed).objects.filter(pk=changed.pk, version=version).writable_in(locked)
    return bool(seen.update(**data, version=F("version") + 1, saved_by=changed.saved_by, saved_at=changed.saved_at))


def _refuse_writing(report, by):
    if by.has_perm("reports.start_report", report):  # the unit's own people: only the time is wrong
        raise Closed(why_closed(report))
    raise PermissionDenied(ONLY_THE_UNIT)


def _explain_refusal(mine, data):
    """Nothing was written: closed meanwhile, somebody was faster, or the same words arrive a second time."""
    related = ("saved_by", "report__period", "indicator__criterion" if isinstance(mine, Figure) else "criterion")
    stored = type(mine).objects.select_related(*related).get(pk=mine.pk)
    if not stored.is_open:
        raise Closed(why_shut(stored))
    if not _differences(stored, mine, data):
        return stored
    raise Conflict(stored, mine)


def _differences(old, new, fields) -> list[str]:
    return [field for field in fields if getattr(old, field) != getattr(new, field)]


def _audit_change(old, new, fields, *, by, force):
    """Saves of a first draft are not deeds and leave no trace; what changes after it was handed in once does."""
    if not (force or old.report.edition):
        return
    label = f"giữ bản của mình ở {_name(new)}" if force else f"sửa {_name(new)}"
    audit.record(actor=by, action="edit", target=old.report, label=label, changes=_told(old, new, fields))


def _name(answer) -> str:
    return name_of(answer) if isinstance(answer, Figure) else answer.criterion.code


def _told(old, new, fields) -> dict[str, list[str]]:
    if isinstance(new, Figure):
        told = {"số liệu": [old.words, new.words], "giải thích": [old.explanation, new.explanation]}
        return {name: (before, after) for name, (before, after) in told.items() if before != after or name == "số liệu"}
    return {
        _ENTRY_FIELDS[name]: [_entry_words(old, name), _entry_words(new, name)]
        for name in _differences(old, new, fields)
    }


def _entry_words(entry, field) -> str:
    match field:
        case "applies":
            return "có" if entry.applies else "không liên quan"
        case "grade":
            return entry.get_grade_display()
        case _:
            return entry.narrative


@transaction.atomic
def keep_both(*, clash: Conflict, by: User) -> None:
    """Two people wrote the same answer: whichever they choose, both versions stay in the history."""
    audit.record(
        actor=by,
        action="clash",
        target=clash.theirs.report,
        label=f"chưa lưu được {_name(clash.mine)}, vì {clash.who} vừa lưu",
        changes={"bản đã lưu và bản chưa lưu": [clash.theirs.words, clash.mine.words]},
    )
