from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("epcis", "0001_event_store")]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=["corrects"], condition=~models.Q(corrects=""), name="event_by_correction"
            ),
        ),
    ]
