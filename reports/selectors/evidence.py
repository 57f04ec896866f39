"""What lies beside the answers of a report: pieces of evidence as chips, and the figures that have none."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db.models import Prefetch

from criteria.scoring import AnswerKind
from phongtho_thidua.lib.vietnamese import format_number
from reports.models import AnnualReport, Evidence, EvidenceUse
from units.models import FileKind

_ICONS = {
    FileKind.PDF: "file-earmark-pdf",
    FileKind.DOCX: "file-earmark-word",
    FileKind.XLSX: "file-earmark-spreadsheet",
}


@dataclass(frozen=True)
class Chip:
    """One piece beside an answer: `url` is empty for a document that is only named, `about` is its size or number."""

    use: int
    evidence: int
    icon: str
    title: str
    about: str
    url: str


def size_words(size: int) -> str:
    """`812 kB`, `1,2 MB`: the way people are used to read it."""
    if size < 1_000_000:
        return f"{format_number(max(size // 1000, 1))} kB"
    return f"{format_number(size / 1_000_000, 1)} MB"


def face_of(evidence: Evidence) -> tuple[str, str, str]:
    """Icon, what stands after the name, address."""
    if evidence.attachment:
        file = evidence.attachment.file
        return _ICONS.get(file.kind, "paperclip"), size_words(file.size), evidence.attachment.get_absolute_url()
    if evidence.link:
        return "link-45deg", urlsplit(evidence.link).hostname or "", evidence.link
    return "journal-text", "" if evidence.document == evidence.title else evidence.document, ""


def uses_of(report: AnnualReport) -> dict[str, list[Chip]]:
    """By the key of the answer (`entry-12`, `figure-34`), in the order added; one query for the whole page."""
    found = defaultdict(list)
    uses = report.evidence_uses.select_related("evidence__attachment__file")
    for use in uses:
        icon, about, url = face_of(use.evidence)
        key = f"figure-{use.figure_id}" if use.figure_id else f"entry-{use.entry_id}"
        found[key].append(Chip(use.pk, use.evidence_id, icon, use.evidence.title, about, url))
    return found


def readable_attachments(user):
    """Ids of the files that this person reads because of what they prove."""
    return Evidence.objects.visible_to(user).filter(attachment__isnull=False).order_by().values("attachment")


def add_evidence(blocks: Iterable, report: AnnualReport) -> None:
    """Every block and line of the sheet gets its chips."""
    found = uses_of(report)
    for block in blocks:
        block.evidence = found.get(block.entry.key, [])
        for line in block.lines:
            line.evidence = found.get(line.key, [])


def valued_lines(blocks: Iterable) -> list[tuple]:
    """(block, line) of every figure that has a value, and so wants something to prove it."""
    return [
        (block, line)
        for block in blocks
        if block.entry.applies
        for line in block.lines
        if line.figure and line.figure.answer == AnswerKind.VALUE
    ]


def bare_lines(blocks: Iterable) -> list[tuple]:
    """Those of them that have nothing; asked after `add_evidence`."""
    return [(block, line) for block, line in valued_lines(blocks) if not line.evidence]


def shelf_of(user):
    """The pieces of one's own units, newest first, each with `.uses` and what they support."""
    uses = EvidenceUse.objects.select_related(
        "report__period", "report__unit", "entry__criterion", "figure__indicator__criterion"
    )
    pieces = Evidence.objects.filter(unit__in=user.unit_ids)
    return pieces.select_related("unit", "attachment__file", "added_by").prefetch_related(Prefetch("uses", uses))


def supported_by(evidence: Evidence) -> list[str]:
    """`Năm 2024: HT6, HT7`: what a piece proves, by year."""
    years = defaultdict(dict)
    for use in evidence.uses.all():
        criterion = use.figure.indicator.criterion if use.figure_id else use.entry.criterion
        years[use.report.period.year][criterion.code] = None
    return [f"Năm {year}: {', '.join(codes)}" for year, codes in sorted(years.items(), reverse=True)]


def proofs_of(report: AnnualReport) -> dict[str, list[dict[str, str]]]:
    """For the frozen edition: by code of the criterion or indicator what lay beside the answer, a file by its hash."""
    found = defaultdict(list)
    related = ("evidence__attachment__file", "entry__criterion", "figure__indicator")
    for use in report.evidence_uses.select_related(*related):
        piece = use.evidence
        file = piece.attachment.file.digest if piece.attachment else ""
        told = {"title": piece.title, "number": piece.document, "link": piece.link}
        code = use.figure.indicator.code if use.figure_id else use.entry.criterion.code
        found[code].append(told | {"file": file})
    return {code: sorted(its, key=lambda one: tuple(one.values())) for code, its in found.items()}


def mark_of(evidence: Evidence) -> str:
    """What `proofs_of` writes of this piece into an edition, whatever it is called by then."""
    if evidence.attachment:
        return f'"file":"{evidence.attachment.file.digest}"'
    name, value = ("link", evidence.link) if evidence.link else ("number", evidence.document)
    return f'"{name}":{json.dumps(value, ensure_ascii=False)}'
