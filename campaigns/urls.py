from django.urls import path

from .views import plan

app_name = "campaigns"
urlpatterns = [
    path("phong-trao/", plan.detail, name="detail"),
    path("ky-bao-cao/", plan.periods, name="periods"),
    path("ky-bao-cao/<int:pk>/", plan.edit_period, name="edit_period"),
]
