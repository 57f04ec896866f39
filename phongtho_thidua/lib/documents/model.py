"""What an official document says, apart from how it is printed. Plain frozen data: every renderer reads the same words.

Text comes in cleaned (`lib.vietnamese.clean_text`) and in sentence case; what Nghị định 30/2020/NĐ-CP wants in capitals
is put in capitals here, once, so that the faces cannot differ.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import pairwise
from typing import Literal

from phongtho_thidua.lib.vietnamese import format_number, official_day

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
SAMPLE_MARK = "DỮ LIỆU MẪU"
NBSP = "\u00a0"
ADDRESSED_TO = "Kính gửi:"
RECIPIENTS = "Nơi nhận:"
ROOM = NBSP * 6  # as much as a pen needs for a number or a day

_WIDE = Context(prec=60)
_LONGEST_LINE = 23  # capitals of 13 pt that fit beside the Quốc hiệu
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True)
class Number:
    """A figure. `str()` gives its words (`1.234,5 m²`); Excel gets the same figure as a typed number.

    `decimals=None` shows the decimals it has. `ref` is the key of its provenance, a link on the screen face.
    Raises TypeError for anything but Decimal or int, ValueError for NaN and infinities.
    """

    value: Decimal
    decimals: int | None = None
    unit: str = ""
    ref: str = ""

    def __post_init__(self):
        if isinstance(self.value, bool) or not isinstance(self.value, Decimal | int):
            raise TypeError(f"A figure is a Decimal, not {type(self.value).__name__}.")
        object.__setattr__(self, "value", Decimal(self.value))
        if not self.value.is_finite():
            raise ValueError(f"{self.value} is not a figure.")

    @property
    def shown(self) -> Decimal:
        """The value as printed: rounded half up, so that Excel cannot round it in another way than the paper."""
        if self.decimals is None:
            return self.value
        return self.value.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP, _WIDE)

    @property
    def joined_unit(self) -> str:
        """The unit with what stands before it: nothing before %, else a space that does not break."""
        return self.unit if self.unit.startswith("%") or not self.unit else NBSP + self.unit.replace(" ", NBSP)

    def __str__(self):
        return format_number(self.shown, self.decimals) + self.joined_unit


Text = str | Number


def joined(runs: Iterable[Text]) -> str:
    return "".join(map(str, runs))


@dataclass(frozen=True)
class Heading:
    """Level 1 is `I. …`, printed in capitals; 2 is `1. …`; 3 is `a) …`. The text brings its own number."""

    text: str
    level: int = 1

    @property
    def printed(self) -> str:
        return self.text.upper() if self.level == 1 else self.text


@dataclass(frozen=True)
class Paragraph:
    runs: tuple[Text, ...]

    @classmethod
    def of(cls, *runs: Text) -> "Paragraph":
        return cls(runs)

    def __str__(self):
        return joined(self.runs)


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """What somebody typed, one paragraph for each line that says something."""
    return tuple(Paragraph.of(line.strip()) for line in text.splitlines() if line.strip())


@dataclass(frozen=True)
class Bullets:
    items: tuple[Paragraph, ...]

    @classmethod
    def of(cls, *items: "Text | Paragraph") -> "Bullets":
        return cls(tuple(item if isinstance(item, Paragraph) else Paragraph.of(item) for item in items))


@dataclass(frozen=True)
class Column:
    """`width` is a share: columns of 1, 3 and 1 take a fifth, three fifths and a fifth of the page."""

    label: str
    unit: str = ""
    kind: Literal["text", "number"] = "text"
    width: int = 1

    @property
    def head(self) -> str:
        return f"{self.label}\n({self.unit})" if self.unit else self.label


Row = tuple[Text | None, ...]


@dataclass(frozen=True)
class Table:
    """Rows are as long as `columns`, None is an empty cell; "no data" is said in words. `total` is the last row, once.

    The caption comes without a number: `numbered` gives it `Bảng 1.`, `Bảng 2.` in the order of the whole document.
    `dense` sets the long tables of an annex in small letters.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    note: str = ""
    dense: bool = False

    def __post_init__(self):
        object.__setattr__(self, "columns", tuple(self.columns))
        object.__setattr__(self, "rows", tuple(map(tuple, self.rows)))
        object.__setattr__(self, "total", None if self.total is None else tuple(self.total))
        for row in self.all_rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.caption}: a row of {len(row)} cells under {len(self.columns)} columns.")

    @property
    def all_rows(self) -> tuple[Row, ...]:
        return self.rows if self.total is None else (*self.rows, self.total)

    def width_shares(self) -> list[float]:
        whole = sum(column.width for column in self.columns)
        return [column.width / whole for column in self.columns]


Block = Heading | Paragraph | Bullets | Table


def with_leads(blocks: Iterable[Block]) -> Iterator[tuple[Block, bool]]:
    """Every block, and whether it is a sentence that leads to the table or list after it and stays on its page."""
    for block, following in pairwise((*blocks, None)):
        yield block, isinstance(block, Paragraph) and isinstance(following, Table | Bullets)


@dataclass(frozen=True)
class Annex:
    title: str
    blocks: tuple[Block, ...]
    landscape: bool = True

    @property
    def printed(self) -> str:
        return self.title.upper()


