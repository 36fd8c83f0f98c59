"""What an administrator may choose for a 1C connection, as typed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

# Kinds of rows that can be switched off (F021). Adapters name their kind; a kind that is not listed
# here is always exchanged.
EXCHANGED_KINDS = (
    "products",
    "pictures",
    "prices",
    "stock",
    "counterparties",
    "orders",
    "payments",
    "shipments",
)


def _everything() -> dict[str, bool]:
    return dict.fromkeys(EXCHANGED_KINDS, True)


@dataclass(frozen=True)
class NodeOptions:
    """Settings of one node; unknown keys of the stored form are dropped, missing have defaults."""

    exchanged: dict[str, bool] = field(default_factory=_everything)
    archive_missing: bool = True  # products that a full run does not name are archived
    archive_limit_percent: int = 30  # refuse to archive more than this at once
    zero_missing_stock: bool = True  # stock that a full run does not name becomes zero
    send_from_status: str = ""  # invoices from this status on go to 1C; "": from "issued"
    create_orders_from_1c: bool = False
    retention_days: int = 30  # raw files
    silence_seconds: int = 30  # a quiet upload is imported without having been asked for
    gap_minutes: int = 10  # contacts further apart belong to different runs

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> NodeOptions:
        """Return the settings held in ``Node.settings``."""
        known = {f.name for f in fields(cls)}
        values = {name: value for name, value in stored.items() if name in known}
        values["exchanged"] = {**_everything(), **values.get("exchanged", {})}
        return cls(**values)

    def stored(self) -> dict[str, Any]:
        """Return the form kept in ``Node.settings`` and handed to adapters."""
        return asdict(self)

    def takes(self, kind: str) -> bool:
        """Tell whether rows of this kind are exchanged."""
        return self.exchanged.get(kind, True)
