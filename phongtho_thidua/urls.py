"""Every address of the site; each app owns its own part."""

from django.urls import include, path

urlpatterns = [
    path("", include("units.urls")),
    path("", include("criteria.urls")),
    path("", include("campaigns.urls")),
    path("", include("reports.urls")),
    path("khen-thuong/", include("awards.urls")),
]
handler400 = "units.views.errors.bad_request"
handler403 = "units.views.errors.forbidden"
handler404 = "units.views.errors.not_found"
handler500 = "units.views.errors.server_error"
