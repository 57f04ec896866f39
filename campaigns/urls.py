from django.urls import path

from . import views

app_name = "campaigns"
urlpatterns = [
    path("phong-trao/", views.detail, name="detail"),
    path("ky-bao-cao/", views.periods, name="periods"),
    path("ky-bao-cao/<int:pk>/", views.edit_period, name="edit_period"),
]
