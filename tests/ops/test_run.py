"""`scripts/run` refuses what cannot work before it changes anything, in one clear line."""

import os
import socket
import subprocess

import pytest

from .conftest import ROOT, SCRIPTS


@pytest.fixture
def run(bare_env):
    def call(*words, **env):
        return subprocess.run(
            [SCRIPTS / "run", *words], env={**bare_env, **env}, capture_output=True, text=True, check=False, timeout=30
        )

    return call


@pytest.fixture
def shell(bare_env):
    """`shell("commands")`: bash with scripts/lib.sh read in."""

    def call(commands, **env):
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f". '{SCRIPTS}/lib.sh'; {commands}"],
            env={**bare_env, **env}, capture_output=True, text=True, check=False, timeout=30,
        )  # fmt: skip

    return call


@pytest.mark.parametrize("port", ["0", "65536", "80a", "", "-1"])
def test_run_refuses_what_is_no_port(run, port):
    done = run("--port", port)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Error: --port {port} is not a port number (1 to 65535)\n"


def test_run_refuses_a_taken_port_in_one_line(run, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run("--port", str(port))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Port {port} is taken by another programme. Choose another: scripts/run --port {port + 1}\n"
    )
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["serve.lock"]


def test_run_refuses_a_data_folder_whose_site_already_runs(run, script, tmp_path):
    serve = script("serve")
    with serve.take_lock(tmp_path / "data"):
        done = run()
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"The site already runs on this data folder: {tmp_path / 'data'}\n"


def test_demonstration_refuses_a_real_database(run, tmp_path):
    done = run("--demo", DATABASE_URL="postgres://thidua@127.0.0.1/thidua")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error: --demo uses a database of its own; DATABASE_URL must not be set\n"
    assert not (tmp_path / "data").exists()


def test_run_names_an_unknown_option(run):
    done = run("--demoo")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "Error: unknown option: --demoo"


def test_old_python_is_refused_with_what_to_install(run, tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = run(SYSTEM_PYTHON=str(old))
    assert done.returncode == 1
    assert done.stderr.startswith("Error: Python 3.11 or newer is needed.")


def test_settings_file_is_read_without_running_it_and_never_over_the_environment(shell, tmp_path):
    trap = f"$(touch {tmp_path}/run)`id`;x y"
    (tmp_path / ".env").write_text(
        f'# comment\n\nLOG_LEVEL=WARNING\nALLOWED_HOSTS="a.vn,b.vn"\nSECRET_KEY={trap}\nDEBUG=1'
    )
    done = shell(
        f'load_env \'{tmp_path}/.env\'; printf \'%s|\' "$LOG_LEVEL" "$ALLOWED_HOSTS" "$SECRET_KEY" "$DEBUG"',
        LOG_LEVEL="ERROR",
    )
    assert done.stdout == f"ERROR|a.vn,b.vn|{trap}|1|"
    assert not (tmp_path / "run").exists()


def test_settings_file_with_a_line_that_is_no_setting_is_refused(shell, tmp_path):
    (tmp_path / ".env").write_text("DEBUG 1\n")
    done = shell(f"load_env '{tmp_path}/.env'")
    assert done.returncode == 1
    assert done.stderr == f"Error: {tmp_path}/.env: this line is not KEY=VALUE: DEBUG 1\n"


@pytest.mark.parametrize(
    ("url", "shown", "password"),
    [
        ("postgres://thidua:a%40b%2Fc@127.0.0.1:5432/thidua", "postgres://thidua@127.0.0.1:5432/thidua", "a@b/c"),
        ("postgresql://thidua@/thidua?host=/run/x", "postgresql://thidua@/thidua?host=/run/x", "none"),
    ],
)
def test_database_password_is_kept_off_the_command_line(shell, url, shown, password):
    done = shell(f"split_password '{url}'; printf '%s %s' \"$PG_URL\" \"${{PGPASSWORD-none}}\"")
    assert done.stdout == f"{shown} {password}"


def test_manage_says_how_to_begin_when_nothing_is_installed(tmp_path):
    copy = tmp_path / "scripts"
    copy.mkdir()
    for name in ("manage", "lib.sh"):
        (copy / name).write_text((ROOT / "scripts" / name).read_text())
    (copy / "manage").chmod(0o755)
    done = subprocess.run([copy / "manage", "check"], env=dict(os.environ), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "Error: there is no .venv yet: run scripts/run once\n")
