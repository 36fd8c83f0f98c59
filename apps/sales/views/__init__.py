"""Screens of the sales room."""
