"""`make reliability ARGS=…`: load, kills, imports, disk, away, clocks. Loopback alone; figures on standard output.

load    --people 50 --minutes 10    a Monday morning over HTTP
kills   --times 100                 kill -9 of web and worker while visits are saved and jobs are done
imports --times 4                   kill -9 of the worker while it brings a ledger in
disk                                the data on a file system that fills up (root, SQLite)
away                                PostgreSQL stopped and started again
clocks                              the web's clock ahead, then set back
"""

import argparse
import sys
from pathlib import Path

from reliability import away, clocks, disk, imports, kills, load
from reliability.serving import city, say


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m reliability", description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["load", "kills", "imports", "disk", "away", "clocks"])
    parser.add_argument("--databases", default="sqlite,postgres", help="sqlite, postgres or both (default both)")
    parser.add_argument("--city", type=Path, help="a demonstration's data directory to copy (default: build one)")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--times", type=int, default=100)
    chosen = parser.parse_args()
    databases = ["sqlite"] if chosen.what in ("disk", "away", "clocks") else chosen.databases.split(",")
    for database in databases:
        try:
            with city(database, chosen.city) as here:
                if chosen.what == "load":
                    print(load.measure(here, chosen.people, chosen.minutes), flush=True)
                elif chosen.what == "kills":
                    print(kills.measure(here, chosen.times, chosen.minutes), flush=True)
                elif chosen.what == "imports":
                    print(imports.measure(here, min(chosen.times, 4)), flush=True)
                else:
                    print({"disk": disk, "away": away, "clocks": clocks}[chosen.what].measure(here), flush=True)
        except RuntimeError as error:
            say(str(error))
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
