from django.urls import path

from .views import annual, autosave, board, jobs, review, summary

app_name = "reports"
urlpatterns = [
    path("bao-cao/", annual.reports, name="reports"),
    path("bao-cao/lap/<int:year>/<int:unit_pk>/", annual.start, name="start"),
    path("bao-cao/<int:pk>/", annual.report, name="report"),
    path("bao-cao/<int:pk>/ban-in/", annual.printed, name="printed"),
    path("bao-cao/<int:pk>/buoc/", annual.step, name="step"),
    path("bao-cao/<int:pk>/muc/<int:entry_pk>/", autosave.save_entry, name="save_entry"),
    path("bao-cao/<int:pk>/so-lieu/<int:figure_pk>/", autosave.save_figure, name="save_figure"),
    path("xem-xet/", review.queue, name="queue"),
    path("tien-do/", board.current_board, name="current_board"),
    path("tien-do/<int:year>/", board.board, name="board"),
    path("tong-hop/", summary.summaries, name="summaries"),
    path("tong-hop/nam/<int:year>/lap/", summary.order_summary, name="order_summary"),
    path("tong-hop/<int:pk>/", summary.summary, name="summary"),
    path("tong-hop/tep/<int:pk>/", summary.issued_file, name="issued_file"),
    path("cong-viec/<uuid:pk>/", jobs.job, name="job"),
    path("cong-viec/<uuid:pk>/trang-thai/", jobs.job_state, name="job_state"),
]
