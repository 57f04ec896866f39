"""Sample evidence: two files and the number of a document for some communes, kept by the deeds of real ones."""

from io import BytesIO

import docx
import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from phongtho_thidua.lib.documents.archive import settled
from reports.models import Entry, Evidence, Figure
from reports.services import evidence
from units.models import Unit, User

NOTICE = "Tệp của dữ liệu mẫu."
PLANNED, SPENT = "HT6.von_ke_hoach", "HT6.von_giai_ngan"
# Whose evidence of which year: reports that were accepted, wait, are under review, and one that is being written.
KEPT = {
    2023: ("xa-nam-xe",),
    2024: ("xa-ban-lang", "xa-khong-lao", "xa-ma-li-pho", "xa-huoi-luong"),
}


def lay(unit: Unit, year: int, answers: dict[str, Entry | Figure], by: User) -> None:
    """Beside the answers of one report, given by the code of their criterion or indicator."""
    if unit.key not in KEPT.get(year, ()):
        return
    ledger = _keep(unit, f"Bảng đối chiếu Kho bạc tháng 11-{year}.xlsx", _ledger(unit, year, answers), by)
    minutes = _keep(unit, f"Biên bản nghiệm thu đường giao thông {year}.docx", _minutes(unit, year), by)
    letter = evidence.add_reference(
        unit=unit, title="Báo cáo kết quả giải ngân", document=f"214/BC-UBND, 15/11/{year}", by=by
    )
    for piece, codes in ((ledger, (PLANNED, SPENT)), (minutes, ("HT2", "HT6")), (letter, (SPENT,))):
        for code in codes:
            if code in answers:
                evidence.attach(evidence=piece, answer=answers[code], by=by)


def _keep(unit: Unit, name: str, content: bytes, by: User) -> Evidence:
    return evidence.add_file(unit=unit, upload=SimpleUploadedFile(name, settled(content, None)), by=by)


def _ledger(unit: Unit, year: int, answers: dict) -> bytes:
    book, out = openpyxl.Workbook(), BytesIO()
    book.active.append([f"{NOTICE} {unit.name}, năm {year}"])
    for code in (PLANNED, SPENT):
        if code in answers:
            answers[code].refresh_from_db(fields=["value"])
            book.active.append([answers[code].indicator.name, answers[code].indicator.unit, answers[code].value])
    book.save(out)
    return out.getvalue()


def _minutes(unit: Unit, year: int) -> bytes:
    paper, out = docx.Document(), BytesIO()
    paper.add_heading("Biên bản nghiệm thu", level=1)
    paper.add_paragraph(f"{NOTICE} {unit.name}, năm {year}.")
    paper.save(out)
    return out.getvalue()
