"""`python -m bench.returned`: a workbook with faults, as it goes back, opened in LibreOffice; pictures in docs/screens.

Needs soffice and pdftoppm (Debian: libreoffice-calc, poppler-utils). Not part of any check: an office suite is large.
"""

import argparse
import io
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import xlsxwriter
from django.conf import settings
from PIL import Image, ImageOps

ROOT = Path(__file__).resolve().parent.parent
SCREENS = ROOT / "docs" / "screens"
HEADER = ["走访日期", "村居", "户主", "身份证号", "走访方式", "走访结果", "走访社工", "走访内容"]
ROWS = [
    ["2020-05-04", "赤山村", "林进财", "441592195004013192", "入户", "见面", "林小燕", "屋顶漏雨，已请村委来看"],
    ["2020-02-30", "赤山村", "陈阿妹", "", "入户", "见面", "林小燕", "二月没有三十日"],
    ["2020.5.6", "石头埔村", "孙二弟", "441592195704102030", "电访", "见面", "黄建国", "没有这个村"],
    ["5月7日", "北平村", "吴秀英", "44159219570410203", "入户", "不在家", "黄建国", "日期没有年份，身份证号少一位"],
    ["2020-05-08", "北平村", "黄金水", "441592195704102031", "入户", "见面", "林小燕", "校验码不对"],
]


def workbook() -> bytes:
    """A station's table: a title, a header, rows with each kind of fault."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("五月走访")
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.merge_range(0, 0, 0, 7, "城东社工站五月走访台账", book.add_format({"bold": True, "align": "center"}))
        sheet.set_column(0, 2, 12)
        sheet.set_column(3, 3, 22)
        sheet.set_column(7, 7, 34)
        for number, row in enumerate([HEADER, *ROWS], start=1):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def returned(data: bytes) -> bytes:
    """The same workbook with its wrong cells marked, as the page gives it. Opens no database."""
    from shuangbai.ledgers.judging import Context
    from shuangbai.ledgers.returned import return_workbook
    from shuangbai.ledgers.showing import faults_of
    from shuangbai.ledgers.told import tell
    from shuangbai.ledgers.understanding import understand

    workers = frozenset({"林小燕", "黄建国"})
    result = understand(data, Context(date(2020, 6, 6), ("441521120",), workers), name="五月走访台账")
    return return_workbook(data, faults_of(tell(result), {}))


def pictures(data: bytes, folder: Path) -> list[Path]:
    """Each page that LibreOffice makes of a workbook, as PNG."""
    file = folder / "returned.xlsx"
    file.write_bytes(data)
    office, paint = (shutil.which(name) for name in ("soffice", "pdftoppm"))
    if not office or not paint:
        sys.exit("soffice and pdftoppm are needed: apt-get install libreoffice-calc poppler-utils")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    convert = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(file)]
    subprocess.run(convert, check=True, capture_output=True, timeout=180)
    subprocess.run([paint, "-r", "80", "-png", str(folder / "returned.pdf"), str(folder / "page")], check=True)
    return sorted(folder.glob("page*.png"))


def main() -> int:
    argparse.ArgumentParser(prog="python -m bench.returned", description=(__doc__ or "").splitlines()[0]).parse_args()
    if not settings.configured:
        from shuangbai.cli import start_django

        start_django()
    with tempfile.TemporaryDirectory() as folder:
        for number, page in enumerate(pictures(returned(workbook()), Path(folder)), start=1):
            target = SCREENS / f"returned-{number}.png"
            with Image.open(page) as paper:  # without the rest of the paper, which is white
                written = ImageOps.invert(paper.convert("L")).getbbox() or (0, 0, *paper.size)
                paper.crop((0, 0, paper.width, written[3] + written[1])).save(target, optimize=True)
            print(target.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
