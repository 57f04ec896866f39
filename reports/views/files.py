"""Files that leave the system: attachments in a sandbox, so that nothing in them acts as a page of this site."""

from io import BytesIO

from django.http import FileResponse

from reports.models import Face

TYPES = {
    Face.PDF: "application/pdf",
    Face.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Face.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SEALED = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


def attachment(content: bytes, title: str, face: Face) -> FileResponse:
    name = f"{title}.{face}"
    return FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type=TYPES[face], headers=SEALED)
