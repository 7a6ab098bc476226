"""One database of one size, in a process of its own: load, measure, print the results as JSON.

With HOUSEHOLDS, so many families: then the family file and who is next are measured, and not records and reports.

`python -m bench.measure RECORDS [HOUSEHOLDS]`, with SHUANGBAI_DATA an empty directory and DATABASE_URL for PostgreSQL.
"""

import json
import os
import sqlite3
import sys
import time
from typing import Any


def main(records: int, households: int = 0) -> dict[str, Any]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from bench import load, rolls, saving
    from bench.families import FamilyReader
    from bench.reading import Reader
    from bench.timing import Measure, pace
    from shuangbai.server import gather_static

    began = time.perf_counter()
    load.load(records, load.stations_for(records), households)
    loaded = time.perf_counter() - began
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    gather_static()
    paces, measures = [pace()], []
    for part in (FamilyReader().measures,) if households else (saving.measures, Reader().measures, rolls.measures):
        measures += part()
        paces.append(pace())
    spread = f"{min(paces):.0f} to {max(paces):.0f} ms"
    measures.append(Measure("The machine's pace: a fixed loop of Python, between the parts", spread))
    return {
        "vendor": connection.vendor,
        "version": sqlite3.sqlite_version if connection.vendor == "sqlite" else _postgres_version(connection),
        "records": records,
        "households": households,
        "stations": load.stations_for(records),
        "load_seconds": round(loaded),
        "measures": [measure.plain() for measure in measures],
    }


def _postgres_version(connection: Any) -> str:
    number = connection.pg_version
    return f"{number // 10000}.{number % 10000}"


if __name__ == "__main__":
    json.dump(main(*map(int, sys.argv[1:])), sys.stdout, ensure_ascii=False)
