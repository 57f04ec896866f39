"""Vietnamese text, numbers and order: cleaned once at the door, found without accents, sorted the Vietnamese way."""

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

LONGEST_TEXT = 32_000  # Excel cuts a cell at 32,767 characters without a word

_ALPHABET = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz"
_LETTER_ORDER = {letter: f"{place:02d}" for place, letter in enumerate(_ALPHABET)}
_TONE_ORDER = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền hỏi ngã sắc nặng
_SHAPES = {"\u0302": {"a": "â", "e": "ê", "o": "ô"}, "\u0306": {"a": "ă"}, "\u031b": {"o": "ơ", "u": "ư"}}
_KEPT_CONTROLS = {"\n", "\t"}
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # letters and marks by category, with no shape
# Grouped in threes by dots, or not grouped; a decimal part only after a comma.
_NUMBER = re.compile(r"[-−]?([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)(,[0-9]+)?")


def clean_text(value: str) -> str:
    """`value` as it may be stored: NFC, plain line ends, nothing invisible, nothing that no file can hold."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in lines if char in _KEPT_CONTROLS or _is_visible(char))
    return unicodedata.normalize("NFC", kept).strip()  # after leaving out: letter and accent may have met only now


def _is_visible(char: str) -> bool:
    # Cc controls, Cf zero-width and direction marks, Cs lone surrogates, Cn noncharacters, Co private use.
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Cn", "Co"} and char not in _BLANKS


def fold(value: str) -> str:
    """`value` for searching: lower case, without accents, đ as d, single spaces."""
    decomposed = unicodedata.normalize("NFD", value.casefold().replace("đ", "d"))
    bare = "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
    return " ".join(bare.split())


def sort_key(value: str) -> str:
    """A string whose plain order is the order of a Vietnamese dictionary: letters first, then tones."""
    letters, tones = [], []
    for char in unicodedata.normalize("NFC", value.lower()):
        letter, tone = _letter_and_tone(char)
        letters.append(_LETTER_ORDER.get(letter, f"~{letter}") if letter.isalpha() else f"!{letter}")
        tones.append(str(tone))
    return "".join(letters) + " " + "".join(tones)


def _letter_and_tone(char: str) -> tuple[str, int]:
    base, *marks = unicodedata.normalize("NFD", char) or char
    tone = 0
    for mark in marks:
        tone = _TONE_ORDER.get(mark, tone)
        base = _SHAPES.get(mark, {}).get(base, base)
    return base, tone


def person_sort_key(full_name: str) -> str:
    """Vietnamese names sort by the given name, which stands last, then by the rest."""
    *rest, given = full_name.split() or [""]
    return f"{sort_key(given)}|{sort_key(' '.join(rest))}"


def parse_number(text: str) -> Decimal:
    """The number a Vietnamese official typed: dots group thousands, a comma opens decimals.

    Raises ValueError with the sentence to show beside the field.
    """
    typed = text.strip()
    bare = typed.replace("\u00a0", "").replace(" ", "")
    if not _NUMBER.fullmatch(bare):
        raise ValueError(_why_not_a_number(typed, bare))
    try:
        return Decimal(bare.replace(".", "").replace(",", ".").replace("−", "-"))
    except InvalidOperation:
        raise ValueError(_why_not_a_number(typed, bare)) from None


def _why_not_a_number(typed: str, bare: str) -> str:
    if re.fullmatch(r"-?\d+\.\d{1,2}|-?\d+\.\d{4,}", bare):
        right = bare.replace(".", ",")
        return f"“{typed}”: số thập phân viết bằng dấu phẩy, ví dụ {right}. Dấu chấm chỉ để ngăn hàng nghìn."
    return f"“{typed}” không phải là số. Ví dụ đúng: 6.420 hoặc 6.420,5."


def format_number(value: Decimal | int | None, decimals: int | None = None) -> str:
    """1234567.5 as `1.234.567,5`; trailing zeros dropped unless `decimals` fixes their count."""
    if value is None:
        return ""
    number = _plain(Decimal(value)) if decimals is None else _rounded(Decimal(value), decimals)
    text = f"{number:,f}"
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def _rounded(number: Decimal, decimals: int) -> Decimal:
    """Half up, as people round by hand; Python's own formatting rounds 2.5 to 2."""
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, Context(prec=60))


def _plain(number: Decimal) -> Decimal:
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


def format_day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def official_day(day: date) -> str:
    """`ngày 05 tháng 01 năm 2025`: a zero before days under 10 and months 1 and 2 (Nghị định 30/2020, Phụ lục I)."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"
