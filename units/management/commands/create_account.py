"""The first account of a site.

manage.py create_account lan.nt --name "Nguyễn Thị Lan" --unit phong-noi-vu --role admin
"""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from units.models import Role, Unit
from units.services.accounts import open_account


class Command(BaseCommand):
    help = "Open a personal account and print its single-use first password."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="full name, as on screen")
        parser.add_argument("--unit", required=True, help="key of the unit, for example phong-noi-vu")
        parser.add_argument("--role", required=True, choices=Role.values)

    def handle(self, *args, username, name, unit, role, **options):
        try:
            place = Unit.objects.get(key=unit)
            user, password = open_account(username=username, full_name=name, unit=place, role=role, by=None)
        except Unit.DoesNotExist:
            raise CommandError(f"No unit has the key {unit!r}; run load_plan first, or look at /don-vi/.") from None
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        self.stdout.write(f"{user.username}  first password (works once): {password}")
