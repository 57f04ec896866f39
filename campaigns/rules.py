"""Who may keep the movement, inspect, and answer to an inspection."""

import rules

from units.models import Duty, UnitKind
from units.rules import belongs_to_unit_of, is_head_of, is_standing_office

rules.add_perm("campaigns.edit_campaign", is_standing_office)
rules.add_perm("campaigns.edit_period", is_standing_office)


@rules.predicate
def leads_a_sector(user):
    return bool(user.led_sectors)


@rules.predicate
def supervises(user):
    """Thanh tra by its office; the Front and the unions by plan III.1.2."""
    unions = any(post.unit.kind == UnitKind.UNION and post.unit_id in user.unit_ids for post in user.posts)
    return unions or (Duty.INSPECTION, "") in user.duties


@rules.predicate
def leads_inspection(user, inspection):
    return inspection is not None and inspection.led_by_id in user.unit_ids


@rules.predicate
def leads_inspection_of(user, finding):
    return finding is not None and finding.inspection.led_by_id in user.unit_ids


rules.add_perm("campaigns.inspect", is_standing_office | leads_a_sector | supervises)
rules.add_perm("campaigns.lead_inspection", leads_inspection)
rules.add_perm("campaigns.answer_finding", belongs_to_unit_of)
rules.add_perm("campaigns.follow_finding", leads_inspection_of)


@rules.predicate
def asked_it(user, extension):
    """Nobody grants what they asked for themselves; Phòng Nội vụ reports too."""
    return extension is not None and extension.asked_by_id == user.pk


rules.add_perm("campaigns.ask_extension", belongs_to_unit_of)  # of a unit
rules.add_perm("campaigns.see_extensions", is_standing_office)
rules.add_perm("campaigns.answer_extension", is_standing_office & ~asked_it)
rules.add_perm("campaigns.excuse", is_standing_office)

rules.add_perm("campaigns.edit_registration", belongs_to_unit_of)  # of a unit, or of its registration
rules.add_perm("campaigns.submit_registration", is_head_of)
rules.add_perm("campaigns.see_registrations", is_standing_office)


@rules.predicate
def leads_sector_of(user, criterion):
    return criterion is not None and criterion.sector.code in user.led_sectors


@rules.predicate
def is_routed_to(user, question):
    """A question goes to the lead of its sector; to the standing office when nobody led it."""
    if question is None:
        return False
    return question.sector in user.led_sectors if question.sector else user.is_standing_office


rules.add_perm("campaigns.open_guidance", leads_a_sector)
rules.add_perm("campaigns.give_guidance", leads_sector_of)  # on a criterion
rules.add_perm("campaigns.ask_question", belongs_to_unit_of)  # for a unit
rules.add_perm("campaigns.answer_question", is_routed_to)
