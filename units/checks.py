"""System check: a view without a declared access does not start."""

from django.core.checks import Error, register
from django.urls import URLPattern, URLResolver, get_resolver


@register()
def every_view_declares_its_access(app_configs, **kwargs):
    return [
        Error(f"{name} declares no access", hint="Decorate it with units.access.", id="units.E001")
        for name, pattern in all_patterns(get_resolver())
        if not hasattr(pattern.callback, "access")
    ]


def all_patterns(resolver: URLResolver, namespace=""):
    """(full url name, pattern) of every address of the site."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", entry
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from all_patterns(entry, inner)
