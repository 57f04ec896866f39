"""A report over time: what was handed in, what changed between two editions, and the whole story in sentences."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render

from reports.selectors.changes import changes_between
from reports.selectors.timeline import timeline_of
from reports.views.annual import readable
from units.access import signed_in

PAGE = 50


@signed_in
def editions(request, pk):
    row = readable(request, pk)
    versions = row.versions.select_related("submitted_by").defer("data")
    return render(request, "reports/editions.html", {"report": row, "versions": versions})


@signed_in
def compare(request, pk):
    """`tu` and `den` name two editions; without them the newest beside the one before."""
    row = readable(request, pk)
    versions = {version.edition: version for version in row.versions.select_related("submitted_by")}
    newest = max(versions, default=0)
    old, new = (_edition(request, name, usual, versions) for name, usual in (("tu", newest - 1), ("den", newest)))
    sides = (("tu", "Từ", old.edition), ("den", "đến", new.edition))
    context = {"report": row, "versions": versions.values(), "sides": sides, "old": old, "new": new}
    return render(request, "reports/compare.html", context | {"changes": changes_between(row, old, new)})


def _edition(request, name, usual, versions):
    text = request.GET.get(name, str(usual))
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number not in versions:
        raise Http404
    return versions[number]


@signed_in
def timeline(request, pk):
    row = readable(request, pk)
    page = Paginator(timeline_of(row), PAGE).get_page(request.GET.get("trang"))
    return render(request, "reports/timeline.html", {"report": row, "page": page})
