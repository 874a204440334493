"""The tables of the gate."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Opening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("column", models.CharField(blank=True, max_length=100)),
                ("digests", models.JSONField(default=list)),
                ("why", models.TextField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("reviewed", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "unreviewed publication",
                "verbose_name_plural": "unreviewed publications",
                "ordering": ("-at",),
            },
        ),
        migrations.CreateModel(
            name="Cleared",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("model", models.CharField(max_length=100)),
                ("key", models.CharField(max_length=100)),
                ("digest", models.CharField(max_length=64)),
                ("standing", models.CharField(max_length=16)),
                ("column", models.CharField(blank=True, max_length=100)),
                ("record", models.CharField(blank=True, max_length=32)),
                ("until", models.CharField(blank=True, max_length=32)),
                ("at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "cleared item",
                "verbose_name_plural": "cleared items",
                "constraints": [
                    models.UniqueConstraint(fields=("model", "key"), name="secreview_cleared")
                ],
            },
        ),
        migrations.CreateModel(
            name="ClearedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                (
                    "cleared",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="secreview.cleared",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Handed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("model", models.CharField(max_length=100)),
                ("key", models.CharField(max_length=100)),
                ("digest", models.CharField(max_length=64)),
                ("record", models.CharField(max_length=32)),
                ("reports", models.JSONField(default=dict)),
                ("at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("model", "key"), name="secreview_handed")
                ],
            },
        ),
    ]
