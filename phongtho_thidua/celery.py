"""The Celery application: `celery -A phongtho_thidua worker` and `… beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "phongtho_thidua.settings")

app = Celery("phongtho_thidua")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "sweep-jobs": {"task": "reports.tasks.sweep_jobs", "schedule": 15.0},
}
