"""What every page shows around its content."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from phongtho_thidua.lib import clock, navigation

from .models import Notification, User

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
        "unread": Notification.objects.visible_to(user).unread().count,
        "rail": lambda: rail(request),
    }


def rail(request) -> list[RailItem]:
    items = []
    for place, entry in enumerate(navigation.entries_for(request.user)):
        url = reverse(entry.url_name)
        count = entry.count(request.user) if entry.count else None
        items.append(
            RailItem(
                url=url,
                label=entry.label,
                short=entry.short,
                icon=entry.icon,
                count=count,
                current=request.path.startswith(url),
                top=place < TOP_ENTRIES,
            )
        )
    return items


def _shows_samples(user) -> bool:
    """A demonstration is full of samples; elsewhere they can only come from a sample account."""
    if settings.SAMPLE_DATE is not None:
        return True
    return bool(user and user.is_authenticated and isinstance(user, User) and user.is_sample)
