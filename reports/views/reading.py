"""A filled-in workbook beside its report: what would change, what clashes, what is wrong. Nothing is written here."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core import signing
from django.db.models import prefetch_related_objects

from reports.documents.workbook_reading import Fault, Reading
from reports.forms import EntryForm, FigureForm
from reports.models import AnnualReport, Entry, Figure
from reports.selectors.names import name_of
from reports.selectors.sheet import blocks_of
from reports.selectors.workbook import Item, digest_of, items_of
from reports.services.answers import Conflict
from reports.services.workbook import Row
from reports.views.whole import first_errors
from reports.workflow import why_shut

LABELS = {
    "answer": "Trả lời",
    "value": "Số liệu",
    "day": "Ngày",
    "document": "Văn bản",
    "reason": "Lý do không áp dụng",
    "expected_on": "Ngày dự kiến có số liệu",
    "explanation": "Giải thích",
    "exempt": "Liên quan đến đơn vị",
    "narrative": "Kết quả thực hiện",
    "grade": "Tự đánh giá",
}


class Stale(Exception):
    """The signed reading is too old, of another person or another report, or not ours."""


@dataclass(frozen=True)
class Claim:
    """What a file wants an answer to be, made from version `seen` of it."""

    item: Item
    seen: int
    texts: dict[str, str]
    places: dict[str, str]


@dataclass(frozen=True)
class Change:
    """One answer that would change: `told` is (field, before, after) in words; `clash` says who was there meanwhile."""

    claim: Claim
    changed: Entry | Figure
    data: dict
    told: list[tuple[str, str, str]]
    clash: Conflict | None = None

    @property
    def key(self) -> str:
        return self.claim.item.answer.key

    @property
    def name(self) -> str:
        return name_of(self.claim.item.answer)

    @property
    def version(self) -> int:
        return self.claim.item.answer.version

    def row(self, *, mine: bool = True) -> Row:
        answer = self.claim.item.answer
        return Row(answer, self.data, self.version, self.changed, clash=self.clash is not None, mine=mine)


@dataclass
class Compared:
    changes: list[Change] = field(default_factory=list)
    clashes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def typed_of(blocks) -> dict[str, dict[str, str]]:
    """Every answer as its form holds it, by its key."""
    return {item.answer.key: _form_of(item.answer).typed(item.answer) for item in items_of(blocks)}


def _form_of(answer):
    return FigureForm if isinstance(answer, Figure) else EntryForm


def claims_in(content: bytes, name: str, report: AnnualReport) -> tuple[list[Claim], list[Fault]]:
    """What somebody wrote in the file since it was downloaded, and the cells that cannot be read. Raises Refused."""
    reading = Reading(content, name, report)
    claims = [
        Claim(told.item, told.seen.version, told.texts, told.places)
        for told in reading.told(items_of(blocks_of(report)))
        if digest_of(told.texts) != told.seen.digest
    ]
    return claims, reading.faults


def compared(report: AnnualReport, claims: Iterable[Claim]) -> Compared:
    """Each claim through the same form as typing. What says nothing new is no change."""
    result, claims = Compared(), list(claims)
    prefetch_related_objects([claim.item.answer for claim in claims], "saved_by")
    for claim in claims:
        form, answer = _filled(claim), claim.item.answer
        if not form.is_valid():
            result.faults += [Fault(_place(claim, name), words) for name, words in first_errors(form).items()]
        elif change := _change(claim, form.cleaned_data):
            if not answer.is_open:
                result.faults.append(Fault(_place(claim, ""), why_shut(answer)))
            else:
                (result.clashes if change.clash else result.changes).append(change)
    return result


def _filled(claim: Claim):
    answer = claim.item.answer
    form, who = _form_of(answer), "figure" if isinstance(answer, Figure) else "entry"
    texts = form.typed(answer) | claim.texts
    return form({f"{answer.key}-{name}": text for name, text in texts.items()}, **{who: answer})


def _place(claim: Claim, name: str) -> str:
    return claim.places.get(name) or next(iter(claim.places.values()))


def _change(claim: Claim, data: dict) -> Change | None:
    answer, form = claim.item.answer, _form_of(claim.item.answer)
    changed = copy.copy(answer)
    for name, value in data.items():
        setattr(changed, name, value)
    before, after = form.typed(answer), form.typed(changed)
    told = [
        (LABELS[name], _before(claim.item, name, before.get(name, "")), _words(claim.item, name, after.get(name, "")))
        for name in claim.item.fields
        if before.get(name) != after.get(name)
    ]
    if not told:
        return None
    clash = Conflict(answer, changed) if claim.seen != answer.version else None
    return Change(claim, changed, data, told, clash)


def _before(item: Item, name: str, text: str) -> str:
    is_unanswered = name == "answer" and not item.answer.answer
    return "" if is_unanswered else _words(item, name, text)


def _words(item: Item, name: str, text: str) -> str:
    return item.options(name).get(text, text)


def sealed(report: AnnualReport, user, claims: Iterable[Claim]) -> str:
    """The claims to be confirmed, as text that nobody can change on the way: between two pages nothing is stored."""
    rows = {claim.item.answer.key: [claim.seen, claim.texts, claim.places] for claim in claims}
    return signing.dumps(rows, salt=_salt(report, user), compress=True)


def unsealed(text: str, report: AnnualReport, user) -> list[Claim]:
    """Raises Stale."""
    try:
        rows = signing.loads(text, salt=_salt(report, user), max_age=24 * 60 * 60)
    except signing.BadSignature:
        raise Stale from None
    items = {item.answer.key: item for item in items_of(blocks_of(report))}
    return [Claim(items[key], *row) for key, row in rows.items() if key in items]


def _salt(report, user) -> str:
    return f"reports.workbook/{report.pk}/{user.pk}"
