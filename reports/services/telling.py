"""Who hears of what happened to a report."""

from units import notify
from units.models import Duty, Role, User


def tell_unit(report, *, by, kind: str, text: str) -> None:
    """The officers and heads of the unit, but not whoever did it."""
    people = User.objects.acting_for(report.unit, Role.OFFICER, Role.HEAD).exclude(pk=by.pk)
    notify.tell(people, kind=kind, text=text, url=report.get_absolute_url())


def tell_standing_office(report, *, by, kind: str, text: str) -> None:
    people = User.objects.holding(Duty.STANDING_OFFICE).exclude(pk=by.pk)
    notify.tell(people, kind=kind, text=text, url=report.get_absolute_url())
