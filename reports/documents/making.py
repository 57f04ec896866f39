"""Making a summary: freeze the figures, lay out every section, draw the three faces; then write it all at once."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.db.models import Max

from phongtho_thidua.lib.documents import docx, pdf, xlsx
from phongtho_thidua.lib.sections import sections_of
from reports.documents import paper, snapshot, store
from reports.models import Face, IssuedFile, Job, Progress, Snapshot, Summary, SummaryKind
from units import audit, notify
from units.models import User

FREEZE = "Chốt số liệu"
_RENDERERS = {Face.PDF: pdf.render, Face.DOCX: docx.render, Face.XLSX: xlsx.render}


class Teller(Protocol):
    """What `make` tells its progress to: the job's own row, or a terminal."""

    def plan(self, titles: list[str]) -> None: ...

    def step(self, title: str): ...


@dataclass(frozen=True)
class Made:
    """A finished summary that nobody sees yet: `files` holds the bytes of each face."""

    data: str
    digest: str
    files: dict[Face, bytes]


def make(period_id: int, progress: Teller) -> Made:
    """The long part, without a transaction around it. What a section or renderer raises comes through `progress`."""
    sections = sections_of(SummaryKind.YEARLY.value)
    progress.plan([FREEZE, *(section.title for section in sections), *(_face_title(face) for face in Face)])
    with progress.step(FREEZE):
        text = snapshot.take(period_id)
        data, digest = json.loads(text), snapshot.digest_of(text)
    parts = []
    for section in sections:
        with progress.step(section.title):
            parts.append(paper.laid_out(section, data))
    document, files = paper.bound(data, digest, parts), {}
    for face, render in _RENDERERS.items():
        with progress.step(_face_title(face)):
            files[face] = render(document)
    return Made(text, digest, files)


def _face_title(face: Face) -> str:
    return f"Bản {face.label}"


def make_for_job(job: Job, progress: Progress) -> Callable[[], dict]:
    """The work of a job of kind "summary". The right to order is asked again: it may have ended meanwhile."""
    summary = Summary.objects.get(pk=job.params["summary"])
    owner = User.objects.get(pk=job.owner_id)
    if not owner.has_perm("reports.order_summary"):
        raise PermissionDenied
    made = make(summary.period_id, progress)
    kept = {face: store.keep(content) for face, content in made.files.items()}
    return lambda: deliver(summary, made, kept, owner)


def deliver(summary: Summary, made: Made, kept: dict[Face, str], owner: User) -> dict:
    """All rows of one draft, in the caller's transaction."""
    Summary.objects.select_for_update().get(pk=summary.pk)  # drafts are numbered one after the other
    last = summary.snapshots.aggregate(last=Max("number"))["last"] or 0
    draft = Snapshot.objects.create(
        summary=summary,
        number=last + 1,
        taken_at=datetime.fromisoformat(json.loads(made.data)["taken_at"]),
        ordered_by=owner,
        data=made.data,
        digest=made.digest,
    )
    IssuedFile.objects.bulk_create(
        IssuedFile(snapshot=draft, face=face, digest=kept[face], size=len(content))
        for face, content in made.files.items()
    )
    audit.record(actor=None, action="finish_summary", target=summary, label=f"lập xong dự thảo {draft.number}",
                 note=f"Mã đối chiếu {paper.short(made.digest)}")  # fmt: skip
    _tell(summary, owner, "summary_done", f"{summary} đã lập xong, dự thảo {draft.number}.")
    return {"snapshot": draft.pk}


def tell_failure(job: Job, sentence: str) -> None:
    """In the transaction that ends the job: the history and the person who ordered learn why."""
    summary = Summary.objects.get(pk=job.params["summary"])
    audit.record(actor=None, action="fail_summary", target=summary, label="chưa lập được văn bản", note=sentence)
    _tell(summary, job.owner, "summary_failed", f"{summary} chưa lập được. {sentence}")


def _tell(summary: Summary, owner: User, kind: str, text: str) -> None:
    notify.tell([owner], kind=kind, text=text[:400], url=summary.get_absolute_url())
