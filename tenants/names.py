"""Address names of companies: which are allowed, and what stands in the way of the others."""

from __future__ import annotations

import re
from enum import StrEnum

SHORTEST, LONGEST = 3, 32
_SHAPE = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?\Z")
_RESERVED = frozenset(
    [
        "www",
        "api",
        "app",
        "admin",
        "administrator",
        "root",
        "mail",
        "smtp",
        "imap",
        "pop",
        "ftp",
        "ns",
        "ns1",
        "ns2",
        "dns",
        "mx",
        "webmail",
        "public",
        "static",
        "media",
        "assets",
        "cdn",
        "status",
        "health",
        "help",
        "support",
        "docs",
        "blog",
        "about",
        "login",
        "signin",
        "signup",
        "sign-up",
        "register",
        "account",
        "accounts",
        "billing",
        "pay",
        "payment",
        "payments",
        "security",
        "abuse",
        "postmaster",
        "hostmaster",
        "webmaster",
        "info",
        "sales",
        "contact",
        "test",
        "demo-admin",
        "staging",
        "dev",
        "internal",
        "localhost",
        "live",
        "ws",
        "sync",
        "exchange",
        "kopru",
        "koprue",
        "bridge",
        "template",
        "spare",
        "system",
        "service",
        "www1",
        "www2",
        "autodiscover",
        "autoconfig",
    ]
)
# Letters that look like others on a screen: a name that only differs in them counts as taken.
_LOOKS = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "8": "b", "-": None})


class NameFault(StrEnum):
    """Why an address name cannot be had."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    SHAPE = "shape"
    RESERVED = "reserved"
    TAKEN = "taken"


def fault_of(slug: str) -> NameFault | None:
    """Return what is wrong with the form of a name; ``None`` when nothing is."""
    if len(slug) < SHORTEST:
        return NameFault.TOO_SHORT
    if len(slug) > LONGEST:
        return NameFault.TOO_LONG
    if not _SHAPE.match(slug) or "--" in slug:
        return NameFault.SHAPE
    if slug in _RESERVED or slug.startswith(("spare-", "xn-")):
        return NameFault.RESERVED
    return None


def skeleton(slug: str) -> str:
    """Return what a name looks like: ``paypa1`` and ``paypal`` have one skeleton."""
    return slug.translate(_LOOKS).replace("rn", "m").replace("vv", "w")


_TRANSLIT = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z",
        "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
        "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh",
        "щ": "sch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ç": "c",
        "ğ": "g", "ı": "i", "ö": "o", "ş": "s", "ü": "u", "â": "a", "î": "i", "û": "u",
    }
)  # fmt: skip
_FORMS = re.compile(r"\b(ооо|оао|зао|пао|ао|ип|ltd|llc|inc|a\.?ş\.?|şti|gmbh)\b\.?", re.IGNORECASE)


def suggestion(company_name: str) -> str:
    """Return an address name made of a company's name; ``""`` when nothing usable is in it."""
    plain = _FORMS.sub(" ", company_name.replace("İ", "i").replace("I", "ı").lower())
    plain = plain.translate(_TRANSLIT)
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-")
