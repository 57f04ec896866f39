"""The private PostgreSQL and Redis of a test run: real ones, and gone afterwards."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
import redis

from .conftest import SCRIPTS, children_of, processes_of

pytestmark = pytest.mark.slow


@pytest.fixture
def services(script):
    services = script("services")
    if lacking := services.missing():
        pytest.skip(f"not installed: {' '.join(lacking)}")
    return services


def ask(url, statement):
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0]
    finally:
        connection.close()


def test_both_servers_answer_keep_apart_and_leave_nothing(services):
    others = children_of(os.getpid())  # a browser of another test, for one
    with services.running() as addresses:
        assert ask(addresses["DATABASE_URL"], "SELECT 'Mồ Sì San'::text") == "Mồ Sì San"
        assert ask(addresses["DATABASE_URL"], "SHOW server_encoding") == "UTF8"
        folder = Path(ask(addresses["DATABASE_URL"], "SHOW data_directory")).parent
        with redis.Redis.from_url(addresses["REDIS_URL"]) as client:
            assert client.set("name", "Mồ Sì San") is True
            assert client.config_get("appendonly") == {"appendonly": "no"}
        servers = children_of(os.getpid()) - others
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()
    assert processes_of(servers) == set()


def test_redis_refuses_a_stranger_without_the_password(services):
    with services.running() as addresses:
        port = addresses["REDIS_URL"].rpartition(":")[2].partition("/")[0]
        with redis.Redis(port=int(port)) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()


def test_postgres_refuses_a_stranger_without_the_password(services):
    with services.running() as addresses:
        host = addresses["DATABASE_URL"].partition("@")[2]
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(f"postgres://postgres:guess@{host}")


def test_a_server_that_cannot_start_says_why(services, tmp_path):
    broken = tmp_path / "broken.conf"
    broken.write_text("no-such-setting 1\n")
    command = [services.program("redis-server"), str(broken)]
    with pytest.raises(services.ServiceError, match="no-such-setting"):
        services._start("redis", command, folder=tmp_path, account={}, answers=lambda: False)


def test_a_command_gets_both_addresses_and_its_status_is_passed_on(services):
    code = "import os, sys; sys.exit(7 if os.environ['DATABASE_URL'] and os.environ['REDIS_URL'] else 1)"
    done = subprocess.run([sys.executable, SCRIPTS / "services.py", sys.executable, "-c", code], check=False)
    assert done.returncode == 7


def test_term_stops_the_servers_too(services):
    code = "import os, time; print(os.environ['DATABASE_URL'], flush=True); time.sleep(60)"
    command = [sys.executable, str(SCRIPTS / "services.py"), sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().strip()
        started = children_of(process.pid)
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    assert len(started) == 3
    assert [pid for pid in started if Path(f"/proc/{pid}").exists()] == []
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(url)
