"""Writes of the composite pages: a family's form or a list taken away, and how a city is founded.

Founding is what the pages of the first run and `shuangbai setup` do alike, step by step. Each step is whole or not at
all and may be taken again; what is there stays. Nobody can sign in yet, so nobody is asked for a permission; once the
first run has ended every step refuses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from shuangbai.accounts.actions import found_administration
from shuangbai.core import audit, keys
from shuangbai.core import queries as core_queries
from shuangbai.core.actions import action
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.models import Installation
from shuangbai.desk.enums import OF_RECORDS, ListKind, ListReason, PaperForm, PaperReason
from shuangbai.households.access import households_visible_to
from shuangbai.households.actions import note_list_unmasked, note_unmasked
from shuangbai.households.lists import load_categories
from shuangbai.households.models import Household
from shuangbai.households.queries import Covered
from shuangbai.network.access import viewer_of
from shuangbai.network.actions import UnitEntry, end_first_run, found_city, load_areas, open_units
from shuangbai.network.enums import AreaLevel, UnitKind
from shuangbai.network.models import AreaCode, User, stem
from shuangbai.network.places import prefectures
from shuangbai.network.queries import letters_of, root_unit
from shuangbai.network.roles import Permission

CENTRE_CODE = "ZX"


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """The tree to begin with: the bureau's own unit, its supervision centre if it has one, and counties by code."""

    code: str
    starts_on: date
    centre: str
    counties: Sequence[str]


def check_founding() -> Installation:
    """The installation whose first run has not ended. Raises Refused otherwise."""
    row = Installation.objects.first()
    if row is None:
        raise Refused.because("city_name", "请先填写城市")
    if not row.founding:
        raise Refused.because("city_name", f"「{row.city_name}」已经建立，首次设置不能再改；请登录后在「设置」里修改")
    return row


@action
def found_place(*, city_name: str, bureau_name: str, prefecture: str, whole_province: bool = False) -> int:
    """The city's names and its places down to the village. Returns how many places are new."""
    if prefecture not in dict(prefectures()):
        offered = "、".join(f"{name} {code}" for code, name in prefectures()[:3])
        raise Refused.because("prefecture", f"没有代码为 {prefecture} 的地级市，请从列表里选，如 {offered}")
    found_city(city_name=city_name, bureau_name=bureau_name)
    return load_areas(only="" if whole_province else prefecture)


def counties_offered(prefecture_name: str = "") -> list[tuple[str, str]]:
    """The counties of the city as (code, name); a city without counties (东莞, 中山) offers none."""
    rows = AreaCode.objects.filter(area__level=AreaLevel.COUNTY, area__ends_on=None)
    if prefecture_name:
        rows = rows.filter(area__parent__name=prefecture_name)
    named = rows.order_by("code").values_list("code", "area__name", "area__parent__name")
    return [(code, name) for code, name, above in named if name != above]


@action
def found_tree(*, entry: TreeEntry) -> list[str]:
    """The bureau's tree with its counties, and the code lists that the product ships. Returns the codes opened."""
    row = check_founding()
    if (root := root_unit()) is not None:
        raise Refused.because("code", f"机构树已经建立（{root.name}），其余请登录后在「机构树」里设立")
    names = dict(counties_offered())
    root_code = entry.code.strip().upper()
    units = [UnitEntry(root_code, UnitKind.BUREAU, row.bureau_name, None, entry.starts_on)]
    if entry.centre.strip():
        units.append(UnitEntry(f"{root_code}-{CENTRE_CODE}", UnitKind.CENTRE, entry.centre, root_code, entry.starts_on))
    above, taken = units[-1].code, {unit.code for unit in units}
    for code in entry.counties:
        if code not in names:
            raise Refused.because("counties", f"没有代码为 {code} 的县区，请从列表里选")
        own = _free(f"{root_code}-{letters_of(stem(names[code]))}", taken)
        units.append(UnitEntry(own, UnitKind.COUNTY, names[code], above, entry.starts_on, county=code))
    open_units(entries=units)
    load_categories()
    return [unit.code for unit in units]


def _free(code: str, taken: set[str]) -> str:
    """The code, or with the first number that makes it one of its own."""
    number, tried = 1, code
    while tried in taken:
        number += 1
        tried = f"{code}{number}"
    taken.add(tried)
    return tried


@action
def found_first_account(*, username: str, display_name: str, password: str | None) -> User:
    """The first system administrator, with whom the first run ends: from now on pages lead to sign-in."""
    check_founding()
    user = found_administration(username=username, display_name=display_name, password=password)
    end_first_run()
    keys.forget_first_run_code()
    core_queries.forget()
    return user


# A FAMILY ON PAPER ---------------------------------------------------------

TAKEN = audit.kind("household.paper_taken", "{by} 取出了这户的家庭服务档案表（{form}，{cover}），理由：{reason}")


@action
def note_paper_taken(
    *, by: User, household: Household, form: PaperForm, reason: PaperReason, opened: Sequence[Covered] = ()
) -> None:
    """Keep in the trail that somebody takes a family's paper form away, and why; before it is given.

    `opened`: the values that it shows unmasked, each of them an opening like any other. Raises NotAllowed for who may
    not see the family (or open what is masked), TooOften beyond what one may open in an hour.
    """
    if not households_visible_to(by).filter(pk=household.pk).exists():
        raise NotAllowed
    if opened:
        what = "、".join(dict.fromkeys(one.kind for one in opened))
        keys = [one.key for one in opened]
        note_unmasked(by=by, household=household, what=f"档案表上的{what}", reason=reason.label, keys=keys)
    cover = "未隐去证件号、电话、住址" if opened else "已隐去证件号、电话、住址"
    audit.record(TAKEN, by=by, about=household, form=form.label, cover=cover, reason=reason.label)


# A LIST AS A WORKBOOK ------------------------------------------------------

EXPORTED = audit.kind(
    "list.exported",
    "{by} 导出了{what}（{rows} 行，{cover}），筛选：{asked}；用途：{reason}",
    personal=("asked", "reason"),
)


@dataclass(frozen=True, slots=True)
class ListTaken:
    """A list that is taken away: as what, how many rows, by which filters, and what in it is not masked, by family."""

    kind: ListKind
    rows: int
    asked: str
    opened: Mapping[UUID, Sequence[str]] = field(default_factory=dict)


_NEEDED = dict.fromkeys((*OF_RECORDS, ListKind.GOODS), Permission.SEE_RECORDS) | {
    ListKind.SHEETS: Permission.WRITE_RECORDS
}  # otherwise what families need


@action
def note_list_taken(*, by: User, taken: ListTaken, reason: ListReason) -> None:
    """Keep in the trail that somebody takes a list away, and why; before it is given.

    Each unmasked value is an opening like any other. Raises NotAllowed for who may not see such a list (or open what
    is masked), Refused or TooOften as `note_list_unmasked`.
    """
    viewer = viewer_of(by)
    needed = _NEEDED.get(taken.kind, Permission.SEE_FAMILIES)
    if not viewer.may(needed):
        raise NotAllowed
    if taken.opened:
        note_list_unmasked(by=by, opened=taken.opened, what=f"导出的{taken.kind.heading}", reason=reason.label)
    said = {"what": taken.kind.heading, "rows": taken.rows, "asked": taken.asked or "无", "reason": reason.label}
    cover = "未隐去证件号、电话、住址" if taken.opened else "没有证件号、电话、住址"
    audit.record(EXPORTED, by=by, about=viewer.units(needed)[0], cover=cover, **said)
