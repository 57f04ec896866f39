"""`manage.py prepare_reminders`: letters 5 and 1 working days before a deadline, for a person to look at and send."""

from django.core.management.base import BaseCommand

from campaigns.models import Period
from reports.services.reminders import prepare_due_reminder


class Command(BaseCommand):
    help = "Soạn thư nhắc hạn vào hộp chờ gửi, 5 và 1 ngày làm việc trước hạn nộp; chạy lại không soạn thêm."

    def handle(self, **options):
        for period in Period.objects.open():
            if mailing := prepare_due_reminder(period):
                self.stdout.write(f"{mailing.title}: {mailing.letters.count()} thư trong hộp chờ gửi.")
