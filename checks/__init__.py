"""What `make check` runs beside ruff, mypy and import-linter; tests/architecture asks the same functions.

Each module has functions that return complaints: one sentence each, with the place first, none when all is well.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("shuangbai", "config", "tests", "checks", "bench", "docs")


def files(*suffixes: str, under: tuple[str, ...] = SOURCES) -> list[Path]:
    """The repository's own files with one of the suffixes, in a steady order; caches and generated ones left out."""
    found = (path for name in under for path in (ROOT / name).rglob("*") if path.is_file())
    return sorted(path for path in found if path.suffix in suffixes and "__pycache__" not in path.parts)


def place(path: Path, line: int | None = None) -> str:
    """`shuangbai/visits/views.py:12`, as editors open it."""
    name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()
    return name if line is None else f"{name}:{line}"


def rooms() -> dict[str, int]:
    """Each room's height, from the layers in pyproject.toml: core is 0, siblings are equal."""
    import tomllib

    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "rooms")
    heights = {}
    for height, layer in enumerate(reversed(layers)):
        for name in layer.split("|"):
            heights[name.strip(" ()")] = height
    return heights
