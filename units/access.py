"""Every view says who may come in; `units.checks` stops the start when one does not.

`public` needs no account, `signed_in` any account (the rows behind it go through `visible_to`), `needs(perm)` a
permission that does not depend on an object. What depends on one is asked by the deed itself.
"""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied


def public(view):
    view = login_not_required(view)
    view.access = "public"
    return view


def signed_in(view):
    view.access = "signed_in"
    return view


def needs(perm: str, who: str):
    """Only for holders of `perm`; `who` is the sentence that tells the others whom to ask."""

    def declare(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.has_perm(perm):
                raise PermissionDenied(who)
            return view(request, *args, **kwargs)

        guarded.access = perm
        return guarded

    return declare
