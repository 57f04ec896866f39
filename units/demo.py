"""Sample people and companies of a demonstration, made through the same deeds as real ones and marked as samples."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from heapq import heappop, heappush
from itertools import count
from pathlib import Path

from django.db.models import F

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import fold
from units.models import Notification, Role, Unit, User
from units.services import accounts
from units.services.registry import enter_unit

DATA = Path(__file__).resolve().parent / "data" / "demo.json"

# A story yields the time of its next deed and does the deed when it is resumed.
Story = Iterator[datetime]


@dataclass(frozen=True)
class Account:
    """`start`: one of the accounts with which a visitor walks through the whole work."""

    user: User
    unit: Unit
    role: Role
    start: bool


def play(stories: Iterable[Story]) -> None:
    """Let the stories happen together: every deed at its own business time, and all of them in the order of time.

    So receipts, queues and the audit log stand in the order in which they would have come about.
    """
    order, waiting = count(), []

    def wait(story: Story) -> None:
        if moment := next(story, None):
            heappush(waiting, (moment, next(order), story))

    for story in stories:
        wait(story)
    while waiting:
        moment, _, story = heappop(waiting)
        with clock.held_at(moment):
            wait(story)


def moment_of(text: str) -> datetime:
    """`2024-11-20T09:10` of the data files, in Vietnam."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.VIETNAM)


def has_samples() -> bool:
    return User.objects.filter(is_sample=True).exists()


def has_real_accounts() -> bool:
    return User.objects.filter(is_sample=False).exists()


def load(*, password: str) -> list[Account]:
    """The sample companies and every sample account, all with `password`, in the order of the data file."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    with clock.held_at(moment_of(data["opened"])):
        first = _open_all(data["administrator"], password, by=None)
        administrator = first[0].user
        office = _open_all(data["standing_office"], password, by=administrator)
        for row in data["units"]:
            _enter(row, founded=date.fromisoformat(data["founded"]), by=office[0].user)
        others = (_open_all(row, password, by=administrator) for row in data["people"])
        return [*first, *office, *(account for opened in others for account in opened)]


def _enter(row, *, founded: date, by: User) -> None:
    names = {"name": row["name"], "short_name": row["short"]}
    source = "Đơn vị đặt ra cho dữ liệu mẫu"
    enter_unit(by=by, key=row["key"], kind=row["kind"], founded=founded, is_sample=True, source=source, **names)


def _open_all(row, password: str, *, by: User | None) -> list[Account]:
    unit = Unit.objects.get(key=row["unit"])
    holders = ((role, name) for role in Role for name in row.get(role, ()))
    return [_open(unit, role, name, row, password, by=by) for role, name in holders]


def _open(unit: Unit, role: Role, full_name: str, row, password: str, *, by: User | None) -> Account:
    user, _ = accounts.open_account(
        username=username_of(full_name, row["at"]), full_name=full_name, unit=unit, role=role, by=by, is_sample=True
    )
    accounts.choose_password(user=user, password=password)
    return Account(user, unit, role, start=row.get("start", False))


def username_of(full_name: str, place: str) -> str:
    """`Lò Thị Hạnh` of `namxe` is `hanh.lt.namxe`: given name, initials of the rest, place."""
    *rest, given = fold(full_name).split()
    return f"{given}.{''.join(word[0] for word in rest)}.{place}"


def renew_password(*, password: str) -> list[Account]:
    """Another password for all sample accounts, when the file that told the first one is gone."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    users = {user.username: user for user in User.objects.filter(is_sample=True)}
    units = Unit.objects.in_bulk(field_name="key")
    found = [
        Account(users[name], units[row["unit"]], role, start=row.get("start", False))
        for row in (data["administrator"], data["standing_office"], *data["people"])
        for role in Role
        for name in (username_of(full_name, row["at"]) for full_name in row.get(role, ()))
        if name in users
    ]
    for account in found:
        accounts.choose_password(user=account.user, password=password)
    return found


def people_of(unit: Unit, role: Role) -> list[User]:
    """The sample people who act for `unit` in `role`, the one who does most of the work first."""
    return list(User.objects.acting_for(unit, role).filter(is_sample=True).order_by("pk"))


def read_notifications(*, before: datetime) -> None:
    """What was told long ago has been read: a bell that shows two years of news would be no help to anybody."""
    Notification.objects.unread().filter(at__lt=before).update(read_at=F("at"))
