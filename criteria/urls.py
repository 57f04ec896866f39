from django.urls import path

from . import views

app_name = "criteria"
urlpatterns = [path("tieu-chi/", views.criteria_list, name="list")]
