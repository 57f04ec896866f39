"""The samples are loaded once for the module, as `manage.py load_demo` does it, and taken away after it."""

from datetime import date
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.test import override_settings

from tests.conftest import load_everything

FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def run() -> str:
    told = StringIO()
    call_command("load_demo", stdout=told)
    return told.getvalue()


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """`demo.told`, `demo.path` of the accounts file, and `demo.again()` for another run."""
    folder = tmp_path_factory.mktemp("demo")
    with override_settings(SAMPLE_DATE=date(2024, 12, 2), DATA_DIR=folder, PASSWORD_HASHERS=FAST):
        with django_db_blocker.unblock():
            told = run()
        yield SimpleNamespace(told=told, path=folder / "demo-accounts.txt", again=run)
        with django_db_blocker.unblock():
            call_command("flush", interactive=False, verbosity=0)
            load_everything()
