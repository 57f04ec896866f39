import rules

from units.rules import is_standing_office

rules.add_perm("criteria.edit_criteria", is_standing_office)
