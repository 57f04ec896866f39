from django.urls import path

from .views import guidance, inspections, leeway, plan, registration

app_name = "campaigns"
urlpatterns = [
    path("phong-trao/", plan.detail, name="detail"),
    path("ky-bao-cao/", plan.periods, name="periods"),
    path("ky-bao-cao/<int:pk>/", plan.edit_period, name="edit_period"),
    path("gia-han/", leeway.extensions, name="extensions"),
    path("gia-han/xin/<int:pk>/", leeway.ask_extension, name="ask_extension"),
    path("gia-han/<int:pk>/", leeway.extension, name="extension"),
    path("mien-bao-cao/<int:period_pk>/", leeway.excuse, name="excuse"),
    path("mien-bao-cao/huy/<int:pk>/", leeway.revoke_excusal, name="revoke_excusal"),
    path("kiem-tra/", inspections.inspections, name="inspections"),
    path("kiem-tra/moi/", inspections.plan_inspection, name="plan_inspection"),
    path("kiem-tra/<int:pk>/", inspections.inspection, name="inspection"),
    path("kiem-tra/<int:pk>/sua/", inspections.change_inspection, name="change_inspection"),
    path("kiem-tra/<int:pk>/ket-qua/", inspections.carry_out, name="carry_out"),
    path("kiem-tra/<int:pk>/phat-hien/", inspections.add_finding, name="add_finding"),
    path("kiem-tra/<int:pk>/khep-lai/", inspections.close_inspection, name="close_inspection"),
    path("kiem-tra/phat-hien/<int:pk>/", inspections.follow, name="follow"),
    path("dang-ky/", registration.registrations, name="registrations"),
    path("dang-ky/nam/<int:year>/", registration.roll, name="registration_roll"),
    path("dang-ky/nam/<int:year>/han/", registration.edit_days, name="edit_registration_days"),
    path("dang-ky/nam/<int:year>/don-vi/<int:unit_pk>/", registration.start, name="start_registration"),
    path("dang-ky/<int:pk>/", registration.registration, name="registration"),
    path("dang-ky/<int:pk>/in/", registration.printed, name="registration_printed"),
    path("dang-ky/<int:pk>/buoc/", registration.step, name="registration_step"),
    path("dang-ky/<int:pk>/<slug:slug>/", registration.part, name="registration_part"),
    path("huong-dan/", guidance.desk, name="guidance"),
    path("huong-dan/them/<int:criterion_pk>/", guidance.add_hint, name="add_hint"),
    path("huong-dan/<int:pk>/", guidance.edit_hint, name="edit_hint"),
    path("huong-dan/<int:pk>/ket-thuc/", guidance.end_hint, name="end_hint"),
    path("hoi-dap/", guidance.questions, name="questions"),
    path("hoi-dap/hoi/<int:criterion_pk>/", guidance.ask, name="ask"),
    path("hoi-dap/<int:pk>/", guidance.question, name="question"),
    path("hoi-dap/<int:pk>/huong-dan/", guidance.turn_into_guidance, name="turn_into_guidance"),
]
