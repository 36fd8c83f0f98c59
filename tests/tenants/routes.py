"""Every address of a company, from the resolver itself, so that a new one cannot be forgotten."""

from __future__ import annotations

import re
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

SOME_ID = "01a20000-0000-7000-8000-000000000000"
# What stands for the other parameters of addresses; a new kind has to be added here.
_VALUES = {
    r"<uuid:\w+>": "{id}",
    r"<str:token>": "token",
    r"<int:\w+>": "1",
    r"<slug:key>": "manager",
    r"<slug:table>": "counterparties_counterparty",
    r"<slug:kind>": "counterparties",
    r"<slug:register>": "dadata",  # without a key nobody is asked
    r"<slug:field>": "comment",
    r"<slug:layer>": "tasks",
    r"<slug:name>": "issue",
    r"\^v1/\(\?P<rest>.*": "v1/nothing/at/all",
    r"\^confirm-email/\(\?P<key>.*": "confirm-email/key/",
    r"\^password/reset/key/\(\?P<uidb36>.*": "password/reset/key/1-set/",
}


class Route(NamedTuple):
    """A named address with ``{id}`` where it takes an identifier."""

    name: str
    path: str

    @property
    def takes_id(self) -> bool:
        """Tell whether it leads to one object."""
        return "{id}" in self.path

    def at(self, key: object = SOME_ID) -> str:
        """Return the address of one object."""
        return self.path.replace("{id}", str(key))


def routes() -> list[Route]:
    """Return all addresses of a company."""
    found: list[Route] = []

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> None:
        for pattern in patterns:
            path = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, path)
            else:
                found.append(Route(pattern.name or "", _filled(path)))

    walk(get_resolver("config.urls_company").url_patterns, "/")
    return found


def _filled(path: str) -> str:
    for part, value in _VALUES.items():
        path = re.sub(part, lambda _, value=value: value, path)  # type: ignore[misc]
    return path
