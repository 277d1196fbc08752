from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("lots", "0003_name_the_release_event")]

    operations = [
        migrations.RemoveIndex(model_name="lot", name="lot_number_trgm"),
        migrations.AddIndex(
            model_name="lot",
            index=GinIndex(OpClass(Upper("number"), name="gin_trgm_ops"), name="lot_number_trgm"),
        ),
    ]
