from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lots", "0001_lots_holdings_flows")]

    operations = [
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["product", "number"], name="lot_by_product_number"),
        ),
    ]
