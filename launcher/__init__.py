"""Brings Köprü up on a bare machine: embedded services, supervisor, commands. Knows no room."""
