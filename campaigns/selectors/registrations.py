"""Registrations in lists: a unit's own by year, the roll of a year for Phòng Nội vụ, and what they ask of a person."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.urls import reverse

from campaigns.models import Holiday, Period, Registration, RegistrationVersion
from campaigns.models.registration import is_late
from campaigns.selectors.registration import data_of, problems_of
from campaigns.workflow import REGISTRATION_TONES, why_registration_closed
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.tones import Tone
from phongtho_thidua.lib.vietnamese import format_day
from phongtho_thidua.lib.work import Group, Item
from units.models import Unit


@dataclass(frozen=True)
class ShelfRow:
    """One unit and year; `registration` is None while there is none, `may_start` whether it can be begun now."""

    unit: Unit
    period: Period
    registration: Registration | None
    may_start: bool

    @property
    def status(self) -> tuple[Tone, str]:
        if self.registration is None:
            return Tone.IDLE, "Chưa lập"
        late = self.registration.is_registered and is_late(self.period, self.registration.first_at)
        words = self.registration.get_state_display() + (", muộn" if late else "")
        return REGISTRATION_TONES[self.registration.state], words


def shelf_of(user) -> list[ShelfRow]:
    """Own registrations and those that can be begun, this year's first, then next year's, then the past; three queries.

    Units that need not report do not take part either.
    """
    today = clock.today()
    units = Unit.objects.expected_to_report(today).filter(pk__in=user.unit_ids).in_order()
    rows = Registration.objects.filter(unit__in=user.unit_ids).with_first_time().select_related("unit", "period")
    known = {(row.unit_id, row.period.year): row for row in rows}
    periods = list(Period.objects.filter(year__lte=today.year + 1).order_by("-year"))
    periods.sort(key=lambda period: (period.year != today.year, period.year <= today.year))
    shelf = (
        ShelfRow(unit, period, known.get((unit.pk, period.year)), period.year >= today.year)
        for period in periods
        for unit in units
    )
    return [row for row in shelf if row.registration or row.may_start]


@dataclass(frozen=True)
class RollRow:
    """A unit that should register; `data` is its edition in force, None while there is none."""

    unit: Unit
    registration: Registration | None
    data: dict | None
    is_late: bool

    @property
    def status(self) -> tuple[Tone, str]:
        if self.registration is None:
            return Tone.IDLE, "Chưa đăng ký"
        return REGISTRATION_TONES[self.registration.state], self.registration.get_state_display()

    @property
    def codes(self) -> str:
        return ", ".join(row["code"] for row in self.data["contents"]) if self.data else ""


@dataclass(frozen=True)
class Fact:
    label: str
    value: str
    base: str = ""


@dataclass(frozen=True)
class Roll:
    period: Period
    rows: list[RollRow]

    @property
    def facts(self) -> list[Fact]:
        registered = [row for row in self.rows if row.registration]
        late = sum(row.is_late for row in registered)
        amended = sum(row.registration.edition > 1 for row in registered)
        base = f"trên {len(self.rows)} đơn vị"
        return [
            Fact("Đã đăng ký", str(len(registered)), base),
            Fact("Chưa đăng ký", str(len(self.rows) - len(registered)), base),
            Fact("Đăng ký muộn", str(late)),
            Fact("Đã điều chỉnh", str(amended)),
        ]


def roll_of(period: Period) -> Roll:
    """The units that exist on the last day of registering, and whoever else has registered; three queries."""
    registered = _in_force(period)
    versions = RegistrationVersion.objects.filter(registration__in=registered, edition=F("registration__edition"))
    data = dict(versions.values_list("registration", "data"))
    units = Unit.objects.expected_to_report(period.registers_by) | Unit.objects.filter(
        registrations__period=period, registrations__edition__gt=0
    )
    known = {row.unit_id: row for row in registered}
    return Roll(period, [_roll_row(unit, known.get(unit.pk), period, data) for unit in units.distinct().in_order()])


def _in_force(period) -> list[Registration]:
    return list(Registration.objects.for_period(period).in_force().with_first_time())


def _roll_row(unit, row, period, data) -> RollRow:
    if row is None:
        return RollRow(unit, None, None, is_late=False)
    return RollRow(unit, row, data[row.pk], is_late=is_late(period, row.first_at))


def chosen_by_kind(period: Period) -> tuple[dict[str, tuple[int, int]], dict[str, int]]:
    """Of the roll: {kind of unit: (registered, should)}, and {code of a content: how many units chose it}."""
    kinds, contents = defaultdict(lambda: [0, 0]), defaultdict(int)
    for row in roll_of(period).rows:
        kinds[row.unit.kind][0] += row.registration is not None
        kinds[row.unit.kind][1] += 1
        for content in row.data["contents"] if row.data else ():
            contents[content["code"]] += 1
    return {kind: tuple(counts) for kind, counts in kinds.items()}, dict(contents)


# --- Việc của tôi -----------------------------------------------------------------------------------------------------


def work_items(user) -> Iterator[Item]:
    """This year's registration while it is to be written or registered. After mid-year only what was begun is left."""
    year = clock.today().year
    period = Period.objects.filter(year=year).first() if user.unit_ids else None
    if period is None:
        return
    units = Unit.objects.expected_to_report(clock.today()).filter(pk__in=user.unit_ids).in_order()
    known = {row.unit_id: row for row in period.registrations.filter(unit__in=user.unit_ids).with_parts()}
    holidays = Holiday.objects.days()
    for unit in units:
        row = known.get(unit.pk)
        if row is None and clock.today() <= period.amends_until:
            yield _to_do(unit, period, holidays, "Lập đăng ký", reverse("campaigns:registrations"), "Chưa bắt đầu.")
        elif row is not None and not row.is_settled:
            yield _open(user, row, holidays)


