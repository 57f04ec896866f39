"""Names of files as people may see them: data, never a path."""

import re

from phongtho_thidua.lib.vietnamese import clean_text

LONGEST = 120
_ENDINGS = {"jpg": (".jpg", ".jpeg")}
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def clean_name(name: str, kind: str) -> str:
    """`name` without folders, controls, marks that turn the reading direction and what Windows forbids; it ends in
    what the file really is, and has at most 120 characters.
    """
    last = re.split(r"[\\/]", clean_text(name))[-1]
    stem = " ".join(_FORBIDDEN.sub("-", last).split()).lstrip(".").rstrip(". ")
    ending = next((end for end in _ENDINGS.get(kind, (f".{kind}",)) if stem.lower().endswith(end)), "")
    stem = stem[: len(stem) - len(ending)].rstrip(". ") or "tệp"
    if _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    ending = ending or f".{kind}"
    return stem[: LONGEST - len(ending)] + ending
