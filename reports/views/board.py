"""The board of who has reported and who has not."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from campaigns.models import Period
from phongtho_thidua.lib import clock
from reports.selectors import board as boards
from units.access import needs
from units.models import UnitKind

PAGE = 60  # the units of one district on one page
for_standing_office = needs("reports.see_board", "Chỉ Phòng Nội vụ xem được tiến độ và hàng đợi của mọi đơn vị.")


@for_standing_office
def current_board(request):
    period = boards.current_period()
    if period is None:
        raise Http404
    return redirect("reports:board", period.year)


@for_standing_office
def board(request, year):
    period = get_object_or_404(Period.objects.visible_to(request.user), year=year)
    shown = boards.board_of(period)
    wanted = {
        "kind": request.GET.get("loai", ""),
        "standing": request.GET.get("trang-thai", ""),
        "query": request.GET.get("tim", ""),
    }
    context = wanted | {
        "board": shown,
        "page": Paginator(boards.narrowed(shown.rows, **wanted), PAGE).get_page(request.GET.get("trang")),
        "kinds": UnitKind.choices,
        "standings": boards.LABELS.items(),
        "periods": Period.objects.visible_to(request.user).filter(opens_at__lte=clock.now()),
    }
    return render(request, "reports/board.html", context)
