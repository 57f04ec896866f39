"""The queue of reports handed in, where Phòng Nội vụ takes them up one after the other."""

from django.shortcuts import render

from phongtho_thidua.lib import clock
from reports.selectors.queue import queue_for
from reports.views.board import for_standing_office
from units.models import UnitKind


@for_standing_office
def queue(request):
    kind = request.GET.get("loai", "")
    rows = list(queue_for(request.user, kind))
    context = {"rows": rows, "kinds": UnitKind.choices, "kind": kind, "today": clock.today()}
    return render(request, "reports/queue.html", context)
