"""The migration that is applied already."""

from importlib import import_module

Migration = import_module("tenants.audit.migrations.0001_initial").Migration
