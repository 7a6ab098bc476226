"""Scripts and stylesheets: modules import what exists, nothing comes from elsewhere."""

from __future__ import annotations

import re

from checks import files, place

IMPORT = re.compile(r"""^\s*(?:import|export)\b[^"';]*["']([^"']+)["']""", re.MULTILINE)
# The policy blocks the first; the others put text from a page or a server in as markup or code.
FORBIDDEN_SCRIPT = re.compile(
    r"\beval\(|new Function\(|setAttribute\(\s*[\"']style[\"']|document\.write|https?://(?!www\.w3\.org)"
)
FORBIDDEN_STYLE = re.compile(r"url\(\s*[\"']?(?:https?:)?//|@import")


def scripts() -> list[str]:
    """Module imports that lead nowhere, and constructs that the page's policy blocks."""
    complaints = []
    for path in files(".js", ".mjs", under=("shuangbai",)):
        text = path.read_text(encoding="utf-8")
        for match in IMPORT.finditer(text):
            if not (match[1].startswith(("./", "../")) and (path.parent / match[1]).is_file()):
                complaints.append(f"{place(path)}: imports {match[1]}, which is not a file beside it")
        for number, line in enumerate(text.splitlines(), 1):
            if (found := FORBIDDEN_SCRIPT.search(line)) and not line.lstrip().startswith(("//", "*")):
                complaints.append(f"{place(path, number)}: {found.group()}")
    return complaints


def stylesheets() -> list[str]:
    """Stylesheets that fetch from elsewhere or import one another (each import is one more round trip)."""
    complaints = []
    for path in files(".css", under=("shuangbai",)):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if found := FORBIDDEN_STYLE.search(line):
                complaints.append(f"{place(path, number)}: {found.group()}")
    return complaints


ALL = (scripts, stylesheets)
