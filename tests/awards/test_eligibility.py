"""Each rule gives pass, warn, fail or "cần kiểm tra" with what it rests on; hard ones block."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from awards.eligibility import Facts, Ground, Verdict, judge
from awards.models import RuleCode
from phongtho_thidua.lib.clock import VIETNAM

LAW = Ground("Luật, Điều 75", verified=True)
HEARSAY = Ground("Nghe nói", verified=False)
OPENS = datetime(2024, 11, 15, tzinfo=VIETNAM)
CLOSES = datetime(2024, 12, 31, 17, tzinfo=VIETNAM)
NOW = datetime(2024, 12, 2, 9, tzinfo=VIETNAM)

GOOD = Facts(
    day=date(2024, 12, 2),
    form="Giấy khen",
    kind="Cá nhân",
    recipient=LAW,
    authority=Ground("Luật, Điều 80", verified=True, words="Chủ tịch UBND huyện"),
    clauses={RuleCode.ACHIEVEMENT: LAW, RuleCode.DUPLICATE: LAW, RuleCode.REPORT: LAW},
    round_source="Kế hoạch, mục III.2.1",
    opens_at=OPENS,
    closes_at=CLOSES,
    now=NOW,
    received_at=None,
    achievement_length=50,
    same_again=False,
    other_forms=(),
    look_alikes=(),
    report_accepted=True,
    year=2024,
)


def found(rule, **changes):
    return next(finding for finding in judge(replace(GOOD, **changes)) if finding.rule == rule)


def test_everything_in_order_passes_every_rule_with_its_source():
    assert [(one.rule, one.verdict, one.ground is not None) for one in judge(GOOD)] == [
        (code, Verdict.PASS, True) for code in RuleCode
    ]


@pytest.mark.parametrize(
    ("rule", "changes", "verdict", "blocks"),
    [
        ("recipient", {"recipient": None}, "fail", True),
        ("recipient", {"recipient": HEARSAY}, "check", False),
        ("round", {"now": OPENS - timedelta(seconds=1)}, "fail", True),
        ("round", {"now": OPENS}, "pass", False),
        ("round", {"now": CLOSES - timedelta(seconds=1)}, "pass", False),
        ("round", {"now": CLOSES}, "fail", True),
        ("round", {"now": CLOSES, "received_at": NOW}, "pass", False),
        ("achievement", {"achievement_length": 0}, "fail", True),
        ("achievement", {"achievement_length": 49}, "fail", True),
        ("duplicate", {"same_again": True}, "fail", True),
        ("duplicate", {"same_again": True, "other_forms": ("Bằng khen",)}, "fail", True),
        ("duplicate", {"other_forms": ("Bằng khen",)}, "warn", False),
        ("duplicate", {"look_alikes": ("Lò Văn Páo, UBND xã Mường So",)}, "warn", False),
        ("report", {"report_accepted": False}, "warn", False),
        ("authority", {"authority": None}, "warn", False),
        ("authority", {"authority": HEARSAY}, "check", False),
    ],
)
def test_rule_gives_its_verdict_and_blocks_only_when_hard(rule, changes, verdict, blocks):
    finding = found(rule, **changes)
    assert (finding.verdict, finding.blocks) == (verdict, blocks)


@pytest.mark.parametrize("rule", ["achievement", "duplicate", "report"])
@pytest.mark.parametrize("ground", [None, HEARSAY])
def test_rule_without_a_checked_clause_never_passes(rule, ground):
    clauses = {rule: ground} if ground else {}
    assert found(rule, clauses=clauses).verdict == Verdict.CHECK


def test_rule_without_a_clause_still_fails_what_is_wrong():
    assert found("achievement", clauses={}, achievement_length=10).blocks


def test_report_rule_is_silent_where_no_report_is_asked_for():
    assert [one.rule for one in judge(replace(GOOD, report_accepted=None))] == [
        code for code in RuleCode if code != RuleCode.REPORT
    ]


def test_sentences_give_the_figures_they_rest_on():
    assert found("achievement", achievement_length=12).sentence == "Thành tích mới có 12 ký tự, cần ít nhất 50."
    assert found("round", now=CLOSES).sentence == "Đợt đã đóng lúc 17:00 ngày 31/12/2024."
    assert found("report", report_accepted=False).sentence == "Chưa có báo cáo năm 2024 được chấp nhận."
    assert found("recipient", recipient=None).sentence == (
        "Giấy khen không dành cho đối tượng “Cá nhân” theo danh mục ngày 02/12/2024."
    )


def test_sentences_do_not_claim_what_nobody_has_checked():
    law = Ground("Luật cũ", verified=False, words="Một thành tích chỉ khen một lần.")
    assert found("recipient", recipient=HEARSAY).sentence == (
        "Chưa đối chiếu văn bản: Giấy khen có dành cho đối tượng “Cá nhân” hay không."
    )
    authority = replace(HEARSAY, words="Chủ tịch nước")
    assert found("authority", authority=authority).sentence == "Chưa đối chiếu văn bản: ai quyết định Giấy khen."
    assert found("duplicate", clauses={"duplicate": law}, other_forms=("Bằng khen",)).sentence == (
        "Cùng đối tượng còn được đề nghị Bằng khen trong đợt này."
    )
