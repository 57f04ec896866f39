"""One document, three faces: the same words and figures in the same order, whatever people typed."""

import subprocess
import sys
import unicodedata
import zipfile
from datetime import date
from hashlib import sha256
from io import BytesIO

import pytest

from phongtho_thidua.lib.documents import docx, pdf, xlsx
from phongtho_thidua.lib.documents.model import (
    Annex,
    Bullets,
    Column,
    Document,
    Heading,
    Letterhead,
    Paragraph,
    Signature,
    Table,
)
from phongtho_thidua.lib.documents.words import words_of
from phongtho_thidua.lib.vietnamese import clean_text
from tests.lib.documents_example import example
from tests.lib.documents_reading import docx_words, pdf_words, xlsx_words

FACES = {"pdf": (pdf.render, pdf_words), "docx": (docx.render, docx_words), "xlsx": (xlsx.render, xlsx_words)}
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": "\" onload='alert(1)' x=\"",
    "entity": "&lt;b&gt; &amp; &#x41; ]]> <!-- --> <?xml?>",
    "formula": "=1+1",
    "plus": "+84 912 345 678",
    "minus": "-12,5 =cmd|'/C calc'!A0",
    "at": "@SUM(1)",
    "error": "#N/A",
    "template": "{{7*7}} {% debug %} {{ document }}",
    "address": 'url(http://127.0.0.1:9/) <img src="file:///etc/passwd">',
    "accents": unicodedata.normalize("NFD", "Tiếng Việt ở Đồng Ruộng"),
    "stacked": "Ể Ộ ẵ ử Đ Ữ ỵ",
    "quotes": "'\"`´“”",
    "underscore": "_x0041_",
    "sheet name": "[Bảng]: */?\\ '",
}


def everywhere(text):
    """A document that has `text` in every place that takes text."""
    table = Table(
        text, (Column(text, text), Column("Số", kind="number")), [(text, text), (None, "")], (text, None), text
    )
    blocks = (Heading(text), Heading(text, 2), Paragraph.of(text, text), Bullets.of(text), table)
    return Document(
        subject=text, kind_name=text, symbol=text, letterhead=Letterhead(text, text), blocks=blocks, place=text,
        signature=Signature((text,), text), addressees=(text, text), bases=(text,), distribution=(text,),
        annexes=(Annex(text, (*blocks, Table("", (Column(text),), [(text,)]))),), reference=text,
    )  # fmt: skip


def squeezed(words):
    """Without white space and invisible breaks: a word too long for its column is broken by the page."""
    return unicodedata.normalize("NFC", "".join(words)).replace("\u200b", "")


@pytest.mark.parametrize("face", FACES)
def test_face_has_exactly_the_words_of_the_document(face):
    render, read = FACES[face]
    document = example()
    assert read(render(document)) == words_of(document)


@pytest.mark.parametrize("face", FACES)
def test_face_without_optional_parts_has_exactly_its_words(face):
    render, read = FACES[face]
    document = example(
        addressees=("Ủy ban nhân dân huyện",), bases=(), distribution=(), annexes=(), blocks=(),
        day=None, number=None, reference="", letterhead=Letterhead("", "Phòng Nội vụ"),
        signature=Signature(("TM. Ủy ban nhân dân", "Chủ tịch")),
    )  # fmt: skip
    assert read(render(document)) == words_of(document)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_comes_out_as_the_same_harmless_text(face, name):
    render, read = FACES[face]
    document = everywhere(clean_text(HOSTILE[name]))
    assert squeezed(read(render(document))) == squeezed(words_of(document))


@pytest.mark.parametrize("face", FACES)
def test_text_read_from_right_to_left_loses_no_letter(face):
    render, read = FACES[face]
    document = everywhere(clean_text("שלום \u202eabc"))
    assert sorted(squeezed(read(render(document)))) == sorted(squeezed(words_of(document)))


@pytest.mark.slow
@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("text", ["ẵ" * 40_000, "Đường bê tông " * 2_900], ids=["one word", "many words"])
def test_text_longer_than_a_cell_of_excel_is_not_cut(face, text):
    render, read = FACES[face]
    table = Table("Bảng dài", (Column(""),), [(text,)])  # a head without words, as it is repeated on every page
    document = example(blocks=(Paragraph.of(text), table), annexes=())
    assert squeezed(read(render(document))) == squeezed(words_of(document))


@pytest.mark.parametrize("face", FACES)
def test_empty_texts_everywhere_raise_nothing(face):
    render, read = FACES[face]
    document = everywhere("")
    assert read(render(document)) == words_of(document)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("day", [None, date(2025, 1, 9)])
def test_same_document_gives_the_same_bytes(face, day):
    render, _ = FACES[face]
    assert render(example(day=day)) == render(example(day=day))


@pytest.mark.parametrize("face", [docx, xlsx])
def test_archive_remembers_no_time_of_writing(face):
    with zipfile.ZipFile(BytesIO(face.render(example()))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_same_document_gives_the_same_bytes_in_another_process():
    program = (
        "from hashlib import sha256; from tests.lib.documents_example import example;"
        "from phongtho_thidua.lib.documents import docx, pdf, xlsx;"
        "print(*(sha256(face.render(example())).hexdigest() for face in (pdf, docx, xlsx)))"
    )
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert other.stdout.split() == [sha256(face.render(example())).hexdigest() for face in (pdf, docx, xlsx)]
