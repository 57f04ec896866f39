"""Every state, every step, everybody: what moves, what is denied, what does not fit."""

import pytest
from django.core.exceptions import PermissionDenied

from awards.models import Nomination, NominationState
from awards.services.nominations import take_nomination_step
from awards.workflow import STEPS, TONES
from phongtho_thidua.lib.workflow import NoteMissing, StepRefused
from units import audit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

NOTE = "Đã đối chiếu hồ sơ với giấy xác nhận của bản."
WHO = ("officer", "head", "other_officer", "other_head", "reviewer", "chief", "lead", "admin", "nobody")
MAY = {
    "submit": {"head"},
    "withdraw": {"head"},
    "eligible": {"reviewer", "chief"},
    "return": {"reviewer", "chief"},
    "not_eligible": {"reviewer", "chief"},
    "reopen": {"reviewer", "chief"},
}
LEADS_TO = {
    ("draft", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("submitted", "withdraw"): "draft",
    ("submitted", "eligible"): "eligible",
    ("submitted", "return"): "returned",
    ("submitted", "not_eligible"): "not_eligible",
    ("eligible", "reopen"): "submitted",
    ("not_eligible", "reopen"): "submitted",
}


def test_matrix_names_every_step_and_every_state():
    assert set(MAY) == set(STEPS)
    assert {state for state, _ in LEADS_TO} == set(NominationState.values) == set(TONES)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("name", MAY)
@pytest.mark.parametrize("state", NominationState.values)
def test_step_moves_or_is_refused_without_a_trace(nominated, cast, state, name, who):
    row = nominated(state)
    target = LEADS_TO.get((state, name))
    if who in MAY[name] and target:
        moved = take_nomination_step(nomination=row, name=name, by=getattr(cast, who), note=NOTE)
        event = audit.history_of(row)[0]
        assert (moved.state, moved.version, event.action, event.old, event.new) == (target, 2, name, state, target)
        return
    with pytest.raises(StepRefused if who in MAY[name] else PermissionDenied):
        take_nomination_step(nomination=row, name=name, by=getattr(cast, who), note=NOTE)
    row.refresh_from_db()
    assert (row.state, row.version, audit.history_of(row)) == (state, 1, [])


@pytest.mark.parametrize("name", ["eligible", "return", "not_eligible"])
@pytest.mark.parametrize("note", ["", "   ", "thiếu giấy", "\x00" * 30])
def test_verdict_without_a_reason_is_refused(nominated, cast, name, note):
    row = nominated("submitted")
    with pytest.raises(NoteMissing):
        take_nomination_step(nomination=row, name=name, by=cast.reviewer, note=note)
    row.refresh_from_db()
    assert (row.state, row.review_note) == ("submitted", "")


@pytest.mark.parametrize("name", ["eligible", "return", "not_eligible"])
def test_verdict_is_signed_with_its_reason(nominated, cast, name):
    moved = take_nomination_step(nomination=nominated("submitted"), name=name, by=cast.reviewer, note=f" {NOTE} ")
    assert (moved.reviewed_by, moved.review_note) == (cast.reviewer, NOTE)
    assert moved.reviewed_at is not None


def test_reviewer_does_not_judge_what_they_submitted(nominated, cast):
    row = nominated("submitted", submitted_by=cast.chief)
    with pytest.raises(PermissionDenied):
        take_nomination_step(nomination=row, name="eligible", by=cast.chief, note=NOTE)
    assert Nomination.objects.reviewable_by(cast.chief).count() == 0
    assert Nomination.objects.reviewable_by(cast.reviewer).count() == 1


def test_reviewer_does_not_judge_what_they_ever_wrote_in(nominated, cast):
    """Neither the first nor the last writer: anybody in between has had a hand in it too."""
    row = nominated("submitted")
    row.writers.add(cast.reviewer, cast.other_officer)
    with pytest.raises(PermissionDenied):
        take_nomination_step(nomination=row, name="return", by=cast.reviewer, note=NOTE)
    assert Nomination.objects.reviewable_by(cast.reviewer).count() == 0
    assert Nomination.objects.reviewable_by(cast.chief).count() == 1


def test_submission_is_refused_on_a_page_left_open(nominated, cast):
    row = nominated("draft", version=4)
    with pytest.raises(StepRefused):
        take_nomination_step(nomination=row, name="submit", by=cast.head, version=3)


def test_withdrawing_is_refused_once_the_round_has_closed(nominated, cast, award_round, time_machine):
    row = nominated("submitted")
    time_machine.move_to(award_round.closes_at)
    with pytest.raises(PermissionDenied, match="khi đợt còn nhận đề nghị"):
        take_nomination_step(nomination=row, name="withdraw", by=cast.head)


def test_submitting_again_is_signed_anew_and_keeps_what_the_reviewer_said(nominated, cast):
    moved = take_nomination_step(nomination=nominated("returned"), name="submit", by=cast.head)
    assert (moved.submitted_by, moved.review_note) == (cast.head, "Cần bổ sung giấy xác nhận của bản.")
