"""Emulation clusters: everybody reads who competes with whom, on any day; Phòng Nội vụ keeps it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from phongtho_thidua.lib import clock
from units import audit
from units.access import needs, signed_in
from units.forms import ClusterEndForm, ClusterForm, ClusterMemberForm, ClusterRoleForm, DayField
from units.models import Cluster, ClusterMember, ClusterRole
from units.services import clusters as deeds

for_standing_office = needs("units.edit_clusters", deeds.ONLY_STANDING_OFFICE)


@signed_in
def clusters(request):
    present = ClusterMember.objects.on(clock.today()).select_related("unit")
    rows = Cluster.objects.visible_to(request.user).prefetch_related(Prefetch("members", present, to_attr="present"))
    return render(request, "units/clusters.html", {"clusters": rows})


@signed_in
def cluster(request, pk):
    row = get_object_or_404(Cluster.objects.visible_to(request.user), pk=pk)
    asked = request.GET.get("ngay", "")
    day, refusal = _day(asked)
    context = {
        "cluster": row,
        "day": day,
        "asked": asked,
        "refusal": refusal,
        "members": _by_role(row.members.on(day).select_related("unit")),
        "past": row.members.exclude(valid_to=None).select_related("unit").order_by("-valid_to", "unit__sort_key"),
        "is_today": day == clock.today(),
        "history": audit.history_of(row),
    }
    return render(request, "units/cluster.html", context, status=422 if refusal else 200)


def _by_role(members) -> list[ClusterMember]:
    """The lead, the deputy, then the others by name."""
    order = list(ClusterRole)
    return sorted(members, key=lambda member: order.index(member.role))


def _day(asked: str):
    """The day the page is asked for, else today; with the sentence when what was typed is none."""
    if not asked:
        return clock.today(), ""
    try:
        return DayField().clean(asked), ""
    except ValidationError as error:
        return clock.today(), error.messages[0]


@for_standing_office
@require_http_methods(["GET", "POST"])
def add_cluster(request):
    return _filled(request, ClusterForm(request.POST or None), deeds.make_cluster, "Thêm khối thi đua", "Thêm khối")


@for_standing_office
@require_http_methods(["GET", "POST"])
def change_cluster(request, pk):
    row = get_object_or_404(Cluster.objects.visible_to(request.user), pk=pk)
    now = {name: getattr(row, name) for name in ClusterForm.base_fields}
    form = ClusterForm(request.POST or None, initial=now)
    return _filled(request, form, deeds.change_cluster, f"Sửa {row.name}", "Lưu khối", cluster=row)


@for_standing_office
@require_http_methods(["GET", "POST"])
def add_member(request, pk):
    row = get_object_or_404(Cluster.objects.visible_to(request.user), pk=pk)
    form = ClusterMemberForm(request.POST or None)
    return _filled(request, form, deeds.add_member, f"Thêm thành viên, {row.name}", "Thêm thành viên", cluster=row)


@for_standing_office
@require_http_methods(["GET", "POST"])
def change_role(request, pk):
    row = _member(pk)
    form = ClusterRoleForm(request.POST or None, initial={"role": row.role})
    return _filled(request, form, deeds.change_role, f"Đổi vai trò của {row.unit}", "Ghi vai trò", member=row)


@for_standing_office
@require_http_methods(["GET", "POST"])
def end_membership(request, pk):
    row = _member(pk)
    form = ClusterEndForm(request.POST or None)
    return _filled(
        request, form, deeds.end_membership, f"{row.unit} thôi thuộc khối", "Ghi thôi thuộc khối", member=row
    )


def _member(pk) -> ClusterMember:
    return get_object_or_404(ClusterMember.objects.select_related("unit", "cluster"), pk=pk)


def _filled(request, form, deed, title, button, **target):
    """A page with one form: the deed's refusals stand at the field they concern, what was typed stays."""
    known = target.get("cluster") or (target["member"].cluster if "member" in target else None)
    if request.method == "POST" and form.is_valid():
        try:
            done = deed(**form.cleaned_data, **target, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.info(request, "Đã ghi vào danh sách khối.")
            return redirect(known or done)
    url, label = (known.get_absolute_url(), known.name) if known else (reverse("units:clusters"), "Khối thi đua")
    context = {"form": form, "title": title, "button": button, "back_url": url, "back_label": label}
    return render(request, "form_page.html", context, status=422 if form.errors else 200)
