"""The registry of units: everybody reads it, Phòng Nội vụ keeps it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from phongtho_thidua.lib.vietnamese import fold
from units import audit
from units.access import needs, signed_in
from units.forms import DissolveForm, RenameForm, UnitForm
from units.models import Unit, UnitKind
from units.services import registry
from units.views.pages import form_page

ONLY_STANDING_OFFICE = "Chỉ Phòng Nội vụ sửa danh sách đơn vị."


@signed_in
def units(request):
    kind, query = request.GET.get("loai", ""), request.GET.get("tim", "")
    rows = Unit.objects.visible_to(request.user).prefetch_related("codes", "mandates").in_order()
    if kind in UnitKind.values:
        rows = rows.filter(kind=kind)
    if query:
        rows = rows.filter(search_text__contains=fold(query))
    context = {"units": rows, "kinds": UnitKind.choices, "kind": kind, "query": query}
    return render(request, "units/units.html", context)


@signed_in
def unit(request, pk):
    row = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    return render(request, "units/unit.html", _page_of(row))


def _page_of(row, **extra):
    return {
        "unit": row,
        "names": row.names.all(),
        "codes": row.codes.all(),
        "mandates": row.mandates.all(),
        "history": audit.history_of(row),
        **extra,
    }


@needs("units.edit_registry", ONLY_STANDING_OFFICE)
@require_http_methods(["GET", "POST"])
def add_unit(request):
    form = UnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = form.attempt(registry.enter_unit, **form.cleaned_data, by=request.user)
        if row:
            messages.info(request, f"Đã thêm {row.name}.")
            return redirect(row)
    return form_page(request, form, "Thêm đơn vị", "Thêm vào danh bạ", reverse("units:units"), "Đơn vị")


@needs("units.edit_registry", ONLY_STANDING_OFFICE)
@require_http_methods(["GET", "POST"])
def rename_unit(request, pk):
    return _change(request, pk, RenameForm, registry.rename_unit, "Đổi tên đơn vị")


@needs("units.edit_registry", ONLY_STANDING_OFFICE)
@require_http_methods(["GET", "POST"])
def dissolve_unit(request, pk):
    return _change(request, pk, DissolveForm, registry.dissolve_unit, "Ghi giải thể đơn vị")


def _change(request, pk, form_class, deed, title):
    row = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    form = form_class(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.attempt(deed, **form.cleaned_data, unit=row, by=request.user)
    ):
        messages.info(request, "Đã ghi vào danh bạ.")
        return redirect(row)
    return form_page(request, form, title, "Ghi vào danh bạ", row.get_absolute_url(), row.name)
