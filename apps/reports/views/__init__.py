"""Screens of reports: each file one subject."""
