"""The board of who has reported and who has not, and what is prepared from it: letters, a paper, a workbook."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from campaigns.models import Holiday, Period
from campaigns.selectors.leeway import time_left
from phongtho_thidua.lib import clock
from phongtho_thidua.lib.documents import docx, pdf, xlsx
from phongtho_thidua.lib.workflow import StepRefused
from reports.documents import reminder as papers
from reports.models import Face
from reports.selectors import board as boards
from reports.services import reminders as deeds
from reports.views.files import attachment
from units.access import needs
from units.models import UnitKind

PAGE = 60  # the units of one district on one page
RENDERERS = {Face.PDF.value: pdf.render, Face.DOCX.value: docx.render}
for_standing_office = needs("reports.see_board", "Chỉ Phòng Nội vụ xem được tiến độ và hàng đợi của mọi đơn vị.")


@for_standing_office
def current_board(request):
    period = boards.current_period()
    if period is None:
        raise Http404
    return redirect("reports:board", period.year)


@for_standing_office
def board(request, year):
    return _page(request, _period(request, year))


def _period(request, year) -> Period:
    return get_object_or_404(Period.objects.visible_to(request.user).select_related("campaign"), year=year)


def _wanted(request) -> dict:
    names = {"kind": "loai", "standing": "trang-thai", "query": "tim", "cluster": "khoi"}
    return {name: request.GET.get(parameter, "") for name, parameter in names.items()}


def _page(request, period, *, chosen=frozenset(), refusal=None):
    shown, wanted = boards.board_of(period), _wanted(request)
    context = wanted | {
        "board": shown,
        "left": time_left(period.due_at, Holiday.objects.days()),
        "page": Paginator(boards.narrowed(shown.rows, **wanted), PAGE).get_page(request.GET.get("trang")),
        "kinds": UnitKind.choices,
        "standings": boards.LABELS.items(),
        "columns": boards.PUNCTUALITIES,
        "mailings": boards.waiting_mailings(period),
        "overdue": len(papers.urged(shown)),
        "periods": Period.objects.visible_to(request.user).filter(opens_at__lte=clock.now()),
        "chosen": chosen,
        "refusal": refusal,
    }
    return render(request, "reports/board.html", context, status=409 if refusal else 200)


@for_standing_office
@require_POST
def prepare_reminder(request, year):
    """To the units that were ticked, or to everybody overdue when none was; what was ticked stays ticked."""
    period, chosen = _period(request, year), _chosen(request.POST)
    try:
        mailing = deeds.prepare_reminder(period=period, units=chosen or None, by=request.user)
    except StepRefused as refusal:
        return _page(request, period, chosen=chosen, refusal=refusal)
    return redirect(mailing)


def _chosen(data) -> frozenset[int]:
    return frozenset(int(pk) for pk in data.getlist("don-vi") if pk.isascii() and pk.isdecimal() and len(pk) < 10)


@for_standing_office
def reminder_letter(request, year, face):
    period = _period(request, year)
    if face not in RENDERERS:
        raise Http404
    shown = boards.board_of(period)
    rows = papers.urged(shown, _chosen(request.GET))
    if not rows:
        raise StepRefused("Không có đơn vị nào quá hạn. Chọn đơn vị chưa nộp trên bảng tiến độ rồi tải lại.")
    content = RENDERERS[face](papers.reminder_letter(shown, rows))
    return attachment(content, f"Công văn đôn đốc báo cáo năm {year}", Face(face))


@for_standing_office
def board_workbook(request, year):
    """The rows that the filter of the page leaves, all pages of them."""
    shown = boards.board_of(_period(request, year))
    rows = boards.narrowed(shown.rows, **_wanted(request))
    return attachment(xlsx.render(papers.board_table(shown, rows)), f"Tiến độ nộp báo cáo năm {year}", Face.XLSX)
