"""Who may write, hand in, review and consolidate."""

import rules

from phongtho_thidua.lib import clock
from reports.models import RemarkState
from units.models import ClusterRole, Duty, Mandate, Role, User
from units.rules import belongs_to_unit_of, is_head_of, is_standing_office


@rules.predicate
def is_open(user, report):
    return report is not None and report.is_open


@rules.predicate
def had_a_hand_in_it(user, report):
    """Nobody reviews what they prepared, wrote an answer of, entered or handed in; Phòng Nội vụ reports too."""
    return report is not None and user.pk in report.makers


@rules.predicate
def is_handed_in(user, report):
    return report is not None and report.is_handed_in


@rules.predicate
def is_entered_from_paper(user, report):
    return report is not None and report.entered_by_id is not None


@rules.predicate
def has_head_with_account(user, report):
    return report is not None and User.objects.acting_for(report.unit_id, Role.HEAD).exists()


@rules.predicate
def was_never_returned(user, report):
    return report is not None and not report.remark_states


@rules.predicate
def waits_for_another_look(user, report):
    return report is not None and RemarkState.ANSWERED in report.remark_states


@rules.predicate
def leads_a_sector(user, report):
    """Of another's report; which answers are of the sector, `follow_remark` asks of each remark."""
    return report is not None and bool(user.led_sectors) and report.unit_id not in user.unit_ids


@rules.predicate
def is_asked_of_head(user, remark):
    return is_head_of(user, remark.report)


@rules.predicate
def asked_or_stands_for_asker(user, remark):
    """The lead of the remark's sector, the standing office for its own; also for a lead that reports itself."""
    report = remark.report
    if remark.sector in user.led_sectors and report.unit_id not in user.unit_ids:
        return True
    if not user.is_standing_office or user.pk in report.makers:
        return False
    return not remark.sector or _leads(report.unit_id, remark.sector)


def _leads(unit_id, sector) -> bool:
    led = Mandate.objects.on(clock.today()).filter(duty=Duty.SECTOR_LEAD, sector=sector)
    return led.filter(unit=unit_id).exists()


@rules.predicate
def reviews_its_report(user, attached):
    """For what hangs on a report: a remark, a request to take it back."""
    return user.is_standing_office and user.pk not in attached.report.makers


@rules.predicate
def verifies(user, row):
    """The lead of its sector, never of its own unit; what a lead reports itself is the standing office's to verify."""
    report = row.figure.report
    if report.unit_id in user.unit_ids:
        return False
    if row.sector in user.led_sectors:
        return True
    stands_in = user.is_standing_office and user.pk not in report.makers
    return stands_in and _leads(report.unit_id, row.sector)


@rules.predicate
def leads_some_sector(user):
    return bool(user.led_sectors)


@rules.predicate
def recognises(user, figure):
    """Phòng Nội vụ sets a value of its own only for others' figures, and not for one it had a hand in."""
    report = figure.report
    return user.is_standing_office and report.unit_id not in user.unit_ids and user.pk not in report.makers


@rules.predicate
def belongs_to_cluster_lead(user, obj):
    return obj is not None and any(
        role == ClusterRole.LEAD and cluster == obj.cluster_id for role, cluster, _ in user.cluster_posts
    )


@rules.predicate
def is_head_of_cluster_lead(user, obj):
    return any(
        role == ClusterRole.LEAD and cluster == obj.cluster_id and user.holds(Role.HEAD, unit)
        for role, cluster, unit in user.cluster_posts
    )


@rules.predicate
def checks_points_of(user, seat):
    """The lead checks its members; the deputy or Phòng Nội vụ checks the lead; nobody checks their own unit."""
    if seat.unit_id in user.unit_ids:
        return False
    if seat.lead_id not in (None, seat.unit_id):
        return seat.lead_id in user.unit_ids
    return seat.deputy_id in user.unit_ids or user.is_standing_office


@rules.predicate
def recognises_points_of(user, seat):
    """Phòng Nội vụ; for its own points the lead or deputy of the cluster."""
    if seat.unit_id in user.unit_ids:
        return False
    if seat.unit_id != seat.office_id:
        return user.is_standing_office
    return not user.unit_ids.isdisjoint({seat.lead_id, seat.deputy_id})


# A report that is being written is the unit's own: until it is handed in, Phòng Nội vụ sees only that it exists.
rules.add_perm(
    "reports.read_report", belongs_to_unit_of | (is_standing_office & (is_handed_in | is_entered_from_paper))
)
rules.add_perm("reports.keep_evidence", belongs_to_unit_of)  # of a unit, or one of its pieces
rules.add_perm("reports.start_report", belongs_to_unit_of)  # of a unit
rules.add_perm("reports.enter_from_paper", is_standing_office)
rules.add_perm("reports.edit_report", (belongs_to_unit_of | (is_standing_office & is_entered_from_paper)) & is_open)
rules.add_perm("reports.submit_report", is_head_of)
rules.add_perm("reports.submit_paper", is_standing_office & is_entered_from_paper & ~has_head_with_account)
rules.add_perm("reports.withdraw_report", is_head_of & was_never_returned)
rules.add_perm("reports.withdraw_correction", is_head_of & waits_for_another_look)
rules.add_perm("reports.review_report", is_standing_office & ~had_a_hand_in_it)
rules.add_perm("reports.return_report", leads_a_sector | is_standing_office & ~had_a_hand_in_it)
rules.add_perm("reports.answer_remark", is_asked_of_head)  # of a remark
rules.add_perm("reports.follow_remark", asked_or_stands_for_asker)  # of a remark
rules.add_perm("reports.release_remark", reviews_its_report)  # of a remark
rules.add_perm("reports.answer_withdrawal", reviews_its_report)  # of a request
rules.add_perm("reports.see_board", is_standing_office)
rules.add_perm("reports.order_summary", is_standing_office)
rules.add_perm("reports.verify_figure", verifies)  # of a verification
rules.add_perm("reports.see_matrix", leads_some_sector | is_standing_office)
rules.add_perm("reports.recognise_figure", recognises)
rules.add_perm("reports.write_cluster_report", belongs_to_cluster_lead)  # of a report, or of who stands for a cluster
rules.add_perm("reports.submit_cluster_report", is_head_of_cluster_lead)
rules.add_perm("reports.return_cluster_report", is_standing_office)
rules.add_perm("reports.set_score_items", is_standing_office | belongs_to_cluster_lead)  # of a score sheet
rules.add_perm("reports.claim_points", belongs_to_unit_of)  # of a seat at a score sheet, like the next two
rules.add_perm("reports.verify_points", checks_points_of)
rules.add_perm("reports.recognise_points", recognises_points_of)
rules.add_perm("reports.rank_cluster", is_standing_office)
