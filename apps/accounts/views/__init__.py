"""Screens of the room: signing in and people, roles, teams, modules, the security log."""
