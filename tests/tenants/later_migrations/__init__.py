"""Migrations of the security log as of some later release: tables first, then data by Python."""