def _open(user, row: Registration, holidays) -> Item:
    url, write = row.get_absolute_url(), (row.unit, row.period, holidays)
    if closed := why_registration_closed(row):
        return _to_do(*write, "Mở đăng ký", url, f"{closed} Lần đăng ký trước vẫn có hiệu lực.", row)
    if problems := problems_of(data_of(row)):
        return _to_do(*write, "Viết tiếp", url, problems[0].sentence, row)
    if user.has_perm("campaigns.submit_registration", row):
        return _to_do(*write, "Đọc và đăng ký", url, "Đã đủ, chờ bạn đọc và đăng ký.", row)
    return Item(
        group=Group.WAITING,
        what=_name(row.unit, row.period, row),
        why="Đã đủ. Thủ trưởng đọc và đăng ký.",
        url=url,
        day=_last_day(row.period, row),
        tone=Tone.WAIT,
        status="Chờ thủ trưởng đăng ký",
    )


def _to_do(unit, period, holidays, button, url, why, row=None) -> Item:
    due = _last_day(period, row)
    left = clock.working_days_between(clock.today(), due, holidays)
    is_past = clock.today() > due
    return Item(
        group=Group.TODO,
        what=_name(unit, period, row),
        why=f"{why} Hạn: hết ngày {format_day(due)}.",
        url=url,
        day=due,
        button=button,
        tone=Tone.STOP if is_past else Tone.WAIT,
        day_note=_time_left(left, is_past=is_past),
    )


def _time_left(days: int, *, is_past: bool) -> str:
    if is_past:
        return f"quá hạn {-days} ngày làm việc" if days < 0 else "quá hạn"
    return f"còn {days} ngày làm việc" if days else "hạn hôm nay"


def _name(unit, period, row) -> str:
    is_again = row is not None and row.is_amending
    return f"{'Điều chỉnh đăng ký' if is_again else 'Đăng ký'} thi đua năm {period.year}, {unit.name}"


def _last_day(period, row) -> date:
    return period.amends_until if row is not None and row.is_amending else period.registers_by
