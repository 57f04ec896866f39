"""Taking files in and giving them out: who may, what is refused, what lies on the disk afterwards."""

import os
import shutil
import socket
import threading
import time
from collections import namedtuple

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from phongtho_thidua.lib.files import blobs
from tests.lib import hostile
from units.models import Attachment, AuditEvent, StoredFile
from units.services import files
from units.tasks import sweep_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("december")]

NAMES = [  # row 39 of the corpus: as a browser, or somebody else, may send them
    r"..\..\x.pdf",
    "x.pdf%00.html",
    "CON.pdf",
    ".htaccess",
    "d" * 300 + ".pdf",
    "hóa đơn\u202efdp.exe",
    "Bie\u0302n ba\u0309n.pdf",
    "ảnh 📷.pdf",
    "x.pdf.",
    'a;b"c\r\nX: y.pdf',
]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    settings.FILES_KEPT_FREE = 0
    return settings.FILES_DIR


@pytest.fixture
def keep(cast):
    """`keep()`: a small PDF of xã Nậm Xe, taken in by its officer."""

    def put(data=None, name="Biên bản.pdf", by=None, unit=None):
        upload = SimpleUploadedFile(name, hostile.pdf() if data is None else data)
        return files.store(upload=upload, unit=unit or cast.home, by=by or cast.officer)

    return put


