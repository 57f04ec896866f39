from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from campaigns.forms import PeriodDatesForm
from campaigns.models import Campaign, Extension, Period, Phase
from campaigns.selectors.leeway import expected_units, period_rows
from campaigns.services import periods as services
from units import audit
from units.access import needs, signed_in


@signed_in
def detail(request):
    phases = Prefetch("phases", Phase.objects.prefetch_related("milestones"))
    campaign = Campaign.objects.visible_to(request.user).prefetch_related(phases, "contents").first()
    return render(request, "campaigns/detail.html", {"campaign": campaign})


@signed_in
def periods(request):
    rows = Period.objects.visible_to(request.user).select_related("phase")
    context = {
        "rows": period_rows(rows),
        "may_edit": request.user.has_perm("campaigns.edit_period"),
        "may_ask": bool(request.user.unit_ids),
        "waiting": Extension.objects.visible_to(request.user).waiting().count(),
    }
    return render(request, "campaigns/periods.html", context)


@needs("campaigns.edit_period", services.ONLY_STANDING_OFFICE)
@require_http_methods(["GET", "POST"])
def edit_period(request, pk):
    period = get_object_or_404(Period.objects.visible_to(request.user), pk=pk)
    times = {name: getattr(period, name) for name in PeriodDatesForm.base_fields}
    form = PeriodDatesForm(request.POST or None, initial=times)
    if form.is_valid():
        try:
            services.set_period_dates(period=period, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, f"Đã lưu thời hạn của kỳ báo cáo năm {period.year}.")
            return redirect(period)
    context = {"row": period_rows([period])[0], "form": form, "history": audit.history_of(period)}
    context |= {"told": services.people_told(period).count(), "expected": expected_units(period).count()}
    return render(request, "campaigns/period_form.html", context, status=422 if form.errors else 200)
