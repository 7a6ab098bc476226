"""The blocks of the install guide: ```sh and, after it, where and when each is run."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
GUIDES = [ROOT / "docs" / "how-to" / name for name in ("install.md", "install.zh-CN.md")]
_BLOCK = re.compile(r"^```sh ([a-z ]+)\n(.*?)^```", re.S | re.M)


@dataclass(frozen=True)
class Block:
    tags: tuple[str, ...]
    commands: str


def blocks(path: Path) -> list[Block]:
    return [Block(tuple(tags.split()), commands) for tags, commands in _BLOCK.findall(path.read_text(encoding="utf-8"))]
