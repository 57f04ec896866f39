"""The Celery application: `celery -A phongtho_thidua worker` and `… beat`."""

import os

from celery import Celery
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "phongtho_thidua.settings")

app = Celery("phongtho_thidua")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # A round that no worker took is stale: rounds must not pile up while the worker is down.
    "sweep-jobs": {"task": "reports.tasks.sweep_jobs", "schedule": 15.0, "options": {"expires": 15.0}},
    "sweep-files": {"task": "units.tasks.sweep_files", "schedule": 3600.0, "options": {"expires": 3600.0}},
    "prepare-reminders": {"task": "prepare_reminders", "schedule": 3600.0, "options": {"expires": 3600.0}},
}


@app.task(name="prepare_reminders")
def prepare_reminders():
    """Deeds stand above tasks, so this asks for them by the name of their command."""
    call_command("prepare_reminders")
