"""The queue of reports handed in, where Phòng Nội vụ takes them up one after the other."""

from django.core.paginator import Paginator
from django.shortcuts import render

from reports.selectors.queue import queue_rows
from reports.views.board import PAGE, for_standing_office
from units.models import UnitKind


@for_standing_office
def queue(request):
    kind = request.GET.get("loai", "")
    page = Paginator(queue_rows(request.user, kind), PAGE).get_page(request.GET.get("trang"))
    context = {"page": page, "kinds": UnitKind.choices, "kind": kind}
    return render(request, "reports/queue.html", context)
