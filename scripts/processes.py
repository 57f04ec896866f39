"""Starting and stopping other programmes so that none is left behind: shared by `serve.py` and `services.py`."""

import ctypes
import os
import signal
import socket
import subprocess
import time
from contextlib import suppress

PR_SET_PDEATHSIG = 1


def _end_with_parent() -> None:
    """Linux only: if we are killed without warning, the child is asked to end instead of living on."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(command: list[str], **options) -> subprocess.Popen:
    """Start `command` in a session of its own, so that Ctrl-C in the terminal reaches it once, through us."""
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_end_with_parent, **options)  # noqa: PLW1509


def ended(process: subprocess.Popen) -> bool:
    """Whether it has ended, without reaping it: until `clear` its number cannot be given to a stranger."""
    if process.returncode is not None:
        return True
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def ask(process: subprocess.Popen, by: signal.Signals) -> None:
    if not ended(process):
        os.kill(process.pid, by)


def clear(process: subprocess.Popen) -> int:
    """End the process and whatever it left in its session, at once; returns its exit status."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def stop(process: subprocess.Popen, *, by: signal.Signals, grace: float) -> bool:
    """Ask the process to end and wait; after `grace` seconds kill it. True when it ended by itself."""
    ask(process, by)
    by_itself = wait_until(lambda: ended(process), seconds=grace)
    clear(process)
    return by_itself


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port of the loopback address that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, *, seconds: float, every: float = 0.05) -> bool:
    """Ask `condition` again and again; False when it is still not met after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True
