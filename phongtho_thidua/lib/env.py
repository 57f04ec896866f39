"""Settings from the environment, loudly: a value that cannot be read stops the start with one clear line."""

import os
import secrets
import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    value = text(name)
    if not value:
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise SystemExit(f"{name}={value!r} is not a yes/no value: use 1 or 0.")


def number(name: str, *, default: int) -> int:
    try:
        return int(text(name) or default)
    except ValueError:
        raise SystemExit(f"{name}={text(name)!r} is not a whole number.") from None


def names(name: str, default: str = "") -> list[str]:
    """A list split at commas, without blanks."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def day(name: str) -> date | None:
    """A date as YYYY-MM-DD, or None."""
    value = text(name)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise SystemExit(f"{name}={value!r} is not a date: write it as 2024-12-02.") from None


def required(name: str, why: str) -> str:
    value = text(name)
    if not value:
        raise SystemExit(f"{name} is not set. {why}")
    return value


def kept_secret(path: Path) -> str:
    """The secret of an embedded installation: made once, whole, readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:  # mode 600
            file.write(secrets.token_urlsafe(50))
            file.flush()
            with suppress(FileExistsError):  # another process was faster: its secret holds
                os.link(file.name, path)
    return path.read_text().strip()
