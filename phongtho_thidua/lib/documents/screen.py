"""The screen face: the same blocks as a part of a page, every figure a link to where it comes from."""

from collections.abc import Callable

from django.utils.safestring import SafeString

from phongtho_thidua.lib.documents.markup import Face, draw
from phongtho_thidua.lib.documents.model import Document, numbered


def render_html(
    document: Document, provenance_url: Callable[[str], str] | str | None = None, current: str = ""
) -> SafeString:
    """The document as an `<article>`; its headings start at h2.

    A figure with a `ref` links to `provenance_url(ref)`, or to that prefix followed by the ref, or to `#ref` without
    one. `current` is the ref whose provenance the page shows: its figures are marked `aria-current`.
    """
    face = Face(on_paper=False, link=_link(provenance_url), current=current)
    return draw("screen.html", numbered(document), face)


def _link(provenance_url: Callable[[str], str] | str | None) -> Callable[[str], str]:
    if callable(provenance_url):
        return provenance_url
    prefix = "#" if provenance_url is None else provenance_url
    return lambda ref: prefix + ref
