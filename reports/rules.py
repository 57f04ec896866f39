"""Who may write, hand in, review and consolidate."""

import rules

from units.rules import belongs_to_unit_of, is_head_of, is_standing_office


@rules.predicate
def is_open(user, report):
    return report is not None and report.is_open


@rules.predicate
def had_a_hand_in_it(user, report):
    """Nobody reviews what they prepared or handed in themselves; Phòng Nội vụ reports too."""
    return report is not None and user.pk in (report.prepared_by_id, report.submitted_by_id)


@rules.predicate
def is_handed_in(user, report):
    return report is not None and report.is_handed_in


# A report that is being written is the unit's own: until it is handed in, Phòng Nội vụ sees only that it exists.
rules.add_perm("reports.read_report", belongs_to_unit_of | (is_standing_office & is_handed_in))
rules.add_perm("reports.start_report", belongs_to_unit_of)  # of a unit
rules.add_perm("reports.edit_report", belongs_to_unit_of & is_open)
rules.add_perm("reports.submit_report", is_head_of)
rules.add_perm("reports.review_report", is_standing_office & ~had_a_hand_in_it)
rules.add_perm("reports.see_board", is_standing_office)
rules.add_perm("reports.order_summary", is_standing_office)
