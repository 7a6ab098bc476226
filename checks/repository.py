"""`python -m checks.repository`: every check of ours, on the tree as it lies."""

from __future__ import annotations

import sys


def complaints() -> list[str]:
    import django

    django.setup()
    from checks import pages, personal, static, tables, templates, tree

    found = []
    for module in (tree, templates, static, tables, personal, pages):
        for check in module.ALL:
            try:
                found += check()
            except Exception as error:  # one that cannot run must not hide what the others say
                found.append(f"{module.__name__}.{check.__name__} could not run: {error!r}")
    return found


if __name__ == "__main__":
    found = complaints()
    for sentence in found:
        print(sentence)
    sys.exit(1 if found else 0)
