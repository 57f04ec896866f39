"""How wide the columns of a printed table are and how large its letters: no word, name or figure is ever cut in two."""

import re
from dataclasses import dataclass

from phongtho_thidua.lib.documents.model import Table

PORTRAIT_MM = 165  # A4 less the margins of 30 and 15 mm
LANDSCAPE_MM = 252

_SIZES_PT = (12, 11, 10, 9, 8, 7)
_DENSE_PT = 9
_PT_MM = 25.4 / 72
_PADDING_MM = 2.6
_WIDEST_WORD_MM = 60  # a longer word is not a word and may be broken
_BREAKS = re.compile(r"[ \n\t]+|(?<=[-/])(?=\w)")


@dataclass(frozen=True)
class Fit:
    size_pt: int
    widths_mm: tuple[float, ...]


def fit(table: Table, page_mm: float) -> Fit:
    """The largest letters at which every column holds its longest word, then the shares the table asked for."""
    ems = _longest_words_em(table)
    for size in (size for size in _SIZES_PT if size <= _DENSE_PT or not table.dense):
        needed = [min(em * size * _PT_MM, _WIDEST_WORD_MM) + _PADDING_MM for em in ems]
        if sum(needed) <= page_mm:
            break
    return Fit(size, tuple(_shared_out(page_mm, table.width_shares(), needed)))


def _longest_words_em(table: Table) -> list[float]:
    columns = zip(*table.all_rows, strict=True) if table.all_rows else ((),) * len(table.columns)
    heads = (column.head for column in table.columns)
    return [max(map(_em, _words(head, *cells))) for head, cells in zip(heads, columns, strict=True)]


def _words(*cells) -> list[str]:
    return [word for cell in cells if cell is not None for word in _BREAKS.split(str(cell))] or [""]


def _em(word: str) -> float:
    """Width in ems, a little too wide: capitals of Times take 0.72, digits and small letters about half."""
    capitals = sum(char.isupper() or char in "m%" for char in word)
    narrow = sum(char in "\u00a0.,:;iltfj()-/" for char in word)
    return 0.74 * capitals + 0.32 * narrow + 0.52 * (len(word) - capitals - narrow)


def text_mm(text: str, size_pt: float) -> float:
    """About how long a line of text is, for the rules under a heading."""
    return sum(map(_em, text.split(" "))) * size_pt * _PT_MM + 0.25 * text.count(" ") * size_pt * _PT_MM


def _shared_out(page: float, shares: list[float], needed: list[float]) -> list[float]:
    """Every column its need first; columns whose share is wider than their need divide the rest by their shares."""
    if sum(needed) >= page:
        return [need * page / sum(needed) for need in needed]
    fixed: set[int] = set()
    while True:
        left = page - sum(needed[i] for i in fixed)
        open_shares = sum(share for i, share in enumerate(shares) if i not in fixed)
        widths = [needed[i] if i in fixed else left * share / open_shares for i, share in enumerate(shares)]
        tight = {i for i, width in enumerate(widths) if width < needed[i] - 1e-9}
        if not tight:
            return widths
        fixed |= tight
