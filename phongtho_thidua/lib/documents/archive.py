"""Word and Excel files are zip archives that remember when they were made. Ours know only the day of the document."""

import re
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_CORE = "docProps/core.xml"
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:(?:created|modified)>)")


def settled(archive: bytes, day: date | None) -> bytes:
    """The same archive without any trace of the moment it was written; `day` None leaves no date at all."""
    result = BytesIO()
    with ZipFile(BytesIO(archive)) as source, ZipFile(result, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(_entry(name), _dated(content, day) if name == _CORE else content)
    return result.getvalue()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name)  # 1 January 1980, the first day a zip archive knows
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _dated(core: bytes, day: date | None) -> bytes:
    if day is None:
        return _STAMP.sub(b"", core)
    return _STAMP.sub(rb"\g<1>%sT00:00:00Z\g<2>" % day.isoformat().encode(), core)
