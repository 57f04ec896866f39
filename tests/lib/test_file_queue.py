"""The queue in a folder: what a reader finds there is a whole message."""

from pathlib import Path

import pytest
from kombu import Connection
from kombu.transport.virtual.base import BrokerState

from phongtho_thidua.celery import app
from phongtho_thidua.lib.file_queue import Transport

TRANSPORT = "phongtho_thidua.lib.file_queue:Transport"


@pytest.fixture
def folder(tmp_path):
    for part in ("messages", "control", "processed"):
        (tmp_path / part).mkdir()
    return tmp_path


@pytest.fixture
def queue(folder, monkeypatch):
    monkeypatch.setattr(Transport, "global_state", BrokerState())  # which else remembers the last test's folder
    messages = str(folder / "messages")
    options = {"data_folder_in": messages, "data_folder_out": messages, "store_processed": True}
    options |= {"control_folder": str(folder / "control"), "processed_folder": str(folder / "processed")}
    with Connection("filesystem://localhost", transport=TRANSPORT, transport_options=options) as connection:
        yield connection.SimpleQueue("celery")


def test_message_comes_out_as_it_went_in(queue):
    queue.put({"tên": "Nậm Xe"})
    assert queue.get(timeout=1).payload == {"tên": "Nậm Xe"}


def test_message_is_not_seen_before_it_is_written(queue, folder, monkeypatch):
    """The reader looks at the moment that used to kill it: the file is there, the words are not."""
    seen, write = [], Path.write_text

    def look_first(path, text):
        path.touch()
        seen.append([one.name for one in (folder / "messages").glob("*.msg")])
        return write(path, text)

    monkeypatch.setattr(Path, "write_text", look_first)
    queue.put("Đợt một")
    assert seen == [[]]
    assert queue.get(timeout=1).payload == "Đợt một"


def test_embedded_site_uses_this_queue(settings):
    if settings.REDIS_URL:
        pytest.skip("this run has a Redis server")
    with app.connection_for_write() as connection:
        assert type(connection.transport).__module__ == TRANSPORT.partition(":")[0]
