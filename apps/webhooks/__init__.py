"""Telling other programs of changes, from the journal."""
