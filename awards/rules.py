"""Who may nominate, submit, judge, and set the times of a round."""

import rules

from units.rules import belongs_to_unit_of, is_head_of, is_standing_office


@rules.predicate
def is_open(user, nomination):
    return nomination is not None and nomination.is_open


@rules.predicate
def round_is_open(user, nomination):
    """What is taken back after the round has closed could never be submitted again."""
    return nomination is not None and nomination.round.is_open


@rules.predicate
def was_never_submitted(user, nomination):
    return nomination is not None and not nomination.was_submitted


@rules.predicate
def had_a_hand_in_it(user, nomination):
    """Nobody judges what they wrote in or submitted themselves; Phòng Nội vụ nominates too."""
    if nomination is None:
        return False
    return user.pk in (nomination.submitted_by_id, *(writer.pk for writer in nomination.writers.all()))


rules.add_perm("awards.open_nomination", belongs_to_unit_of)
rules.add_perm("awards.edit_nomination", belongs_to_unit_of & is_open)
rules.add_perm("awards.discard_nomination", belongs_to_unit_of & is_open & was_never_submitted)
rules.add_perm("awards.submit_nomination", is_head_of)
rules.add_perm("awards.withdraw_nomination", is_head_of & round_is_open)
rules.add_perm("awards.see_queue", is_standing_office)
rules.add_perm("awards.review_nomination", is_standing_office & ~had_a_hand_in_it)
rules.add_perm("awards.edit_round", is_standing_office)
