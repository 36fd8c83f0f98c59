"""Bringing rows in from files: mapping, dry run, errors, undo."""
