"""A list of accounts as it is pasted from a spreadsheet: read line by line, each with what stands in its way."""

import re
from dataclasses import dataclass, field
from typing import Any

from shuangbai.accounts.actions import AccountEntry, entry_findings
from shuangbai.accounts.queries import staff_by_unit, units_by_name
from shuangbai.accounts.rules import STATION_ROLES
from shuangbai.network.enums import Post
from shuangbai.network.models import OrgUnit, Staff
from shuangbai.network.roles import Role

MOST = 300
ROLE_WORDS: dict[str, Role] = {
    **{role.label: role for role in Role},
    Post.SERVICE.label: Role.WORKER,
    Post.AFFAIRS.label: Role.WORKER,
    "经办": Role.OFFICER,
    "民政经办": Role.OFFICER,
    "审计员": Role.AUDITOR,
}
HEADINGS = {"姓名", "称呼", "名字"}
COLUMNS = 4


@dataclass
class Line:
    """One pasted line: as it was written, and what became of it."""

    number: int
    cells: list[str]
    sentences: list[str] = field(default_factory=list)
    entry: AccountEntry | None = None

    @property
    def is_good(self) -> bool:
        return self.entry is not None and not self.sentences


def cells_of(line: str) -> list[str]:
    """The cells of a line: between tabs, or commas of either width where there is no tab."""
    cells = line.split("\t") if "\t" in line else re.split(r"[,，]", line)
    return [cell.strip().strip("　").strip() for cell in cells]


def read_list(text: str) -> list[Line]:
    """The lines of a pasted list, checked one by one and against one another: a fixed number of queries."""
    rows = [cells_of(line) for line in text.splitlines()]
    lines = [Line(number, cells) for number, cells in enumerate(rows, 1) if any(cells)]
    lines = [line for line in lines if line.cells[0] not in HEADINGS]
    units, people = units_by_name(), staff_by_unit(line.cells[0] for line in lines)
    for line in lines:
        _read(line, units, people)
    readable = [line for line in lines if line.entry]
    entries = [line.entry for line in readable if line.entry]
    for line, findings in zip(readable, entry_findings(entries), strict=True):
        missed = bool(line.sentences)  # who the person is was complained of already
        line.sentences += [one.sentence for one in findings if not (missed and one.field == "staff")]
    return lines


def _read(line: Line, units: dict[str, list[OrgUnit]], people: dict) -> None:
    cells = [*line.cells, "", "", "", ""]
    name, username, where, what = cells[:COLUMNS]
    if len([cell for cell in line.cells if cell]) < COLUMNS:
        line.sentences.append("要有四列：姓名、账号、单位、角色")
        return
    found, role = units.get(where, []), ROLE_WORDS.get(what)
    if not found:
        line.sentences.append(f"没有叫“{where}”的单位，请照「机构」页上的名称或代码填")
    elif len(found) > 1:
        line.sentences.append(f"叫“{where}”的单位不止一个，请改填代码，如 {found[0].code}")
    if role is None:
        line.sentences.append(f"没有“{what}”这个角色，可以填：{'、'.join(role.label for role in Role)}")
    if role is None or len(found) != 1:
        return
    staff = _staff(line, people.get((found[0].pk, name), []), name, found[0], role)
    line.entry = AccountEntry(username.lower(), name, role, found[0], staff)


def _staff(line: Line, named: list[Any], name: str, unit: OrgUnit, role: Role) -> Staff | None:
    if len(named) > 1:
        line.sentences.append(f"{unit.name}有两个叫“{name}”的人，请在开一个账号的页面上选人")
        return None
    if named:
        if role == Role.HEAD and not named[0].leads:
            line.sentences.append(f"{name}在{unit.name}的任职不是站长，请先到「人员」改任职，或改填社工")
        return named[0]
    if role in STATION_ROLES:
        line.sentences.append(f"{unit.name}今天没有叫“{name}”的在岗人员，请先到「人员」登记任职")
    return None
