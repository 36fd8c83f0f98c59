"""Screens of the room: each file one subject."""
