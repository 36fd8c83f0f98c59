"""Reports by any field are kept, with conditions as long as those of lists."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0002_letter_is_handed_over_once"),
    ]

    operations = [
        migrations.AlterField(
            model_name="savedreport",
            name="asked",
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name="savedreport",
            name="report",
            field=models.CharField(
                choices=[
                    ("sales", "Sales analysis"),
                    ("customers", "State of customers"),
                    ("promising", "Promising customers"),
                    ("fields", "By any field"),
                ],
                max_length=10,
            ),
        ),
    ]
