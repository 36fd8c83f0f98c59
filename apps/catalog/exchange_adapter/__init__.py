"""How the catalogue of 1C becomes ours: rows of one kind in, one merge statement each."""

from apps.catalog.exchange_adapter import classifier, directories, files, offers, products

__all__ = ["classifier", "directories", "files", "offers", "products"]
