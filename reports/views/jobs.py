"""A job on a page of its own, and the fragment that asks how far it is."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from reports.models import Job
from reports.selectors.jobs import panel_of
from units.access import signed_in


@signed_in
def job(request, pk):
    row = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    return render(request, "reports/job.html", {"job": panel_of(row, request.user)})


@signed_in
def job_state(request, pk):
    """The body of the panel; 204 when it still is what `seen` says, so that nothing is read out twice."""
    row = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    panel = panel_of(row, request.user)
    if request.GET.get("seen") == panel.mark:
        return HttpResponse(status=204)
    return render(request, "components/job_body.html", {"job": panel})
