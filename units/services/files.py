"""Taking files in: examined, stored once by their hash, and only then named by rows."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Sum

from phongtho_thidua.lib import clock
from phongtho_thidua.lib.files import blobs, examine
from phongtho_thidua.lib.files.scanner import ScannerDown, finds_harm
from phongtho_thidua.lib.vietnamese import format_number
from units import audit
from units.models import Attachment, StoredFile, Unit, User

ONLY_THE_UNIT = "Chỉ cán bộ đầu mối, thủ trưởng của đơn vị hoặc Phòng Nội vụ tải tệp lên được."
CHUNK = 1 << 18

_NO_SCANNER = "Máy quét vi-rút chưa trả lời nên chưa nhận tệp. Thử lại sau ít phút, hoặc báo quản trị viên."
_HARMFUL = "Không nhận tệp này: máy quét thấy mã độc. Quét máy đang dùng trước khi tải tệp khác."
_NO_ROOM = "Kho tệp của hệ thống sắp đầy nên chưa nhận thêm tệp. Nội dung khác vẫn lưu được. Báo quản trị viên."


@dataclass(frozen=True)
class Received:
    """Bytes that are on disk and have no row yet; without one within a day they are swept away."""

    digest: str
    kind: str
    name: str
    size: int


def store(*, upload, unit: Unit, by: User) -> Attachment:
    """Take in `upload` for `unit`. Raises PermissionDenied, or ValidationError with the sentence for the person.

    The bytes are on disk before the rows: whoever is killed in between leaves a file without a row, never the reverse.
    """
    return enter(received=receive(upload=upload, unit=unit, by=by), unit=unit, by=by)


def receive(*, upload, unit: Unit, by: User) -> Received:
    """The long part of `store`, outside any transaction: up to some seconds in which nobody else has to wait."""
    if not by.has_perm("units.attach_file", unit):
        raise PermissionDenied(ONLY_THE_UNIT)
    verdict = examine(upload.file, upload.name or "")
    if verdict.refused:
        raise ValidationError(verdict.refused)
    content = upload.file if verdict.cleaned is None else BytesIO(verdict.cleaned)
    size = content.seek(0, 2)
    _refuse_without_room(unit, size)
    _refuse_harm(content)
    try:
        digest = blobs.keep(settings.FILES_DIR, _chunks(content))
    except OSError as error:
        raise ValidationError(_NO_ROOM) from error
    return Received(digest, verdict.kind, verdict.name, size)


def _chunks(content) -> Iterator[bytes]:
    content.seek(0)
    return iter(lambda: content.read(CHUNK), b"")


def _refuse_without_room(unit: Unit, size: int) -> None:
    settings.FILES_DIR.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(settings.FILES_DIR).free - size < settings.FILES_KEPT_FREE:
        raise ValidationError(_NO_ROOM)
    used = Attachment.objects.filter(unit=unit).aggregate(all=Sum("file__size"))["all"] or 0
    if used + size > settings.UNIT_QUOTA:
        whole = format_number(settings.UNIT_QUOTA >> 20)
        raise ValidationError(f"{unit.name} đã dùng hết {whole} MB dành cho tệp. Gỡ bớt tệp không dùng rồi tải lại.")


def _refuse_harm(content) -> None:
    if not settings.CLAMD_SOCKET:
        return
    try:
        harmful = finds_harm(settings.CLAMD_SOCKET, _chunks(content))
    except ScannerDown as error:
        raise ValidationError(_NO_SCANNER) from error
    if harmful:
        raise ValidationError(_HARMFUL)


@transaction.atomic
def enter(*, received: Received, unit: Unit, by: User) -> Attachment:
    """The rows of `receive`. The row of the bytes is locked, so that the sweeper lets it be."""
    file, _ = StoredFile.objects.update_or_create(
        digest=received.digest,
        defaults={"stored_at": clock.now()},
        create_defaults={"kind": received.kind, "size": received.size},
    )
    attachment = Attachment.objects.create(file=file, unit=unit, name=received.name, uploaded_by=by)
    audit.record(actor=by, action="attach", target=attachment, label=f"tải lên tệp {attachment.name}")
    return attachment


def path_of(file: StoredFile) -> Path:
    return blobs.path_of(settings.FILES_DIR, file.digest)
