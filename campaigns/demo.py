"""Sample registrations, made through the same deeds as real ones; what they say is in data/demo-registrations.json."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from campaigns.models import Content, Period, Registration
from campaigns.services import registration as deeds
from units.demo import Story, moment_of, people_of
from units.models import Role, Unit

REGISTRATIONS = Path(__file__).resolve().parent / "data" / "demo-registrations.json"
REGISTERED = 2024
_PAUSE = timedelta(minutes=7)  # between two parts of a registration


def registration_stories(year: int) -> list[Story]:
    """One for every unit that registers for `year`; `units.demo.play` lets them happen."""
    if year != REGISTERED:
        return []
    rows = json.loads(REGISTRATIONS.read_text(encoding="utf-8"))
    period, units = Period.objects.get(year=year), Unit.objects.filter(key__in=rows).order_by("key")
    return [_registers(unit, period, rows[unit.key]) for unit in units]


def _registers(unit: Unit, period: Period, said: dict) -> Story:
    officer, head = people_of(unit, Role.OFFICER)[0], people_of(unit, Role.HEAD)[0]
    yield moment_of(said["at"])
    row = deeds.start_registration(unit=unit, period=period, by=officer)
    yield moment_of(said["at"]) + _PAUSE
    _write(row, said, by=officer)
    if "submitted" not in said:
        return
    yield moment_of(said["submitted"])
    deeds.submit(registration=row, by=head)
    if more := said.get("amended"):
        yield moment_of(more["at"])
        deeds.amend(registration=row, note=more["reason"], by=officer)
        targets, works = said["targets"] | more["targets"], [*said["works"], *more["works"]]
        _write(row, said | {"targets": targets, "works": works}, by=officer)
        yield moment_of(more["submitted"])
        deeds.submit(registration=row, by=head)


def _write(row: Registration, said: dict, *, by) -> None:
    chosen = Content.objects.filter(code__in=said["contents"])
    deeds.save_contents(registration=row, contents=chosen, by=by)
    deeds.save_promises(registration=row, promises=dict(map(_target, said["targets"].items())), by=by)
    deeds.save_works(registration=row, works=list(map(_work, said["works"])), by=by)


def _target(pair) -> tuple[str, dict]:
    code, said = pair
    value, note = said if isinstance(said, list) else (said, "")
    return code, {"value": Decimal(value), "day": None, "note": note}


def _work(said: list[str]) -> dict:
    name, content, due_on, note = said
    return {"name": name, "content": content, "due_on": date.fromisoformat(due_on), "note": note}
