"""Data by Python: needs the company."""

from django.db import connection, migrations


def write(apps, editor):
    """Write which company this is."""
    apps.get_model("audit", "Note").objects.create(text=connection.schema_name)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_severity")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