def on_disk(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")


# --- in ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["other_officer", "lead", "admin", "nobody", "company_officer"])
def test_nobody_takes_in_files_for_another_unit(cast, keep, folder, who):
    with pytest.raises(PermissionDenied, match="Chỉ cán bộ đầu mối"):
        keep(by=getattr(cast, who))
    assert not folder.exists()


@pytest.mark.parametrize("who", ["officer", "head", "reviewer"])
def test_the_unit_and_the_standing_office_do(cast, keep, who):
    assert keep(by=getattr(cast, who)).unit == cast.home


@pytest.mark.parametrize("number", ["1", "8", "12", "15", "31", "33", "40"])
def test_what_is_refused_leaves_nothing_behind(keep, folder, number):
    with pytest.raises(ValidationError, match="Không nhận tệp này: "):
        keep(hostile.CORPUS[number]())
    told = AuditEvent.objects.filter(action="attach").count()
    assert (StoredFile.objects.count(), Attachment.objects.count(), told) == (0, 0, 0)
    assert not folder.exists()


def test_same_bytes_twice_are_two_records_and_one_blob(cast, keep, folder):
    first, second = keep(), keep(name="Tên khác.pdf", unit=cast.other, by=cast.other_officer)
    assert first.file == second.file
    assert first.key != second.key
    assert [path.name for path in on_disk(folder)] == [first.file.digest]


def test_a_picture_is_kept_without_its_place(keep):
    photograph = hostile.photograph()
    kept = files.path_of(keep(photograph, "Ảnh công trình.jpg").file).read_bytes()
    assert b"Exif" not in kept
    assert len(kept) < len(photograph)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_never_becomes_a_path_or_a_header(cast, client_of, keep, folder, name):
    row = keep(name=name)
    answer = client_of(cast.officer).get(row.get_absolute_url())
    told = answer.headers["Content-Disposition"]
    assert [path.name for path in on_disk(folder)] == [row.file.digest]
    assert len(row.name) <= 120
    assert row.name.endswith(".pdf")
    assert not set(row.name) & set('\\/:*?"<>|\r\n\0\u202e')
    assert told.startswith("attachment; filename")
    assert "\n" not in told
    assert "X" not in answer.headers


def test_large_files_come_through_the_disk(cast, settings):
    upload = TemporaryUploadedFile("lớn.pdf", "application/pdf", 0, None)
    upload.write(hostile.pdf(hostile.stream(os.urandom(3 << 20), b"")))
    upload.seek(0)
    assert files.store(upload=upload, unit=cast.home, by=cast.officer).file.size > 3 << 20


def test_a_unit_has_its_measure(settings, keep):
    settings.UNIT_QUOTA = len(hostile.pdf()) + 10
    keep()
    with pytest.raises(ValidationError, match="đã dùng hết"):
        keep(hostile.pdf(b"<<>>"))


def test_a_full_disk_is_told_in_words_and_leaves_no_row(settings, keep, monkeypatch, folder):
    def refuse(*told):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(blobs.os, "fsync", refuse)
    with pytest.raises(ValidationError, match="sắp đầy"):
        keep()
    assert on_disk(folder) == []
    monkeypatch.undo()
    settings.FILES_KEPT_FREE = 1 << 60
    with pytest.raises(ValidationError, match="sắp đầy"):
        keep()
    assert StoredFile.objects.count() == 0


# --- out --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (hostile.pdf(), "Biên bản.pdf", "application/pdf"),
        (hostile.photograph(), "ảnh.jpg", "image/jpeg"),
        (hostile.png(), "ảnh.png", "image/png"),
        (hostile.workbook(), "bảng.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (hostile.document(), "đơn.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (hostile.document(), "đơn.html", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_every_file_goes_out_sealed(cast, client_of, keep, data, name, told):
    answer = client_of(cast.officer).get(keep(data, name).get_absolute_url(), headers={"range": "bytes=0-3"})
    assert answer.status_code == 200  # parts are not served: nothing depends on where they would begin
    assert answer.headers["Content-Type"] == told
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert b"".join(answer.streaming_content)[:2] == data[:2]


def test_a_file_that_is_gone_is_told_in_words(cast, client_of, keep):
    row = keep()
    files.path_of(row.file).unlink()
    answer = client_of(cast.officer).get(row.get_absolute_url())
    assert answer.status_code == 404
    assert "không còn trên máy chủ" in answer.content.decode()


def test_a_download_costs_the_same_however_many_files_there_are(cast, client_of, keep):
    row, client = keep(), client_of(cast.officer)
    with CaptureQueriesContext(connection) as few:
        client.get(row.get_absolute_url())
    for number in range(30):
        keep(hostile.pdf(b"<</N %d>>" % number))
    with CaptureQueriesContext(connection) as many:
        client.get(row.get_absolute_url())
    assert len(few) == len(many)


# --- a scanner --------------------------------------------------------------------------------------------------------


@pytest.fixture
def clamd(settings, tmp_path):
    """A scanner behind a socket that knows EICAR, as clamd does."""
    address = str(tmp_path / "clamd.ctl")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen()

    def answer():
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            with line, line.makefile("rb") as heard:
                heard.read(10)
                data = b""
                while size := int.from_bytes(heard.read(4)):
                    data += heard.read(size)
                line.sendall(b"stream: Eicar-Signature FOUND\0" if hostile.EICAR in data else b"stream: OK\0")

    threading.Thread(target=answer, daemon=True).start()
    settings.CLAMD_SOCKET = address
    yield
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


@pytest.mark.usefixtures("clamd")
def test_what_the_scanner_knows_is_refused(keep):
    with pytest.raises(ValidationError, match="mã độc"):
        keep(hostile.pdf(hostile.stream(hostile.EICAR, b"")))
    assert keep().pk


def test_while_the_scanner_is_down_nothing_is_taken_in(keep, settings, tmp_path, folder):
    settings.CLAMD_SOCKET = str(tmp_path / "nobody")
    with pytest.raises(ValidationError, match="Máy quét vi-rút chưa trả lời"):
        keep()
    assert Attachment.objects.count() == 0


# --- crashes and the sweeper ------------------------------------------------------------------------------------------


def aged(path):
    os.utime(path, (time.time() - blobs.GRACE - 60,) * 2)


def test_a_kill_between_file_and_row_leaves_a_file_that_the_sweeper_takes(cast, keep, folder):
    row, upload = keep(), SimpleUploadedFile("mồ côi.pdf", hostile.pdf(b"<<>>"))
    orphan = files.path_of(files.receive(upload=upload, unit=cast.home, by=cast.officer))  # and the power fails
    half = folder / ".new-half"
    half.write_bytes(b"%PDF-1.7")
    assert sweep_files() == 0  # an upload may be at work
    for path in (orphan, half, files.path_of(row.file)):
        aged(path)
    assert sweep_files() == 2
    assert on_disk(folder) == [files.path_of(row.file)]


def test_bytes_that_come_in_again_are_young_again(keep, folder):
    path = files.path_of(keep().file)
    aged(path)
    Attachment.objects.all().delete()
    StoredFile.objects.all().delete()
    keep()
    assert sweep_files() == 0
    assert path.exists()


def test_a_file_that_nobody_names_any_more_is_forgotten_after_a_day(keep, folder):
    from datetime import timedelta

    row = keep()
    row.delete()
    assert (sweep_files(), StoredFile.objects.count()) == (0, 1)
    StoredFile.objects.update(stored_at=row.file.stored_at - timedelta(days=2))
    aged(files.path_of(row.file))
    assert (sweep_files(), StoredFile.objects.count()) == (0, 0)  # the row first; a backup may still be at work
    aged(files.path_of(row.file))
    assert sweep_files() == 1
    assert on_disk(folder) == []


# --- the way in over HTTP ---------------------------------------------------------------------------------------------


def test_too_many_files_or_fields_are_a_bad_request(cast, client_of):
    client = client_of(cast.officer)
    uploads = [SimpleUploadedFile(f"{n}.pdf", b"%PDF-") for n in range(1_001)]
    assert client.post("/minh-chung/", {"files": uploads}).status_code == 400
    assert client.post("/minh-chung/", {f"f{n}": "" for n in range(10_001)}).status_code == 400


def test_a_body_that_is_too_large_or_of_no_known_length_is_not_read(cast, client_of, settings):
    client = client_of(cast.officer)
    answer = client.post("/minh-chung/", {}, headers={"content-length": str(settings.LARGEST_REQUEST + 1)})
    assert answer.status_code == 413
    assert "64 MB" in answer.content.decode()
    assert client.post("/minh-chung/", {}, headers={"transfer-encoding": "chunked"}).status_code == 411


Shown = namedtuple("Shown", "free")


def test_the_last_gigabyte_is_kept_for_everything_else(keep, settings, monkeypatch):
    settings.FILES_KEPT_FREE = 1 << 30
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Shown(free=(1 << 30) + 100))
    with pytest.raises(ValidationError, match="sắp đầy"):
        keep()
