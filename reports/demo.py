"""Sample reports of 2023 and 2024, made through the same deeds as real ones.

data/demo: `calendar` says how far each unit comes and when, `answers` what a kind of unit answers, `units` what is
particular to one. A rule for a figure is a number, a reason why it does not apply, {"due": day} for no data yet,
{"from", "to"} to draw from, {"of": code} for a part in per cent, {"left": [a, b]} for a difference, or a pair of rules:
one for 2023, one for 2024. Drawn with `growth` (per cent, for parts points) the second year follows from the first.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from random import Random
from string import Formatter

from campaigns.models import Period
from criteria.models import Criterion
from criteria.scoring import AnswerKind, Grade, ratio
from criteria.selectors import forms_for
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.vietnamese import format_number
from reports import demo_evidence
from reports.models import AnnualReport, Entry, Figure
from reports.selectors.sheet import blocks_of
from reports.services import annual, answers, remarks
from units.demo import Story, people_of
from units.models import Duty, Mandate, Role, Unit, UnitKind, User

DATA = Path(__file__).resolve().parent / "data" / "demo"
SEED = 20241202
YEARS = (2023, 2024)
# Why figures are accepted whose verification still waits here.
UNVERIFIED = "Các phòng thẩm tra trên bản giấy, biên bản lưu tại Phòng Nội vụ."

_CAUSES = (
    "Mặt bằng bàn giao chậm đến tháng 10, nhà thầu nghiệm thu không kịp trong năm.",
    "Mưa lũ tháng 8 làm sạt lở, khối lượng nghiệm thu chuyển sang quý I năm sau.",
    "Kho bạc chưa xác nhận khối lượng nghiệm thu cuối tháng 11, phần còn lại thanh toán trong tháng 12.",
)
_CHECKED = (
    "Đã đối chiếu với sổ theo dõi của đơn vị; năm nay khối lượng công việc khác hẳn năm trước.",
    "Số đúng theo biên bản từng bản; năm nay tuyến đường mới đi qua nhiều hộ hơn năm trước.",
)
_PAUSE = timedelta(minutes=3)  # between two criteria, and between opening a report and the verdict on it
_USUAL_GRADES = (*(Grade.GOOD,) * 4, *(Grade.EXCELLENT,) * 2, *(Grade.DONE,) * 2)
_BLANK = {"answer": "", "value": None, "day": None, "document": "", "reason": "", "expected_on": None}


def stories(year: int) -> list[Story]:
    """One for every unit that begins its report of `year`; `units.demo.play` lets them happen."""
    calendar, rules, units = _read("calendar")[str(year)], _read("answers"), _read("units")
    period, office = Period.objects.get(year=year), Mandate.objects.get(duty=Duty.STANDING_OFFICE, valid_to=None).unit
    reviewer = people_of(office, Role.OFFICER)[0]
    forms = {kind: forms_for(kind, year) for kind in UnitKind}
    told = []
    for unit in Unit.objects.filter(key__in=units).order_by("key"):
        path = calendar["paths"].get(unit.key, calendar["otherwise"])
        if path is not None:
            words = Words(unit, year, _rules_of(units[unit.key], rules), units[unit.key])
            writing = Writing(period, words, forms[unit.kind], reviewer)
            told.append(_story(writing, path, _days_of(unit, calendar)))
    return told


def _read(name: str) -> dict:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"), parse_float=Decimal)


def _days_of(unit: Unit, calendar: dict) -> dict:
    days = calendar["days"]
    return days | {"submit": days["submit_late"]} if unit.key in calendar["late"] else days


def _rules_of(own: dict, rules: dict) -> dict:
    """{criterion code: what is answered there}: the groups of the unit, later ones first, then what is its own."""
    merged = {}
    for group in (*(rules[name] for name in own["groups"]), own.get("criteria", {})):
        for code, said in group.items():
            figures = merged.get(code, {}).get("figures", {}) if "exempt" not in said else {}
            merged[code] = said | {"figures": figures | said.get("figures", {})}
    for code, rule in own.get("figures", {}).items():
        merged[code.partition(".")[0]]["figures"][code] = rule
    return merged


@dataclass(frozen=True)
class Words:
    """What a unit says in a year; the same at every run, whatever else is in the data."""

    unit: Unit
    year: int
    rules: dict
    own: dict

    def said_on(self, criterion: Criterion) -> tuple[dict, dict[str, dict]]:
        """The data for `answers.save_entry`, and by indicator code those for `answers.save_figure`."""
        rule = self.rules[criterion.code]
        if "exempt" in rule:
            return {"applies": False, "grade": "", "narrative": rule["exempt"].format_map(self.names)}, {}
        asked = {one.code for one in criterion.asked if not one.is_derived}
        figures = {}
        for code, figure_rule in rule["figures"].items():
            if code in asked:
                figures[code] = self._figure(code, figure_rule, figures)
        values = {code: figure["value"] for code, figure in figures.items()}
        entry = {"applies": True, "grade": self._grade(criterion.code, rule, values)}
        return entry | {"narrative": self._narrative(criterion.code, rule["told"], values)}, figures

    @cached_property
    def names(self) -> dict[str, str]:
        places = {f"p{number}": place for number, place in enumerate(self.own.get("places", ()), start=1)}
        return {"dv": self.own["dv"], "nam": str(self.year)} | places

    def draw(self, *what) -> Random:
        return Random("/".join(map(str, (SEED, self.unit.key, *what))))  # noqa: S311  samples, not secrets

    def _figure(self, code: str, rule, known: dict[str, dict]) -> dict:
        match rule:
            case [*years]:
                return self._figure(code, years[self.year - YEARS[0]], known)
            case str(reason):
                return _BLANK | {"answer": AnswerKind.NOT_APPLICABLE.value, "reason": reason}
            case {"due": day}:
                return _BLANK | {"answer": AnswerKind.NO_DATA.value, "expected_on": date.fromisoformat(day)}
            case {"left": [whole, part]}:
                value = known[whole]["value"] - known[part]["value"]
            case {"of": whole}:
                value = known[whole]["value"] * min(self._drawn(code, rule), Decimal(100)) // 100
            case {"from": _}:
                value = self._drawn(code, rule)
            case number:
                value = Decimal(number)
        return _BLANK | {"answer": AnswerKind.VALUE.value, "value": value}

    def _drawn(self, code: str, rule: dict) -> Decimal:
        """Never below zero: a range that begins there has zero as its most frequent value."""
        draw = self.draw(code) if "growth" in rule else self.draw(code, self.year)
        low, step = Decimal(rule["from"]), Decimal(rule.get("step", 1))
        value = low + step * draw.randint(0, int((Decimal(rule["to"]) - low) / step))
        grown = draw.randint(*rule["growth"]) * (self.year - YEARS[0]) if "growth" in rule else 0
        value = value + grown if "of" in rule else value * (100 + grown) / 100
        return max(value // step * step, Decimal(0))

    def _grade(self, code: str, rule: dict, values: dict) -> str:
        if values and not any(values.values()):
            return Grade.DONE.value  # nothing came about: nobody calls that excellent
        if "grade" not in rule:
            return self.draw(code, self.year, "grade").choice(_USUAL_GRADES).value
        reached = ratio(*(values[part] for part in rule["grade"]["of"]))
        fitting = (grade for grade in (Grade.EXCELLENT, Grade.GOOD) if reached >= rule["grade"][grade.value])
        return next(fitting, Grade.DONE).value

    def _narrative(self, code: str, told: list[list[str]], values: dict) -> str:
        """One sentence of each group, among those whose figures were all given and are not zero."""
        figures = {name.partition(".")[2]: format_number(value) for name, value in values.items() if value}
        words, draw = self.names | figures, self.draw(code, self.year, "told")
        fitting = ([one for one in group if _slots(one) <= words.keys()] for group in told)
        return " ".join(draw.choice(sentences).format_map(words) for sentences in fitting if sentences)


def _slots(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@dataclass(frozen=True)
class Writing:
    """Who makes and who judges one report."""

    period: Period
    words: Words
    criteria: list[Criterion]
    reviewer: User

    @property
    def unit(self) -> Unit:
        return self.words.unit

    @cached_property
    def officer(self) -> User:
        return people_of(self.unit, Role.OFFICER)[self.words.own.get("writer", 0)]

    @cached_property
    def head(self) -> User:
        return people_of(self.unit, Role.HEAD)[0]

    def some_time(self, what: str, days: dict) -> datetime:
        """A moment in office hours of a working day in the range of `what`."""
        first, last = map(date.fromisoformat, days[what])
        between = (first + timedelta(number) for number in range((last - first).days + 1))
        draw = Random(f"{SEED}/{self.unit.key}/{self.period.year}/{what}")  # noqa: S311
        day = draw.choice([day for day in between if day.weekday() < 5])
        return clock.at(day, draw.choice((8, 9, 10, 14, 15)), draw.randrange(60))


def _story(writing: Writing, path, days: dict) -> Story:
    """`path` as in the calendar: how many criteria a draft answers, the last step, or the reason of a return."""
    moment = writing.some_time("start", days)
    yield moment
    report = annual.start_report(unit=writing.unit, period=writing.period, by=writing.officer)
    blanks = _blanks_of(report)
    for criterion in writing.criteria[:path] if isinstance(path, int) else writing.criteria:
        moment += _PAUSE
        yield moment
        _answer(criterion, blanks, writing)
    _explain(report, writing)
    demo_evidence.lay(writing.unit, writing.period.year, blanks, writing.officer)
    if not isinstance(path, int):
        yield from _handed_in(report, writing, path, days)


def _blanks_of(report: AnnualReport) -> dict[str, Entry | Figure]:
    """The answers to be given, by the code of their criterion or indicator; read at once, which is half of the time."""
    entries = {entry.criterion.code: entry for entry in report.entries.select_related("criterion")}
    figures = {figure.indicator.code: figure for figure in report.figures.select_related("indicator__criterion")}
    for blank in (*entries.values(), *figures.values()):
        blank.report = report
    return entries | figures


def _answer(criterion: Criterion, blanks: dict, writing: Writing) -> None:
    said, figures = writing.words.said_on(criterion)
    entry, by = blanks[criterion.code], writing.officer
    answers.save_entry(entry=entry, data=said, version=entry.version, by=by)
    for code, data in figures.items():
        answers.save_figure(figure=blanks[code], data=data, version=blanks[code].version, by=by)


def _explain(report: AnnualReport, writing: Writing) -> None:
    """Why a doubtful figure is right; of a draft only what was answered is doubtful."""
    for line in (line for block in blocks_of(report) for line in block.lines):
        if line.unexplained:
            draw = writing.words.draw(line.indicator.code, writing.period.year, "why")
            words = draw.choice(_CAUSES if "Ghi nguyên nhân" in line.unexplained[0] else _CHECKED)
            data = {"explanation": words}
            answers.save_figure(figure=line.figure, data=data, version=line.figure.version, by=writing.officer)


def _handed_in(report: AnnualReport, writing: Writing, path, days: dict) -> Story:
    yield writing.some_time("submit", days)
    annual.submit(report=report, by=writing.head)
    if path == "submitted":
        return
    opened = writing.some_time("review", days)
    yield opened
    annual.open_review(report=report, by=writing.reviewer)
    if path == "reviewing":
        return
    yield opened + _PAUSE
    if path == "accepted":
        annual.accept(report=report, by=writing.reviewer, note=UNVERIFIED)
        return
    _return(report, writing, path)
    if "added" in path:
        yield from _corrected(report, writing, path, days)


def _return(report: AnnualReport, writing: Writing, path: dict) -> None:
    """Only the answers that the path names; blanks are by code of criterion or indicator."""
    blanks = _blanks_of(report)
    named = [blanks[code] for code in path.get("figures", [path.get("criterion")])]
    due = remarks.usual_due()
    remarks.ask_back(report=report, answers=named, reason=path["note"], due_at=due, by=writing.reviewer)


def _corrected(report: AnnualReport, writing: Writing, path: dict, days: dict) -> Iterator[datetime]:
    moment = writing.some_time("submit_again", days)
    yield moment
    report.refresh_from_db()
    entry = report.entries.select_related("criterion").get(criterion__code=path["criterion"])
    entry.report = report
    data = {"applies": True, "grade": entry.grade, "narrative": f"{entry.narrative} {path['added']}"}
    answers.save_entry(entry=entry, data=data, version=entry.version, by=writing.officer)
    yield moment + _PAUSE
    annual.resubmit(report=report, by=writing.head)
    opened = writing.some_time("review_again", days)
    yield opened
    annual.open_review(report=report, by=writing.reviewer)
    yield opened + _PAUSE
    annual.accept(report=report, by=writing.reviewer, note=UNVERIFIED)
