"""What a unit promised for a year: the edition in force, the registration being written, and what changed between."""

import hashlib
import json
from dataclasses import dataclass, field
from itertools import zip_longest

from campaigns.models import Content, Registration, RegistrationVersion
from criteria.models import Criterion, Indicator, IndicatorKind, Scope
from criteria.selectors import forms_for
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.results import results_of


@dataclass(frozen=True)
class Promised:
    """The unit's own target for one indicator: `words` with its unit of measure ("8.412 triệu đồng"), and a note."""

    words: str
    note: str = ""


def promised(unit, year: int) -> dict[str, Promised]:
    """By indicator code, what `unit` registered for `year` in its last edition in force; one query, empty when none."""
    return promises_in(RegistrationVersion.objects.newest(unit, year))


def promises_in(data: dict | None) -> dict[str, Promised]:
    """The same, out of an edition that was read before."""
    return {row["code"]: Promised(row["words"], row["note"]) for row in data["promises"]} if data else {}


def asked_of(unit, year: int) -> list[Criterion]:
    """The criteria of the unit's form with the indicators (`asked`) for which it may promise: all but documents."""
    criteria = forms_for(unit.kind, year)
    for criterion in criteria:
        criterion.asked = [one for one in criterion.asked if one.kind != IndicatorKind.DOCUMENT]
    return [criterion for criterion in criteria if criterion.asked]


# --- the registration as data: what is frozen as an edition, shown, and compared --------------------------------------


def data_of(registration: Registration) -> dict:
    """All that the registration says, as plain JSON data with the words that people read."""
    file = registration.plan_file
    return {
        "contents": [{"code": one.code, "title": one.title} for one in registration.contents.all()],
        "promises": [_promise(one) for one in registration.promises.all()],
        "works": [_work(one) for one in registration.works.all()],
        "plan_file": _file(file) if file else None,
    }


def _file(file) -> dict:
    return {"name": file.name, "key": str(file.key), "at": f"{clock.local(file.uploaded_at):%H:%M, %d/%m/%Y}"}


def _promise(promise) -> dict:
    return {
        "code": promise.indicator.code,
        "name": promise.indicator.name,
        "words": promise.words,
        "value": None if promise.value is None else f"{promise.value.normalize():f}",
        "day": promise.day and promise.day.isoformat(),
        "note": promise.note,
    }


def _work(work) -> dict:
    return {"name": work.name, "content": work.content.code, "due_on": work.due_on.isoformat(), "note": work.note}


