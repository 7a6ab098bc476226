"""Serials are counted for each fixed part of a number, no longer for each year; what was counted goes on."""

from django.db import migrations, models


def name_fixed_parts(apps, schema_editor):
    for row in apps.get_model("households", "FileNumbering").objects.select_related("station"):
        short = row.station.code.split("-", 1)[-1].replace("-", "")
        row.fixed = f"{short}-{row.year}-#"
        row.save(update_fields=["fixed"])


def name_years(apps, schema_editor):
    """Only numbers made as before can be told apart by their year."""
    for row in apps.get_model("households", "FileNumbering").objects.all():
        row.year = int(row.fixed.split("-")[1])
        row.save(update_fields=["year"])


class Migration(migrations.Migration):

    dependencies = [
        ('households', '0002_city_codes'),
    ]

    operations = [
        migrations.CreateModel(
            name='NumberingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='开始日期')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                ('pattern', models.CharField(max_length=60, verbose_name='编号规则')),
            ],
            options={
                'abstract': False,
                'constraints': [
                    models.UniqueConstraint(fields=('starts_on',), name='numbering_rule_once_a_day'),
                    models.CheckConstraint(condition=models.Q(('pattern', ''), _negated=True), name='numbering_rule_has_pattern'),
                    models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='households_numberingrule_dates_in_order'),
                ],
            },
        ),
        migrations.AddField('filenumbering', 'fixed', models.CharField(default='', max_length=40), preserve_default=False),
        migrations.AlterField('filenumbering', 'year', models.PositiveSmallIntegerField(null=True)),
        migrations.RunPython(name_fixed_parts, name_years),
    ]
