"""Predicates on (user, object) that every app builds on, and what concerns the registry and accounts."""

import rules

from .models import Role


def _unit_id(obj):
    """The unit an object belongs to: its own id for a unit, `unit_id` for everything else."""
    return getattr(obj, "unit_id", None) or obj.pk


@rules.predicate
def is_officer_of(user, obj):
    return obj is not None and user.holds(Role.OFFICER, _unit_id(obj))


@rules.predicate
def is_head_of(user, obj):
    return obj is not None and user.holds(Role.HEAD, _unit_id(obj))


@rules.predicate
def is_standing_office(user):
    return user.is_standing_office


@rules.predicate
def is_admin(user):
    return user.is_admin


belongs_to_unit_of = is_officer_of | is_head_of

rules.add_perm("units.edit_registry", is_standing_office)
rules.add_perm("units.edit_clusters", is_standing_office)
rules.add_perm("units.enter_person", belongs_to_unit_of)
rules.add_perm("units.attach_file", belongs_to_unit_of | is_standing_office)  # to a unit
rules.add_perm("units.manage_accounts", is_admin)


@rules.predicate
def has_mailings(user):
    """Whose office writes to many units: the standing office, and the lead of a sector."""
    return user.is_standing_office or bool(user.led_sectors)


@rules.predicate
def belongs_to_office_of(user, mailing):
    return mailing is not None and mailing.office_id in user.unit_ids


rules.add_perm("units.see_outbox", has_mailings)
rules.add_perm("units.send_mailing", has_mailings & (belongs_to_office_of | is_standing_office))
