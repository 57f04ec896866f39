"""Files that people handed in, given out again: never shown as a page of this site."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from units.access import signed_in
from units.models import Attachment, FileKind
from units.services.files import path_of

TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.JPG: "image/jpeg",
    FileKind.PNG: "image/png",
}
SEALED = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


@signed_in
@require_safe
def attachment(request, key):
    """The bytes as an attachment in a sandbox, under the type that we found and not the one that was told."""
    row = get_object_or_404(Attachment.objects.visible_to(request.user).select_related("file"), key=key)
    try:
        content = path_of(row.file).open("rb")
    except FileNotFoundError:
        return render(request, "units/attachment_missing.html", {"attachment": row}, status=404)
    return FileResponse(
        content, as_attachment=True, filename=row.name, content_type=TYPES[row.file.kind], headers=SEALED
    )
