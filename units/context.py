"""What every page shows around its content."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from phongtho_thidua.lib import clock, navigation

from .models import Notification, User

UNREAD = "units:notifications"
TOP_ENTRIES = 4  # the bottom bar of a phone has room for four and "Thêm"


@dataclass(frozen=True)
class RailItem:
    url: str
    label: str
    short: str
    icon: str
    count: int | None
    current: bool
    top: bool


def page(request) -> dict:
    """Context processor. The rail and its counts are made only when a template asks for them."""
    user = getattr(request, "user", None)
    common = {"now": clock.now(), "sample_clock": settings.SAMPLE_DATE is not None, "sample": _shows_samples(user)}
    if user is None or not user.is_authenticated:
        return common | {"theme": "auto"}
    return common | {
        "theme": user.theme,
        "who": {"name": user.full_name, "role_line": "; ".join(str(post) for post in user.posts)},
        "unread": lambda: _counts(request)[UNREAD],
        "rail": lambda: rail(request),
    }


def rail(request) -> list[RailItem]:
    counts, entries = _counts(request), navigation.entries_for(request.user)
    claimed = next((entry for entry in entries if entry.holds and entry.holds(request)), None)
    return [
        RailItem(
            url=(url := reverse(entry.url_name)),
            label=entry.label,
            short=entry.short,
            icon=entry.icon,
            count=counts.get(entry.url_name),
            current=entry is claimed if claimed else request.path.startswith(url),
            top=place < TOP_ENTRIES,
        )
        for place, entry in enumerate(entries)
    ]


def _counts(request) -> dict[str, int]:
    """The number at the bell and those of the rail: one query, asked when the first of them is drawn."""
    if not hasattr(request, "shown_counts"):
        user = request.user
        asked = {one.url_name: one.waiting(user) for one in navigation.entries_for(user) if one.waiting}
        request.shown_counts = navigation.counted({UNREAD: Notification.objects.visible_to(user).unread(), **asked})
    return request.shown_counts


def _shows_samples(user) -> bool:
    """A demonstration is full of samples; elsewhere they can only come from a sample account."""
    if settings.SAMPLE_DATE is not None:
        return True
    return bool(user and user.is_authenticated and isinstance(user, User) and user.is_sample)
