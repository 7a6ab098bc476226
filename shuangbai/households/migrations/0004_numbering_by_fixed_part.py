from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('households', '0003_numbering_rules'),
    ]

    operations = [
        migrations.RemoveConstraint('filenumbering', 'numbering_once_a_year'),
        migrations.RemoveField('filenumbering', 'year'),
        migrations.AddConstraint('filenumbering', models.UniqueConstraint(fields=('station', 'fixed'), name='numbering_once_a_fixed_part')),
    ]
