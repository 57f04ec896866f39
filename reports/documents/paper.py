"""A snapshot as a document. Reads the snapshot and nothing else, so the same snapshot always gives the same paper."""

import json

from phongtho_thidua.lib.documents.model import Annex, Block, Document, Heading, Letterhead, Signature, roman
from phongtho_thidua.lib.sections import Section, sections_of

Part = tuple[Section, list[Block | Annex]]


def parts_of(data: dict) -> list[Section]:
    """The sections whose data the snapshot holds, in their order."""
    return [section for section in sections_of(data["kind"]) if section.name in data["sections"]]


def laid_out(section: Section, data: dict) -> Part:
    return section, section.lay_out(data["sections"][section.name])


def bound(data: dict, digest: str, parts: list[Part]) -> Document:
    """The parts under their numbered headings, the annexes behind them, and the head and foot of an official report."""
    head = data["head"]
    return Document(
        subject=head["subject"],
        letterhead=Letterhead(head["parent"], head["issuer"]),
        symbol=head["symbol"],
        place=head["place"],
        addressees=tuple(head["addressees"]),
        bases=tuple(head["bases"]),
        blocks=tuple(_body(parts)),
        annexes=tuple(block for _, blocks in parts for block in blocks if isinstance(block, Annex)),
        signature=Signature(tuple(head["authority"])),
        distribution=tuple(head["distribution"]),
        sample=head["sample"],
        reference=short(digest),
    )


def paper_of(text: str, digest: str) -> Document:
    """The document of a stored snapshot."""
    data = json.loads(text)
    return bound(data, digest, [laid_out(section, data) for section in parts_of(data)])


def short(digest: str) -> str:
    """What a person can compare: `7f3a 91c2`."""
    return f"{digest[:4]} {digest[4:8]}"


def _body(parts: list[Part]):
    number = 0
    for section, blocks in parts:
        own = [block for block in blocks if not isinstance(block, Annex)]
        if own:
            number += 1
            yield Heading(f"{roman(number)}. {section.title}", 1)
            yield from own
