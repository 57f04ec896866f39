"""The words and figures of a document in reading order: what every face must contain, neither more nor less."""

from collections.abc import Iterable, Iterator

from phongtho_thidua.lib.documents.model import (
    ADDRESSED_TO,
    MOTTO,
    NATION,
    RECIPIENTS,
    Block,
    Bullets,
    Document,
    Heading,
    Paragraph,
    Table,
    numbered,
)


def words_of(document: Document) -> list[str]:
    """Split at white space. The dashes of lists are layout and left out, as are page numbers and the sample mark."""
    return split_words(lines_of(numbered(document)))


def split_words(lines: Iterable[str]) -> list[str]:
    return [word for line in lines for word in line.split() if word != "-"]


def lines_of(document: Document) -> Iterator[str]:
    yield from front_lines(document)
    yield from block_lines(document.blocks)
    yield from closing_lines(document)
    for index, annex in enumerate(document.annexes):
        yield from (document.annex_label(index), annex.printed, document.annex_source)
        yield from block_lines(annex.blocks)


def front_lines(document: Document) -> Iterator[str]:
    yield from document.letterhead.parent_lines
    yield from document.letterhead.issuer_lines
    yield from (NATION, MOTTO, document.number_line, document.brief, document.day_line, *document.title_lines)
    if document.addressees:
        yield ADDRESSED_TO
    yield from document.addressee_lines
    yield from document.base_lines


def closing_lines(document: Document) -> Iterator[str]:
    if document.distribution:
        yield RECIPIENTS
    yield from document.distribution_lines
    yield document.reference_line
    yield from document.signature.lines
    yield document.signature.name


def block_lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading():
                yield block.printed
            case Paragraph():
                yield str(block)
            case Bullets():
                yield from map(str, block.items)
            case Table():
                yield from table_lines(block)


def table_lines(table: Table) -> Iterator[str]:
    yield table.caption
    yield from (column.head for column in table.columns)
    yield from (str(cell) for row in table.all_rows for cell in row if cell is not None)
    yield table.note
