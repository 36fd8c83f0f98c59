"""Tests of custom fields and objects."""
