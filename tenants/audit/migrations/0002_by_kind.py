"""An index for the security log narrowed to one kind of events."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="securityevent",
            index=models.Index(fields=["kind", "-at"], name="security_event_by_kind"),
        ),
        migrations.AddIndex(
            model_name="securityevent",
            index=models.Index(fields=["login", "-at"], name="security_event_by_login"),
        ),
    ]
