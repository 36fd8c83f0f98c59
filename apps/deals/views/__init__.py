"""Screens of the room of deals."""
