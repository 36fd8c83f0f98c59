"""CommerceML 1.0 to 3.1 as real installations write it: reading, writing, recognising.

``read`` turns a file into typed rows; ``docs/protocol/commerceml.md`` is the specification.
"""

from exchange.formats.commerceml.guard import NotWellFormed, RefusedDocument
from exchange.formats.commerceml.reader import counts, read
from exchange.formats.commerceml.sniff import Content, sniff
from exchange.formats.commerceml.values import canonical_requisite, normalise_path

__all__ = [
    "Content",
    "NotWellFormed",
    "RefusedDocument",
    "canonical_requisite",
    "counts",
    "normalise_path",
    "read",
    "sniff",
]
