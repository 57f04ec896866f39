"""Telling people: a row in the app now, in the same transaction as the deed; other channels come from these rows."""

from .models import Notification


def tell(users, *, kind: str, text: str, url: str = "") -> None:
    """One notification for each of `users` (an iterable of accounts)."""
    Notification.objects.bulk_create([Notification(user=user, kind=kind, text=text, url=url) for user in users])
