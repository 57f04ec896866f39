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
rules.add_perm("units.enter_person", belongs_to_unit_of)
rules.add_perm("units.manage_accounts", is_admin)
