"""The supervisor's own rules, with small real processes in the place of web server, worker and clock."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from .conftest import SCRIPTS, children_of, processes_of, wait_for_line

QUIET = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
)
# Ends its work after the request to stop, and counts how often it was asked.
WORKING = """
import signal, time
asked = []
signal.signal(signal.SIGTERM, lambda *_: asked.append(1))
signal.signal(signal.SIGINT, lambda *_: asked.append(1))
print('working', flush=True)
while not asked: time.sleep(0.02)
time.sleep(0.7)
print('finished, asked', len(asked), flush=True)
"""
FORKING = """
import subprocess, sys
subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])
print('forked', flush=True)
"""


@pytest.fixture
def supervisor():
    """`supervisor(grace=…, name=python source, …)`: a terminal's process group with a running supervisor in it."""
    started = []

    def start(*, grace=20, **sources):
        lines = {name: [sys.executable, "-c", source] for name, source in sources.items()}
        code = f"import sys, serve; print('ready', flush=True); sys.exit(serve.supervise({lines!r}, grace={grace}))"
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code)],
            cwd=SCRIPTS, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def sessions_of(process):
    deadline = time.monotonic() + 5
    while not children_of(process.pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return children_of(process.pid)


def test_ctrl_c_reaches_each_child_once_and_waits_for_its_work(supervisor):
    process = supervisor(worker=WORKING)
    wait_for_line(process, "working")
    os.killpg(process.pid, signal.SIGINT)  # what a terminal does: everything in the foreground gets it
    output, _ = process.communicate(timeout=10)
    assert output.splitlines()[-1] == "finished, asked 1"
    assert process.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_term_and_hangup_stop_it_like_ctrl_c(supervisor, number):
    process = supervisor(worker=WORKING)
    wait_for_line(process, "working")
    process.send_signal(number)
    assert "finished, asked 1" in process.communicate(timeout=10)[0]
    assert process.returncode == 0


def test_a_child_that_ends_stops_the_rest_and_is_named(supervisor):
    process = supervisor(web=QUIET, worker="import time; time.sleep(0.3)")
    sessions = sessions_of(process)
    output, _ = process.communicate(timeout=10)
    assert output.splitlines()[-1] == "worker ended by itself: stopping the rest."
    assert process.returncode == 1
    assert processes_of(sessions) == set()


def test_what_an_ended_child_left_behind_is_ended_too(supervisor):
    process = supervisor(web=QUIET, worker=FORKING)
    sessions = sessions_of(process)
    process.wait(10)
    assert process.returncode == 1
    assert processes_of(sessions) == set()


def test_a_second_ctrl_c_does_not_wait(supervisor):
    process = supervisor(worker=STUBBORN)
    wait_for_line(process, "deaf")
    process.send_signal(signal.SIGINT)
    wait_for_line(process, "Stopping")
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=5)
    assert output.splitlines()[-1].startswith("worker was ended before it had finished")
    assert process.returncode == 1


def test_a_second_hangup_of_a_closing_terminal_still_waits(supervisor):
    process = supervisor(worker=WORKING)
    wait_for_line(process, "working")
    process.send_signal(signal.SIGHUP)
    wait_for_line(process, "Stopping")
    process.send_signal(signal.SIGHUP)
    assert "finished, asked 1" in process.communicate(timeout=10)[0]


def test_after_the_grace_a_deaf_child_is_killed(supervisor):
    process = supervisor(grace=0.5, worker=STUBBORN)
    wait_for_line(process, "deaf")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert process.returncode == 1


def test_children_end_when_the_supervisor_is_killed(supervisor):
    process = supervisor(worker=QUIET)
    sessions = sessions_of(process)
    assert processes_of(sessions) == sessions
    process.kill()
    process.wait()
    deadline = time.monotonic() + 5
    while processes_of(sessions) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes_of(sessions) == set()
