"""The papers of a case as Word files, from our templates or the city's own: one file, or all of them in a zip."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shuangbai.cases.blanks import BLANKS, Blank, Drawing, Facts, Rows, Words, names_of
from shuangbai.cases.pictures import Drawn
from shuangbai.cases.sheet import Sheet, Values, padded
from shuangbai.codes.enums import PaperSpec, declare_paper
from shuangbai.codes.queries import templates_in_use
from shuangbai.core.word import WORD, Pictured, Texts, filled

__all__ = ["WORD", "ZIP", "render", "render_all"]

FOLDER = Path(__file__).parent / "data"
ZIP = "application/zip"


def shipped(blank: Blank) -> Path:
    return FOLDER / f"{blank.paper}.docx"


def render(sheet: Sheet, own: bytes | None = None) -> bytes:
    """One sheet as .docx. Raises Refused where the city's template cannot be filled."""
    return filled(shipped(sheet.blank), _texts(sheet.values), own)


def render_all(sheets: Sequence[Sheet]) -> tuple[bytes, str]:
    """The sheets as .docx where it is one, otherwise as a zip of them, numbered in their order; and which it is."""
    own = templates_in_use({sheet.blank.paper for sheet in sheets})
    if len(sheets) == 1:
        return render(sheets[0], own.get(sheets[0].blank.paper)), WORD
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as parts:  # .docx is compressed already
        for place, sheet in enumerate(sheets, 1):
            parts.writestr(f"{place:02d}_{sheet.name}.docx", render(sheet, own.get(sheet.blank.paper)))
    return kept.getvalue(), ZIP


def _texts(values: Values) -> Texts:
    def told(pictured: Pictured) -> Values:
        return {name: _word(value, pictured) for name, value in values.items()}

    return told


def _word(value: Any, pictured: Pictured) -> Any:
    if not isinstance(value, Drawn):
        return value
    png = value.png()
    return pictured(png, value.wide) if png else ""


# WHAT A CITY'S TEMPLATE IS TRIED WITH ----------------------------------------


def _sample(blank: Blank) -> Values:
    """An invented case: every name with what it stands for."""
    values: Values = {
        "title": blank.name, "bureau": "某某市民政局", "station": "样张社工站", "case_no": "2020-0000",
        "clients": "样本人", "worker": "样本社工", "mark": "样张", "purpose": "核对模板",
    }  # fmt: skip
    for part in blank.parts:
        match part:
            case Facts():
                values |= {name: f"样本{label}"[:12] for row in part.rows for label, name in row}
            case Words():
                values[part.name] = f"这里是“{part.label}”。\n可以写几行，也可以很长。"
            case Rows():
                row = {field: f"样本{head}"[:8] for head, field, _wide in part.columns}
                values[part.name] = [row, dict(row)]
            case Drawing():
                values[part.words] = f"这里是{part.label}的文字说明。"
    return padded(blank, values) | {part.words: values[part.words] for part in blank.parts if isinstance(part, Drawing)}


def _declare(blank: Blank) -> None:
    declare_paper(
        PaperSpec(
            code=blank.paper, name=blank.name, about=blank.about, shipped=shipped(blank), words=names_of(blank),
            sample=_texts(_sample(blank)), blank=_texts(padded(blank, dict.fromkeys(names_of(blank), ""))),
        )
    )  # fmt: skip


for one in BLANKS:
    _declare(one)
