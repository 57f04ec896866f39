"""Sample people and companies of a demonstration, made through the same deeds as real ones and marked as samples."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from heapq import heappop, heappush
from itertools import count
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import fold
from units import audit
from units.models import Membership, Notification, Role, Unit, User
from units.services.accounts import open_account
from units.services.registry import enter_unit

DATA = Path(__file__).resolve().parent / "data" / "demo.json"

# A story yields the time of its next deed and does the deed when it is resumed.
Story = Iterator[datetime]


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


def load() -> None:
    """The sample companies and every sample account; `share_password` lets people in."""
    data = _read()
    with clock.held_at(moment_of(data["opened"])):
        administrator, *_ = _open_all(data["administrator"], by=None)
        official, *_ = _open_all(data["standing_office"], by=administrator)
        for row in data["units"]:
            _enter(row, founded=date.fromisoformat(data["founded"]), by=official)
        for row in data["people"]:
            _open_all(row, by=administrator)


def _read() -> dict:
    return json.loads(DATA.read_text(encoding="utf-8"))


def _enter(row: dict, *, founded: date, by: User) -> None:
    names = {"name": row["name"], "short_name": row["short"]}
    source = "Đơn vị đặt ra cho dữ liệu mẫu"
    enter_unit(by=by, key=row["key"], kind=row["kind"], founded=founded, is_sample=True, source=source, **names)


def _open_all(row: dict, *, by: User | None) -> list[User]:
    unit = Unit.objects.get(key=row["unit"])
    holders = ((role, name) for role in Role for name in row.get(role, ()))
    return [_open(unit, role, name, row["at"], by=by) for role, name in holders]


def _open(unit: Unit, role: Role, full_name: str, place: str, *, by: User | None) -> User:
    names = {"username": username_of(full_name, place), "full_name": full_name}
    return open_account(unit=unit, role=role, by=by, is_sample=True, **names)[0]


def username_of(full_name: str, place: str) -> str:
    """`Lò Thị Hạnh` of `namxe` is `hanh.lt.namxe`: given name, initials of the rest, place."""
    *rest, given = fold(full_name).split()
    return f"{given}.{''.join(word[0] for word in rest)}.{place}"


@transaction.atomic
def share_password(password: str) -> None:
    """From now on all sample accounts have this password, as one hash: a hash for each would take seconds."""
    users = User.objects.filter(is_sample=True)
    users.update(password=make_password(password), must_change_password=False)
    for user in users:
        audit.record(actor=None, action="share_password", target=user, label="đặt mật khẩu chung của tài khoản mẫu")


def posts(*, start: bool) -> list[Membership]:
    """The posts of the sample accounts: of those with which a visitor begins, or of the others."""
    data = _read()
    rows = (row for row in (data["administrator"], data["standing_office"], *data["people"]) if row.get("start"))
    first = [username_of(name, row["at"]) for row in rows for role in Role for name in row.get(role, ())]
    held = Membership.objects.filter(user__is_sample=True).select_related("user", "unit").order_by("pk")
    return list(held.filter(user__username__in=first) if start else held.exclude(user__username__in=first))


def people_of(unit: Unit, role: Role) -> list[User]:
    """The sample people who act for `unit` in `role`, the one who does most of the work first."""
    return list(User.objects.acting_for(unit, role).filter(is_sample=True).order_by("pk"))


def read_notifications(*, before: datetime) -> None:
    """What was told long ago has been read: a bell that shows two years of news would be no help to anybody."""
    Notification.objects.unread().filter(at__lt=before).update(read_at=F("at"))
