"""The first page of everybody: what to do, what others have, what is new."""

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from phongtho_thidua.lib import clock, work
from units.access import signed_in
from units.models import Notification

RECENT = 30


@signed_in
def front(request):
    return redirect("units:my_work")


@signed_in
def my_work(request):
    items = work.items_for(request.user)
    context = {
        "todo": [item for item in items if item.group == work.Group.TODO],
        "waiting": [item for item in items if item.group == work.Group.WAITING],
        "done": [item for item in items if item.group == work.Group.DONE],
        "panels": work.panels_for(request.user),
    }
    return render(request, "units/my_work.html", context)


@signed_in
def menu(request):
    """The rest of the rail, as a page: phones have room for four entries and need no script."""
    return render(request, "units/menu.html")


@signed_in
def notifications(request):
    rows = Notification.objects.visible_to(request.user)
    page = Paginator(rows, RECENT).get_page(request.GET.get("trang"))
    return render(request, "units/notifications.html", {"page": page})


@signed_in
@require_POST
def read_notifications(request):
    Notification.objects.visible_to(request.user).unread().update(read_at=clock.now())
    return redirect("units:notifications")
