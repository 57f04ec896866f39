"""The dash items of the plan's text, to compare our data with the paper word by word."""

import re

from django.conf import settings

PLAN = settings.BASE_DIR / "docs" / "plan" / "ke-hoach-2023.md"

# The two slips of the scan that the data mends (docs/adr/0010-criteria.md), each with its neighbours.
SLIPS = {
    "tổ chức thực hiện phân đầu giảm": "tổ chức thực hiện phấn đấu giảm",
    "công lập. Phân đầu đạt": "công lập. Phấn đấu đạt",
}


def dash_items(start: str, end: str) -> list[str]:
    """The items between the headings that contain `start` and `end`, each on one line, without markup."""
    lines = [re.sub(r"[*\\]", "", line).strip() for line in PLAN.read_text(encoding="utf-8").splitlines()]
    first = next(number for number, line in enumerate(lines) if start in line)
    last = next(number for number, line in enumerate(lines) if number > first and end in line)
    items, open_item = [], False
    for line in lines[first + 1 : last]:
        if line.startswith("- "):
            items.append(line[2:])
            open_item = True
        elif line.startswith(("#", "Về ")) or re.match(r"\d\.\d", line):
            open_item = False
        elif line and open_item:
            items[-1] += f" {line}"
    return [_mended(" ".join(item.split())) for item in items]


def _mended(text: str) -> str:
    for slip, word in SLIPS.items():
        text = text.replace(slip, word)
    return text
