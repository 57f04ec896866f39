"""What is said about a file."""

from dataclasses import dataclass

LARGEST = 20 * 1024 * 1024  # bytes


class Refusal(Exception):
    """Why a file is not taken, and what its owner can do; never anything of what is in it."""

    def __init__(self, why: str, remedy: str):
        super().__init__(f"Không nhận tệp này: {why}. {remedy}.")


@dataclass(frozen=True)
class Verdict:
    """`refused` is the sentence for the person, empty when the file is taken.

    `kind` is one of pdf, docx, xlsx, jpg, png; `name` is fit to be shown and sent, with the ending of its kind;
    `cleaned` are the bytes to keep instead of those handed in (a picture without its place and device), else None.
    """

    kind: str = ""
    name: str = ""
    refused: str = ""
    cleaned: bytes | None = None