def seen(data: dict, part: str) -> str:
    """What a page remembers of `part`, so that nobody overwrites what they have not seen."""
    return hashlib.sha256(json.dumps(data[part], sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Change:
    label: str
    old: str
    new: str


def changes_between(old: dict, new: dict) -> list[Change]:
    """What differs, part by part, in words; empty when both say the same."""
    before, after = _lines(old), _lines(new)
    labels = dict.fromkeys((*before, *after))
    pairs = ((label, before.get(label, ""), after.get(label, "")) for label in labels)
    return [Change(*pair) for pair in pairs if pair[1] != pair[2]]


def lines_of(data: dict, part: str) -> list[str]:
    """One part in words, a line for each of its rows."""
    rows = data[part]
    match part:
        case "contents":
            return [f"{row['code']}. {row['title']}" for row in rows]
        case "promises":
            return [f"{row['name']}: {_told(row['words'], row['note'])}" for row in rows]
        case "works":
            return [f"{row['name']}: {_work_words(row)}" for row in rows]
        case _:
            return [_file_words(rows)] if rows else []


def _lines(data: dict) -> dict[str, str]:
    """{label: words}; two works of one name stand under one label."""
    lines = {}
    if data["contents"]:
        lines["Nội dung thi đua"] = ", ".join(row["code"] for row in data["contents"])
    for row in data["promises"]:
        lines[f"Chỉ tiêu {row['code'].partition('.')[0]}, {row['name']}"] = _told(row["words"], row["note"])
    for row in data["works"]:
        label = f"Công trình, phần việc {row['name']}"
        lines[label] = "; ".join(filter(None, (lines.get(label), _work_words(row))))
    if data["plan_file"]:
        lines["Kế hoạch của đơn vị"] = _file_words(data["plan_file"])
    return lines


def _file_words(file: dict) -> str:
    return f"{file['name']}, tải lên {file['at']}"


def _told(words: str, note: str) -> str:
    return f"{words} ({note})" if note else words


def _work_words(row: dict) -> str:
    year, month, day = row["due_on"].split("-")
    return _told(f"{row['content']}, xong trước {day}/{month}/{year}", row["note"])


# --- what the pages show ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Beside:
    """What stands beside a target: last year's result in words, the plan's targets in words."""

    before: str = ""
    aims: tuple[str, ...] = ()


def beside(unit, year: int, criteria: list[Criterion]) -> dict[str, Beside]:
    """By indicator code, for the criteria of `asked_of`; the results are looked up once."""
    results = results_of(unit, year - 1)
    asked = (one for criterion in criteria for one in criterion.asked)
    return {one.code: Beside(results.get(one.code, ""), _aims(one)) for one in asked}


def _aims(indicator: Indicator) -> tuple[str, ...]:
    return tuple(f"{target.goal}, {Scope(target.scope).label}" for target in indicator.aims)


@dataclass
class Sheet:
    """A registration to be read: `promises` in pairs with what stands beside each."""

    contents: list[Content]
    promises: list[tuple[dict, Beside]]
    works: list[dict]
    plan_file: dict | None


def sheet_of(registration: Registration, data: dict) -> Sheet:
    """`data` as people read it, with official wordings, last year's results and the plan's targets; ten queries."""
    year, codes = registration.period.year, [row["code"] for row in data["contents"]]
    known = beside(registration.unit, year, asked_of(registration.unit, year))
    return Sheet(
        contents=list(Content.objects.filter(campaign=registration.period.campaign_id, code__in=codes)),
        promises=[(row, known.get(row["code"], Beside())) for row in data["promises"]],
        works=[row | {"told": _work_words(row), "due": _day(row["due_on"])} for row in data["works"]],
        plan_file=data["plan_file"],
    )


def _day(iso: str) -> str:
    return "/".join(reversed(iso.split("-")))


@dataclass(frozen=True)
class Problem:
    """Why it cannot be registered yet: the part where it is put right, and a sentence."""

    part: str
    sentence: str


def problems_of(data: dict) -> list[Problem]:
    """What the head would sign must name contents and say what will be done for them."""
    chosen = {row["code"] for row in data["contents"]}
    problems = [] if chosen else [Problem("contents", "Chưa chọn nội dung thi đua nào.")]
    if not data["promises"] and not data["works"]:
        problems.append(Problem("promises", "Chưa có chỉ tiêu hoặc công trình, phần việc nào."))
    strays = (row for row in data["works"] if chosen and row["content"] not in chosen)
    return problems + [
        Problem("works", f"“{row['name']}” thuộc {row['content']}, nội dung chưa chọn. Chọn thêm hoặc đổi nội dung.")
        for row in strays
    ]


@dataclass(frozen=True)
class Edition:
    """One registered edition with what changed in it against the one before."""

    version: RegistrationVersion
    changes: list[Change] = field(default_factory=list)


def editions_of(registration: Registration) -> list[Edition]:
    """Newest first; one query."""
    versions = list(registration.versions.select_related("submitted_by"))
    pairs = zip_longest(versions, versions[1:])
    return [Edition(new, changes_between(old.data, new.data) if old else []) for new, old in pairs]


def shown_data(registration: Registration, user) -> dict:
    """What `user` reads: the unit what it is writing, everybody else the last edition in force."""
    is_own = registration.unit_id in user.unit_ids
    if registration.is_settled or not is_own:
        return registration.versions.first().data
    return data_of(registration)
