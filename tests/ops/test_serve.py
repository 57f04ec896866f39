"""The real site under its supervisor: prepared, started, stopped; on the kind of database that this test run uses."""

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
import uuid

import psycopg2
import pytest

from .conftest import ROOT, SCRIPTS, children_of, processes_of, wait_for_line

pytestmark = pytest.mark.slow

PYTHON = sys.executable
SECRET = "for-tests-only-" + "0123456789" * 4


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """The environment of an installation that `scripts/prepare.py` has brought up to date once."""
    folder = tmp_path_factory.mktemp("site")
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    env |= {"DATA_DIR": str(folder), "PRODUCTION": "0", "HASHED_STATIC": "1", "SECRET_KEY": SECRET}
    with database_of_its_own(env):
        done = prepare(env)
        assert done.returncode == 0, done.stderr
        yield env


class database_of_its_own:  # noqa: N801
    """On PostgreSQL: a new database on the same server and another database of Redis, dropped afterwards."""

    def __init__(self, env):
        self.env, self.server = env, env.get("DATABASE_URL", "")

    def __enter__(self):
        if self.server:
            self.name = f"serve_{uuid.uuid4().hex}"
            self.execute(f"CREATE DATABASE {self.name}")
            self.env["DATABASE_URL"] = f"{self.server.rpartition('/')[0]}/{self.name}"
            self.env["REDIS_URL"] = f"{self.env['REDIS_URL'].rpartition('/')[0]}/{uuid.uuid4().int % 40 + 20}"

    def __exit__(self, *_):
        if self.server:
            self.execute(f"DROP DATABASE {self.name} WITH (FORCE)")

    def execute(self, statement):
        connection = psycopg2.connect(self.server)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()


def prepare(env, *words):
    return subprocess.run(
        [PYTHON, SCRIPTS / "prepare.py", *words], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture
def site(prepared, script):
    """`site()` starts the supervisor and returns (process, address, output so far) once the site answers."""
    started = []

    def start(*words):
        port = script("processes").free_port()
        process = subprocess.Popen(
            [PYTHON, SCRIPTS / "serve.py", "--port", str(port), *words], env=prepared, cwd=ROOT,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        started.append(process)
        return process, f"http://localhost:{port}/", wait_for_line(process, "Open this address")

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=90)


def status_of(address):
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_site_answers_at_the_printed_address_and_leaves_nothing_behind(site, tmp_path):
    notice = tmp_path / "notice.txt"
    notice.write_text("can.bo  mật khẩu mẫu\n", encoding="utf-8")
    process, address, output = site("--notice", str(notice))
    assert re.findall(r"http://\S+", output) == [address, address]
    assert output.index("can.bo  mật khẩu mẫu") < output.index("Mở trang web tại")
    assert status_of(f"{address}dang-nhap/") == 200
    sessions = children_of(process.pid)
    assert len(sessions) == 3
    os.killpg(process.pid, signal.SIGINT)
    output += process.communicate(timeout=90)[0]
    assert process.returncode == 0
    assert processes_of(sessions) == set()
    assert [line for line in output.splitlines() if re.search("traceback|error|warning", line, re.IGNORECASE)] == []


def test_site_stops_as_a_whole_when_its_worker_is_killed(site):
    process, _, _ = site()
    sessions = children_of(process.pid)
    os.kill(sorted(sessions)[1], signal.SIGKILL)  # started in the order web, worker, beat
    output, _ = process.communicate(timeout=90)
    assert process.returncode == 1
    assert "worker ended by itself: stopping the rest." in output
    assert processes_of(sessions) == set()


def test_preparing_again_changes_nothing_and_names_the_next_step(prepared):
    done = prepare(prepared)
    assert done.returncode == 0
    assert "Không có gì mới" in done.stdout
    assert "Collecting static files" not in done.stdout
    assert "create_account" in done.stdout
