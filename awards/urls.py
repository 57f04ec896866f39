from django.urls import path

from . import views

app_name = "awards"
urlpatterns = [
    path("", views.rounds, name="rounds"),
    path("dot/<int:pk>/", views.award_round, name="round"),
    path("dot/<int:pk>/thoi-gian/", views.edit_round, name="edit_round"),
    path("dot/<int:pk>/de-nghi/", views.open_nomination, name="open_nomination"),
    path("de-nghi/<int:pk>/", views.nomination, name="nomination"),
    path("de-nghi/<int:pk>/buoc/", views.take_step, name="take_step"),
    path("de-nghi/<int:pk>/bo/", views.discard_nomination, name="discard_nomination"),
    path("xet/", views.queue, name="queue"),
]
