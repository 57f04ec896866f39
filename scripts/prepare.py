"""Bring the data folder up to date before the site starts: tables, plan, sample data, static files.

One process for all steps, because most of the time of a Django command is its start. Each step may be repeated: what is
there already is left alone.
"""

import hashlib
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "phongtho_thidua.settings")

import django  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.staticfiles.finders import get_finders  # noqa: E402
from django.core.management import CommandError, call_command  # noqa: E402

FIRST_ACCOUNT = """
There is no account yet. Make the first one in another terminal; the command shows a password for one use:
  {manage} create_account USERNAME --name "Họ và tên" --unit phong-noi-vu --role admin
"""


def static_fingerprint() -> str:
    """Changes when a static file, the way it is stored, or a package that brings static files changes."""
    digest = hashlib.sha256(json.dumps(settings.STORAGES["staticfiles"]).encode())
    digest.update((ROOT / "requirements.txt").read_bytes())
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static() -> None:
    """Copying, hashing and compressing takes seconds: only when something changed."""
    stamp, wanted = settings.STATIC_ROOT / ".collected-from", static_fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Collecting static files …", flush=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted)


def tell_first_account() -> None:
    if not get_user_model().objects.exists():
        print(FIRST_ACCOUNT.format(manage=os.environ.get("MANAGE", "scripts/manage")), flush=True)


def main() -> None:
    demo = "--demo" in sys.argv[1:]
    django.setup()
    print("Bringing the database up to date …", flush=True)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_plan")
    if demo:
        call_command("load_demo", verbosity=0)
    collect_static()
    if not demo:
        tell_first_account()


if __name__ == "__main__":
    try:
        main()
    except CommandError as error:
        sys.exit(f"Error: {error}")
