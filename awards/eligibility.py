"""Whether a nomination may go on, and why: pure functions from facts to findings, each with the clause it rests on.

A finding stops a step only when its rule is hard and its verdict is FAIL; everything else informs who decides. Clauses
are dated rows (`RuleClause`, `FormRecipient`, `FormAuthority`): an unverified one turns a pass into "cần kiểm tra".
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.tones import Tone
from phongtho_thidua.lib.vietnamese import format_day, format_number

from .models import RuleCode

SHORTEST_ACHIEVEMENT = 50  # characters; our own measure, the clause row says so


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105  a verdict, not a password
    WARN = "warn"
    FAIL = "fail"
    CHECK = "check"


WORDS = {
    Verdict.PASS: ("Đạt", Tone.DONE, "check-circle-fill"),
    Verdict.WARN: ("Lưu ý", Tone.WAIT, "exclamation-triangle"),
    Verdict.FAIL: ("Chưa đạt", Tone.STOP, "exclamation-circle-fill"),
    Verdict.CHECK: ("Cần kiểm tra", Tone.IDLE, "question-circle"),
}


@dataclass(frozen=True)
class Ground:
    """What a rule rests on: a source, whether somebody has read it there, and its words if any."""

    source: str
    verified: bool
    words: str = ""


@dataclass(frozen=True)
class Facts:
    """All that the rules look at, read before (`selectors.facts_of`).

    `day` is the day of receipt, today before that. `report_accepted` is None where no report is asked for.
    `other_forms` names the forms for which the same subject is nominated in the same round; `look_alikes` the
    nominations, visible to who asks, of another person with the same name and year of birth.
    """

    day: date
    form: str
    kind: str
    recipient: Ground | None
    authority: Ground | None
    clauses: dict[str, Ground]
    round_source: str
    opens_at: datetime
    closes_at: datetime
    now: datetime
    received_at: datetime | None
    achievement_length: int
    same_again: bool
    other_forms: tuple[str, ...]
    look_alikes: tuple[str, ...]
    report_accepted: bool | None
    year: int


@dataclass(frozen=True)
class Finding:
    rule: RuleCode
    verdict: Verdict
    sentence: str
    ground: Ground | None
    hard: bool

    @property
    def blocks(self) -> bool:
        return self.hard and self.verdict == Verdict.FAIL

    @property
    def words(self) -> str:
        return WORDS[self.verdict][0]

    @property
    def tone(self) -> Tone:
        return WORDS[self.verdict][1]

    @property
    def icon(self) -> str:
        return WORDS[self.verdict][2]


Answer = tuple[Verdict, str, Ground | None]


def _recipient(facts: Facts) -> Answer:
    if facts.recipient is None:
        said = f"{facts.form} không dành cho đối tượng “{facts.kind}” theo danh mục ngày {format_day(facts.day)}."
        return Verdict.FAIL, said, None
    if not facts.recipient.verified:
        said = f"Chưa đối chiếu văn bản: {facts.form} có dành cho đối tượng “{facts.kind}” hay không."
        return Verdict.CHECK, said, facts.recipient
    return Verdict.PASS, f"{facts.form} có đối tượng “{facts.kind}”.", facts.recipient


def _round(facts: Facts) -> Answer:
    ground = Ground(facts.round_source, verified=True)
    if facts.received_at:
        return Verdict.PASS, f"Đã trình lúc {_moment(facts.received_at)}.", ground
    if facts.now < facts.opens_at:
        return Verdict.FAIL, f"Đợt nhận đề nghị từ {_moment(facts.opens_at)}.", ground
    if facts.now >= facts.closes_at:
        return Verdict.FAIL, f"Đợt đã đóng lúc {_moment(facts.closes_at)}.", ground
    return Verdict.PASS, f"Đợt nhận đề nghị đến {_moment(facts.closes_at)}.", ground


def _achievement(facts: Facts) -> Answer:
    ground = facts.clauses.get(RuleCode.ACHIEVEMENT)
    written = format_number(facts.achievement_length)
    if facts.achievement_length < SHORTEST_ACHIEVEMENT:
        said = f"Thành tích mới có {written} ký tự, cần ít nhất {SHORTEST_ACHIEVEMENT}."
        return Verdict.FAIL, said, ground
    return Verdict.PASS, f"Thành tích có {written} ký tự.", ground


def _duplicate(facts: Facts) -> Answer:
    ground = facts.clauses.get(RuleCode.DUPLICATE)
    if facts.same_again:
        return Verdict.FAIL, f"Trong đợt này đã có một đề nghị {facts.form} cho cùng đối tượng.", ground
    if facts.other_forms:
        names = ", ".join(facts.other_forms)
        law = f" {ground.words}" if ground and ground.verified else ""
        return Verdict.WARN, f"Cùng đối tượng còn được đề nghị {names} trong đợt này.{law}", ground
    if facts.look_alikes:
        return Verdict.WARN, f"Trùng họ tên và năm sinh với: {'; '.join(facts.look_alikes)}.", ground
    return Verdict.PASS, "Chưa thấy đề nghị khác cho cùng đối tượng trong đợt này.", ground


def _report(facts: Facts) -> Answer | None:
    if facts.report_accepted is None:
        return None
    ground = facts.clauses.get(RuleCode.REPORT)
    if facts.report_accepted:
        return Verdict.PASS, f"Báo cáo năm {facts.year} đã được chấp nhận.", ground
    return Verdict.WARN, f"Chưa có báo cáo năm {facts.year} được chấp nhận.", ground


def _authority(facts: Facts) -> Answer:
    if facts.authority is None:
        said = f"Ngày {format_day(facts.day)} danh mục không có người có thẩm quyền quyết định {facts.form}."
        return Verdict.WARN, said, None
    if not facts.authority.verified:
        return Verdict.CHECK, f"Chưa đối chiếu văn bản: ai quyết định {facts.form}.", facts.authority
    return Verdict.PASS, f"{facts.authority.words} quyết định.", facts.authority


@dataclass(frozen=True)
class Rule:
    code: RuleCode
    hard: bool
    answer: Callable[[Facts], Answer | None]


RULES = (
    Rule(RuleCode.RECIPIENT, True, _recipient),
    Rule(RuleCode.ROUND, True, _round),
    Rule(RuleCode.ACHIEVEMENT, True, _achievement),
    Rule(RuleCode.DUPLICATE, True, _duplicate),
    Rule(RuleCode.REPORT, False, _report),
    Rule(RuleCode.AUTHORITY, False, _authority),
)


def judge(facts: Facts) -> list[Finding]:
    """One finding for each rule that concerns the nomination, in the order of `RULES`."""
    answers = ((rule, rule.answer(facts)) for rule in RULES)
    return [_finding(rule, *answer) for rule, answer in answers if answer]


def _finding(rule: Rule, verdict: Verdict, sentence: str, ground: Ground | None) -> Finding:
    if verdict == Verdict.PASS and not (ground and ground.verified):
        verdict = Verdict.CHECK
    return Finding(rule.code, verdict, sentence, ground, rule.hard)


def _moment(moment: datetime) -> str:
    return f"{clock.local(moment):%H:%M ngày %d/%m/%Y}"