@dataclass(frozen=True)
class Signature:
    """`authority`: the lines above the signature (`TM. ỦY BAN NHÂN DÂN`, `CHỦ TỊCH`), in capitals by law."""

    authority: tuple[str, ...]
    name: str = ""

    @property
    def lines(self) -> list[str]:
        return [line.upper() for line in self.authority]


@dataclass(frozen=True)
class Letterhead:
    """Names in sentence case: they are printed in capitals at the top and as they are under an annex title."""

    parent: str
    issuer: str

    @property
    def parent_lines(self) -> list[str]:
        return _balanced(self.parent.upper())

    @property
    def issuer_lines(self) -> list[str]:
        return _balanced(self.issuer.upper())


def _balanced(text: str) -> list[str]:
    """`text` on as few lines as fit, of about the same length: ỦY BAN NHÂN DÂN / HUYỆN PHONG THỔ, no lone last word."""
    words = text.split(" ")
    count = -(-len(text) // _LONGEST_LINE)
    lines: list[str] = []
    while count > 1 and len(words) > 1:
        goal = len(" ".join(words)) / count
        take = min(range(1, len(words)), key=lambda n: abs(len(" ".join(words[:n])) - goal))
        lines.append(" ".join(words[:take]))
        words, count = words[take:], count - 1
    return [line for line in (*lines, " ".join(words)) if line]


@dataclass(frozen=True)
class Document:
    """A whole document after Nghị định 30/2020/NĐ-CP, Phụ lục I.

    A letter (công văn) has an empty `kind_name`: its subject stands as `V/v …` under the number, and it has no title.
    Without `number` or `day` the paper leaves room to write them. `bases`, `addressees` and `distribution` come without
    dashes and end marks. `reference` is the short hash of the snapshot. `sample` marks every page and sheet.
    """

    subject: str
    letterhead: Letterhead
    blocks: tuple[Block, ...]
    signature: Signature
    kind_name: str = "BÁO CÁO"
    symbol: str = "BC-NV"
    number: int | None = None
    place: str = "Phong Thổ"
    day: date | None = None
    addressees: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    distribution: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = ()
    sample: bool = False
    reference: str = ""
    title: str = field(default="")

    @property
    def full_title(self) -> str:
        """For the file's own properties and the window title."""
        return self.title or " ".join((self.brief or f"{self.kind_name} {self.subject}").split())

    @property
    def brief(self) -> str:
        """What a letter is about; empty for a document with a title."""
        return "" if self.kind_name else f"V/v {self.subject}"

    @property
    def title_lines(self) -> tuple[str, ...]:
        return (self.kind_name, self.subject) if self.kind_name else ()

    @property
    def number_line(self) -> str:
        number = ROOM if self.number is None else f"{NBSP}{self.number:02d}"
        return f"Số:{number}/{self.symbol}"

    @property
    def day_line(self) -> str:
        day = f"ngày{ROOM}tháng{ROOM}năm{ROOM}" if self.day is None else official_day(self.day).replace(" ", NBSP)
        return f"{self.place.replace(' ', NBSP)}, {day}"

    @property
    def base_lines(self) -> list[str]:
        return _listed(self.bases)

    @property
    def addressee_lines(self) -> list[str]:
        """One addressee stands bare after `Kính gửi:`; several are a list."""
        return list(self.addressees) if len(self.addressees) == 1 else _listed(self.addressees)

    @property
    def distribution_lines(self) -> list[str]:
        return _listed(self.distribution)

    @property
    def reference_line(self) -> str:
        return f"Mã đối chiếu: {self.reference}" if self.reference else ""

    @property
    def annex_source(self) -> str:
        """The line under an annex title. Nghị định 30 leaves number and day open on electronic documents."""
        kind = self.kind_name.capitalize() or "Công văn"
        return f"(Kèm theo {kind} số{ROOM}ngày{ROOM}tháng{ROOM}năm{ROOM}của {self.letterhead.issuer})"

    def annex_label(self, index: int) -> str:
        """`Phụ lục` for the only annex, else `Phụ lục I`, `Phụ lục II`; `index` counts from 0."""
        return "Phụ lục" if len(self.annexes) == 1 else f"Phụ lục{NBSP}{roman(index + 1)}"


def _listed(lines: tuple[str, ...]) -> list[str]:
    bare = [line.rstrip(" ;.") for line in lines]
    return [f"{line}{'.' if place == len(bare) else ';'}" for place, line in enumerate(bare, 1)]


def roman(number: int) -> str:
    """1 as I, 4 as IV, 12 as XII: the numbers of sections and annexes."""
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def numbered(document: Document) -> Document:
    """The document with `Bảng 1.`, `Bảng 2.` … before the captions, through the body and then the annexes."""
    counter = iter(range(1, 10_000))
    blocks = tuple(_number_captions(document.blocks, counter))
    annexes = tuple(replace(annex, blocks=tuple(_number_captions(annex.blocks, counter))) for annex in document.annexes)
    return replace(document, blocks=blocks, annexes=annexes)


def _number_captions(blocks: Iterable[Block], counter: Iterator[int]) -> Iterator[Block]:
    for block in blocks:
        captioned = isinstance(block, Table) and block.caption
        yield replace(block, caption=f"Bảng{NBSP}{next(counter)}. {block.caption}") if captioned else block
