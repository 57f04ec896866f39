"""Sample nominations of two rounds, made through the same deeds as real ones; what they say is in data/demo.json."""

import json
from pathlib import Path

from awards.models import AwardForm, AwardRound, Nomination, SubjectKind
from awards.services import nominations
from units.demo import Story, moment_of, people_of
from units.models import Duty, Mandate, Role, Unit, User

DATA = Path(__file__).resolve().parent / "data" / "demo.json"


def stories(year: int) -> list[Story]:
    """One for every nomination in the round of `year`; `units.demo.play` lets them happen."""
    award_round = AwardRound.objects.get(period__year=year)
    office = Mandate.objects.get(duty=Duty.STANDING_OFFICE, valid_to=None).unit
    reviewer = people_of(office, Role.OFFICER)[0]
    rows = json.loads(DATA.read_text(encoding="utf-8"))[str(year)]
    return [_story(award_round, row, reviewer) for row in rows]


def _story(award_round: AwardRound, row: dict, reviewer: User) -> Story:
    yield moment_of(row["opened"])
    unit = Unit.objects.get(key=row["unit"])
    head = people_of(unit, Role.HEAD)[0]
    nomination = _open(award_round, unit, row)
    for name, at, *note in row["steps"]:
        yield moment_of(at)
        by = head if name == "submit" else reviewer
        nominations.take_nomination_step(nomination=nomination, name=name, by=by, note="".join(note))


def _open(award_round: AwardRound, unit: Unit, row: dict) -> Nomination:
    return nominations.open_nomination(
        award_round=award_round,
        form=AwardForm.objects.get(key=row["form"]),
        unit=unit,
        subject_kind=SubjectKind(row["kind"]),
        new_person=row.get("person"),
        achievement=row["achievement"],
        by=people_of(unit, Role.OFFICER)[0],
    )
