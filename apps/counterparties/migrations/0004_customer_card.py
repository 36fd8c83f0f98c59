"""Customer cards, and phone numbers that are found however they were written."""

from django.db import migrations, models

from apps.counterparties.models import PhoneEnd
from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0003_office")]

    operations = [
        migrations.AddField(
            "counterparty", "card_number",
            models.CharField(blank=True, max_length=40, verbose_name="customer card"),
        ),
        migrations.AddIndex(
            "contactperson",
            models.Index(
                PhoneEnd("phone"), condition=~models.Q(phone=""), name="contact_person_by_phone"
            ),
        ),
        migrations.AddIndex(
            "counterparty",
            models.Index(
                fields=["card_number"], condition=~models.Q(card_number=""),
                name="counterparty_by_card",
            ),
        ),
        migrations.AddIndex(
            "counterparty",
            models.Index(
                PhoneEnd("phone"), condition=~models.Q(phone=""), name="counterparty_by_phone"
            ),
        ),
        CaptureChanges("counterparties.Counterparty", kind="rows"),
    ]  # fmt: skip
