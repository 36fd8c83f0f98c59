"""Folding of texts, where the catalogue's modules look for it."""

from apps.core.folding import fold

__all__ = ["fold"]
