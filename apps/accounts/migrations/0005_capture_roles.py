"""Capture the changes of roles, teams and modules, and the new columns of people."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_roles_teams_modules")]

    operations = [
        CaptureChanges("accounts.User", kind="rows", without=("password", "last_login")),
        CaptureChanges("accounts.AccessRole", kind="rows"),
        CaptureChanges("accounts.RoleRight", kind="rows", route="role_id"),
        CaptureChanges("accounts.RoleField", kind="rows", route="role_id"),
        CaptureChanges("accounts.Team", kind="rows"),
        CaptureChanges("accounts.CompanyModule", kind="rows"),
    ]
