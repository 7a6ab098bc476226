"""Every periodic job, in one list: (name, seconds between runs, dotted path). None yet."""

PERIODIC: list[tuple[str, int, str]] = []
