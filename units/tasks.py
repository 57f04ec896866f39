"""What the worker does for this app: forget files that nobody names."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.files import blobs

from .models import Attachment, StoredFile


@shared_task
def sweep_files() -> int:
    """Remove uploads that never ended in a row, and files that no attachment names, after a day. How many were removed.

    Rows go first and bytes later, each under its lock: at no moment does a row name what is not there.
    """
    old = clock.now() - timedelta(seconds=blobs.GRACE)
    unnamed = StoredFile.objects.filter(~Exists(Attachment.objects.filter(file=OuterRef("pk"))), stored_at__lt=old)
    for pk in list(unnamed.values_list("pk", flat=True)):
        with transaction.atomic():
            for file in unnamed.filter(pk=pk).select_for_update():
                file.delete()
                blobs.touch(settings.FILES_DIR, file.digest)  # a backup that is being taken still has its row
    return blobs.sweep(settings.FILES_DIR, lambda digest: StoredFile.objects.filter(digest=digest).exists())
