"""The rules that stay for ever, read off the code itself."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db.models import CheckConstraint, Q
from django.urls import get_resolver

from units.checks import all_patterns, every_view_declares_its_access

ROOT = Path(settings.BASE_DIR)
APPS = ("units", "criteria", "campaigns", "reports", "awards")
CODE = [
    path
    for folder in (*APPS, "phongtho_thidua", "scripts", "benchmarks", "tests")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
]
TEMPLATES = list((ROOT / "templates").rglob("*.html"))
MODELS = [model for name in APPS for model in apps.get_app_config(name).get_models()]
LONGEST_FILE, LONGEST_FUNCTION = 400, 40


def run(*command, **environment):
    """In a process of its own, without what the browser tests ask of Django in this one."""
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return subprocess.run(command, cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False)


def test_imports_run_one_way():
    linted = run(str(Path(sys.executable).parent / "lint-imports"), "--no-cache")
    assert linted.returncode == 0, linted.stdout


def test_no_file_holds_two_nouns():
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in CODE}
    assert {path: lines for path, lines in long.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen():
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FUNCTION} == {}


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_production_settings_pass_every_deployment_check():
    checked = run(
        sys.executable,
        "manage.py",
        "check",
        "--deploy",
        "--fail-level=WARNING",
        DATABASE_URL="postgres://thidua:x@127.0.0.1:1/thidua",
        REDIS_URL="redis://127.0.0.1:1/0",
        SECRET_KEY="kQ2-" + "Zx7p" * 16,
        ALLOWED_HOSTS="thidua.example.vn",
        PRODUCTION="1",
        SAMPLE_DATE="",
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_view_says_who_may_come_in():
    assert every_view_declares_its_access(None) == []


def test_addresses_open_to_everybody_are_exactly_these():
    public = {name for name, pattern in all_patterns(get_resolver()) if pattern.callback.access == "public"}
    assert public == {"units:sign_in"}


def names_in(condition):
    """Field names that a Q object speaks of, at any depth."""
    for child in condition.children:
        if isinstance(child, Q):
            yield from names_in(child)
        else:
            yield child[0].split("__")[0]


def checks_of(model):
    return [set(names_in(c.condition)) for c in model._meta.constraints if isinstance(c, CheckConstraint)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_column_of_choices_is_guarded_by_the_database(model):
    closed = {
        field.name
        for field in model._meta.fields
        if field.choices and field.name in ("state", "kind", "role", "duty", "face", "answer", "grade", "subject_kind")
    }
    guarded = set().union(*checks_of(model))
    assert closed - guarded == set()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_who_and_when_come_in_pairs(model):
    fields = {field.name: field for field in model._meta.fields}
    pairs = [(f"{name[:-3]}_by", name) for name in fields if name.endswith("_at") and f"{name[:-3]}_by" in fields]
    pairs = [pair for pair in pairs if any(fields[name].null for name in pair)]
    loose = [pair for pair in pairs if not any(set(pair) <= names for names in checks_of(model))]
    assert loose == []


FORBIDDEN = {
    r"mark_safe|csrf_exempt|\.raw\(|\.extra\(|RawSQL": "markup and SQL are written by libraries only",
    r"datetime\.now|date\.today|timezone\.now|timezone\.localdate": "time is asked of lib.clock",
    r"\bis_superuser\b|\bis_staff\b": "nobody stands above the rules",
    r"except Exception: *pass": "a failure is told",
}


# The clock is the clock. Three pages draw up to 1,500 places, and a template for each would cost half a second:
# they escape by hand, and tests/reports/test_hostile_text.py holds them to it.
ALLOWED = {
    "phongtho_thidua/lib/clock.py",
    "reports/templatetags/board.py",
    "reports/templatetags/fields.py",
    "reports/templatetags/matrix.py",
    "reports/templatetags/sheet.py",
}


@pytest.mark.parametrize("pattern", FORBIDDEN, ids=FORBIDDEN.values())
def test_code_does_without(pattern):
    found = [
        str(path.relative_to(ROOT))
        for path in CODE
        if path.relative_to(ROOT).parts[0] in (*APPS, "phongtho_thidua") and re.search(pattern, path.read_text())
    ]
    assert set(found) - ALLOWED == set()


BARE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)")
INLINE = re.compile(r"""\s(style|on[a-z]+)=["']|javascript:""")
UNSAFE = re.compile(r"\|\s*safe\b|autoescape off|\.state\s*==|\.role\s*==")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_has_no_inline_code_and_decides_nothing(path):
    text = path.read_text()
    if path.parent.name == "documents":  # printed by WeasyPrint, which gets its style sheet inside the page
        text = re.sub(r"<style>.*?</style>", "", text, flags=re.S)
    found = [pattern.pattern for pattern in (BARE_SCRIPT, INLINE, UNSAFE) if pattern.search(text)]
    assert found == []


def test_the_policy_for_scripts_and_styles_has_no_way_around(client, db):
    policy = client.get("/dang-nhap/").headers["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert (rules["default-src"], rules["script-src"], rules["style-src"]) == ("'none'", "'self'", "'self'")
    assert "unsafe" not in policy


def test_static_files_all_refer_to_each_other_rightly(tmp_path, settings):
    """The hashed storage stops at the first link to a file that is not there."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "staticfiles.json").exists()
