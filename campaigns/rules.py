import rules

from units.rules import is_standing_office

rules.add_perm("campaigns.edit_campaign", is_standing_office)
rules.add_perm("campaigns.edit_period", is_standing_office)
