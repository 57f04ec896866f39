from django.shortcuts import render

from criteria.models import CriteriaSet
from criteria.selectors import whole_set
from units.access import signed_in


@signed_in
def criteria_list(request):
    criteria_set = CriteriaSet.objects.visible_to(request.user).last()
    groups = whole_set(criteria_set) if criteria_set else []
    return render(request, "criteria/list.html", {"criteria_set": criteria_set, "groups": groups})
