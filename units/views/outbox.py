"""Hộp chờ gửi: which letters wait, how many go to whom, and the two ways to settle them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from phongtho_thidua.lib.tones import Tone
from phongtho_thidua.lib.workflow import choices
from units import audit
from units.access import needs, signed_in
from units.models import Mailing, MailingState
from units.services import outbox as deeds
from units.workflow import MAILING_STEPS

PAGE = 50
TONES = {MailingState.WAITING: Tone.WAIT, MailingState.SENT: Tone.DONE, MailingState.DROPPED: Tone.IDLE}
DEEDS = {"send": deeds.send_mailing, "drop": deeds.drop_mailing}


@needs("units.see_outbox", deeds.ONLY_OFFICES)
def outbox(request):
    rows = Mailing.objects.visible_to(request.user).select_related("prepared_by", "settled_by")
    rows = rows.annotate(letters_count=Count("letters"), units_count=Count("letters__unit", distinct=True))
    settled = Paginator(rows.exclude(state=MailingState.WAITING).order_by("-settled_at", "-pk"), PAGE).get_page(
        request.GET.get("trang")
    )
    for row in settled:
        row.tone = TONES[row.state]
    context = {"waiting": rows.waiting().order_by("prepared_at"), "page": settled}
    return render(request, "units/outbox.html", context)


@signed_in
def mailing(request, pk):
    rows = Mailing.objects.visible_to(request.user).select_related("office", "prepared_by", "settled_by")
    row = get_object_or_404(rows, pk=pk)
    letters = list(row.letters.select_related("recipient", "unit"))
    context = {
        "mailing": row,
        "tone": TONES[row.state],
        "letters": letters,
        "units_count": len({letter.unit_id for letter in letters}),
        "choices": choices(MAILING_STEPS, row, request.user),
        "history": audit.history_of(row),
    }
    return render(request, "units/mailing.html", context)


@signed_in
@require_POST
def settle_mailing(request, pk):
    row = get_object_or_404(Mailing.objects.visible_to(request.user), pk=pk)
    name, version = request.POST.get("step", ""), request.POST.get("version", "")
    if name not in DEEDS:
        raise Http404
    seen = int(version) if version.isdecimal() and version.isascii() else None
    done = DEEDS[name](mailing=row, by=request.user, version=seen)
    messages.info(request, _told(row, done))
    return redirect(row)


def _told(before, done) -> str:
    if done.state == MailingState.DROPPED:
        return "Đã bỏ đợt thư. Chưa có thư nào được gửi."
    dropped = len(done.left_out) - len(before.left_out)
    told = f"Đã gửi {done.letters.count()} thư."
    return f"{told} {dropped} thư không gửi vì không còn cần, xem lý do bên dưới." if dropped else told
