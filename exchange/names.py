"""Names of files as 1C and its servers send them, made safe and comparable.

Sources: ``docs/protocol/exchange-sessions.md``, "Names". In requests: ``import_files/ab/x.jpg``,
backslashes, ``C:\\v8_8789_c.xml``, ``/tmp/…``, ``upload/1c/webdata/…``, percent-encoding in UTF-8
or
windows-1251, raw windows-1251.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

MAX_NAME = 300
_DRIVE = re.compile(r"^[A-Za-z]:")
_PREFIX = re.compile(r"^(?:.*/)?webdata/|^(?:var/)?tmp/", re.IGNORECASE)
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f]")


class HostileName(ValueError):
    """A file name tries to leave its area or hides control characters."""


def query_parameters(query: bytes) -> dict[str, str]:
    """Return the parameters of an address, whatever code page their bytes are in.

    A second ``?`` (an address that was entered with a question mark) counts as ``&``.
    """
    pairs = (pair.partition(b"=") for pair in query.replace(b"?", b"&").split(b"&")[:50])
    return {_text(name): _text(value) for name, _, value in pairs if name}


def normalised(name: str) -> str:
    """Return the name below its upload's area: forward slashes, no drive, no server prefix.

    :raises HostileName: it is empty, too long, climbs out, or holds control characters.
    """
    name = name.strip().replace("\\", "/")
    name = _DRIVE.sub("", name).lstrip("/")
    name = _PREFIX.sub("", name)
    parts = [part.strip() for part in name.split("/") if part not in ("", ".")]
    clean = "/".join(parts)
    if not clean or len(clean) > MAX_NAME or ".." in parts or _FORBIDDEN.search(clean):
        raise HostileName(_FORBIDDEN.sub("?", name[:200]))
    return clean


# What a file is about, by its name: 1C's own names, the portions of УТ, УНФ's services, the layout
# of
# the 1C-Bitrix module. Groups and goods must be known before what is offered of them.
_RANKS = (
    (0, ("references", "units", "storages", "pricelists", "contragents")),
    (10, ("groups", "propertiesgoods", "properties")),
    (20, ("import", "goods", "services", "catalog")),
    (30, ("propertiesoffers",)),
    (40, ("offers", "services_offers")),
    (50, ("prices",)),
    (60, ("rests",)),
    (70, ("orders", "documents")),
)
UNKNOWN = 25
_RANKS_OF_CONTENT = {
    "classifier": 10,
    "references": 10,
    "counterparties": 10,
    "catalogue": 20,
    "offers": 40,
    "prices": 50,
    "stock": 60,
    "documents": 70,
}
_STEM = re.compile(r"^([a-z_]*[a-z])", re.IGNORECASE)


def rank(name: str) -> int:
    """Return the place of a file in its run: what others refer to comes first."""
    found = _STEM.match(name.rsplit("/", 1)[-1])
    stem = found.group(1).lower() if found else ""
    for place, stems in _RANKS:
        if stem in stems:
            return place
    return UNKNOWN


def rank_of_content(content: str) -> int:
    """Return the same place for a file whose name says nothing, by what it holds."""
    return _RANKS_OF_CONTENT.get(content, UNKNOWN)


def natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """Return a sort key under which ``import0_10`` follows ``import0_9``."""
    pieces = re.split(r"(\d+)", name.lower())
    return tuple((1, int(p)) if p.isdigit() else (0, p) for p in pieces)


_PORTION = re.compile(r"^(import|offers)(\d+)_(\d+)\.xml$", re.IGNORECASE)


def portion(name: str) -> tuple[str, int, int] | None:
    """Return (``import``|``offers``, catalogue, portion) of a portion of УТ; else ``None``."""
    found = _PORTION.match(name.rsplit("/", 1)[-1])
    return (found.group(1).lower(), int(found.group(2)), int(found.group(3))) if found else None


def _text(raw: bytes) -> str:
    raw = unquote_to_bytes(raw.replace(b"+", b" "))
    for encoding in ("utf-8", "cp1251"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp866", errors="replace")
