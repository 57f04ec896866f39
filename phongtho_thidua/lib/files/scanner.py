"""A virus scanner, if there is one: clamd behind its local socket (protocol INSTREAM)."""

import socket
import struct
from collections.abc import Iterable

PATIENCE = 20.0  # seconds


class ScannerDown(Exception):
    """A scanner was promised and does not answer: nothing can be said of the file."""


def finds_harm(address: str, chunks: Iterable[bytes]) -> bool:
    """Whether the scanner at the socket `address` knows these bytes as harmful. Raises ScannerDown."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(PATIENCE)
            line.connect(address)
            line.sendall(b"zINSTREAM\0")
            for chunk in chunks:
                line.sendall(struct.pack(">L", len(chunk)) + chunk)
            line.sendall(struct.pack(">L", 0))
            answer = b"".join(iter(lambda: line.recv(4096), b"")).rstrip(b"\0\n")
    except OSError as error:
        raise ScannerDown from error
    if answer.endswith(b"FOUND"):
        return True
    if not answer.endswith(b"OK"):
        raise ScannerDown(answer[:200])
    return False
