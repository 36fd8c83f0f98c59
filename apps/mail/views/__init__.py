"""Screens of mail: boxes, what is written, what was read, strangers."""
