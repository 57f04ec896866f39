"""Answers when something is refused or broken: what happened, what is safe, what to do."""

import logging
import secrets

from django.shortcuts import render

from units.access import public

logger = logging.getLogger("phongtho_thidua.errors")


@public
def bad_request(request, exception=None):
    return render(request, "errors/400.html", status=400)


@public
def forbidden(request, exception=None):
    return render(request, "errors/403.html", {"reason": str(exception or "")}, status=403)


@public
def not_found(request, exception=None):
    return render(request, "errors/404.html", status=404)


@public
def server_error(request):
    """The code shown leads to the line in the log; nothing else of the error leaves the server."""
    code = f"L-{secrets.token_hex(3).upper()}"
    logger.error("incident %s at %s", code, request.path)
    return render(request, "errors/500.html", {"code": code}, status=500)


@public
def csrf_failure(request, reason=""):
    return render(request, "errors/csrf.html", status=403)
