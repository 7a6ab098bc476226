"""A bureau's list beside the files, and what a review of bringing in found."""

from datetime import date, timedelta

from shuangbai.followups.models import Task
from shuangbai.households.enums import BirthPrecision, Relation
from shuangbai.households.files import next_number
from shuangbai.households.models import Category, FamilyFile, FileNumbering, Household, Person, Tag
from shuangbai.households.queries import numbering_rules
from shuangbai.ledgers import actions
from shuangbai.ledgers.enums import Kind
from shuangbai.ledgers.proposing import Decided
from shuangbai.ledgers.rosters import ASK, END, beside
from shuangbai.network.models import User
from tests.cast import TODAY, City, a_family, a_file, a_member
from tests.ledgers import writing
from tests.ledgers.test_bringing_in import (
    FAMILIES,
    HEAD,
    NUMBER,
    ONE,
    TWO,
    VISITS,
    alone,
    book,
    brought,
    fates,
    proposed,
    taken,
)

# A BUREAU'S LIST -------------------------------------------------------------

LIST = ["村居", "户主姓名", "姓名", "与户主关系", "公民身份号码", "救助类别"]
OTHER = "441592195704102030"


def months(**sheets: list[list[str]]) -> bytes:
    return writing.xlsx({name: [LIST, *lines] for name, lines in sheets.items()})


def on_list(name: str, number: str) -> list[str]:
    return ["赤山村", name, name, "本人", number, "农村低保"]


def test_a_list_beside_the_files(city: City, worker: User) -> None:
    stays = alone(city, worker, id_no=NUMBER, tags=["dibao_rural"])
    left = a_family(
        city.chengdong, worker,
        members=[a_member("曾土生", Relation.HEAD, sex="1", tags=["dibao_rural"])],
    )  # fmt: skip
    a_file(stays, worker)
    data = months(
        **{"2020年4月": [on_list("林进财", NUMBER)], "2020年5月": [on_list("林进财", NUMBER), on_list("孙二弟", OTHER)]}
    )
    source = taken(worker, city, data)
    assert source.kind == Kind.ROSTER
    found = beside(proposed(city, source))
    assert (found.month, found.families, found.filed) == (date(2020, 5, 1), 2, 1)
    assert [one.said.people[0].name for one in found.unfiled] == ["孙二弟"]
    [gone] = found.gone
    assert (gone.name, gone.household, found.ends_on) == ("曾土生", left.household.pk, date(2020, 4, 30))
    decided = Decided(files=True, gone={str(gone.tag): END})
    source = actions.decide(by=worker, source=source, version=source.version, decided=decided)
    actions.ask_for_import(by=worker, source=source, version=source.version)
    actions.bring_in(by=worker, source_id=source.pk)
    ended = Tag.objects.get(pk=gone.tag)
    assert (ended.ends_on, ended.end_reason) == (date(2020, 4, 30), "left")
    new = Tag.objects.get(person__name="孙二弟")
    assert (new.starts_on, new.source) == (date(2020, 5, 1), "roster")
    assert FamilyFile.objects.count() == 2
    source.refresh_from_db()
    assert actions.undo(by=worker, source=source, version=source.version, reason="传错了") == []
    ended.refresh_from_db()
    assert (ended.ends_on, FamilyFile.objects.count(), Tag.objects.count()) == (None, 1, 2)


def test_somebody_is_asked_about_whoever_left_the_list(city: City, worker: User) -> None:
    alone(city, worker, id_no=NUMBER, tags=["dibao_rural"])
    source = taken(worker, city, months(**{"2020年5月": [on_list("孙二弟", OTHER)]}))
    [gone] = beside(proposed(city, source)).gone
    decided = Decided(gone={str(gone.tag): ASK})
    source = actions.decide(by=worker, source=source, version=source.version, decided=decided)
    actions.ask_for_import(by=worker, source=source, version=source.version)
    actions.bring_in(by=worker, source_id=source.pk)
    assert "不在农村低保名单上了" in Task.objects.get().subject
    source.refresh_from_db()
    actions.undo(by=worker, source=source, version=source.version, reason="传错了")
    assert Task.objects.get().state == "dropped"


# WHAT A REVIEW FOUND ---------------------------------------------------------


def test_two_parts_of_a_ledger_that_tell_of_one_family_on_file_are_one(city: City, worker: User) -> None:
    family = a_family(
        city.chengdong, worker,
        members=[a_member("林进财", Relation.HEAD, sex="1", id_no=NUMBER), a_member("陈秀英", Relation.WIFE, id_no=OTHER)],
    )  # fmt: skip
    lines = [
        [*on_list("林进财", NUMBER), "向阳巷7号"],
        [*on_list("陈秀英", OTHER)[:3], "妻子", OTHER, "农村低保", "向阳巷7号"],
    ]
    lines[1][1] = "陈秀英"
    source = taken(worker, city, writing.xlsx({"2020年5月": [[*LIST, "住址"], *lines]}), Kind.ROSTER)
    [one] = proposed(city, source).households
    assert one.home == family.household.pk
    source = actions.decide(by=worker, source=source, version=source.version, decided=Decided(files=True))
    actions.ask_for_import(by=worker, source=source, version=source.version)
    actions.bring_in(by=worker, source_id=source.pk)
    family.household.refresh_from_db()
    assert (family.household.address, FamilyFile.objects.count(), Person.objects.count()) == ("向阳巷7号", 1, 2)


def test_a_number_of_a_file_without_a_name_is_wrong_and_says_so(city: City, worker: User) -> None:
    source = taken(worker, city, book(FAMILIES, ["CD-009", "赤山村", *[""] * 10], HEAD))
    found = proposed(city, source)
    assert [fate.value for fate in found.fates] == ["wrong", "new"]
    assert "没有姓名" in found.reasons[0]


def test_after_undo_the_same_rows_go_in_though_another_ledger_held_them(city: City, worker: User) -> None:
    first = brought(worker, city, book(VISITS, ONE))
    brought(worker, city, book(VISITS, ONE, TWO))
    actions.undo(by=worker, source=first, version=first.version, reason="传错了")
    assert fates(city, taken(worker, city, book(VISITS, ONE, TWO))) == ["new", "same"]


def test_a_list_with_a_sheet_a_village_is_one_list(city: City, worker: User) -> None:
    alone(city, worker, id_no=NUMBER, tags=["dibao_rural"])
    source = taken(
        worker, city, months(赤山村=[on_list("林进财", NUMBER)], 北平村=[on_list("孙二弟", OTHER)]), Kind.ROSTER
    )
    found = beside(proposed(city, source))
    assert (found.month, found.families, found.gone) == (None, 2, [])


def test_whoever_stands_on_the_list_in_a_wrong_row_is_not_gone(city: City, worker: User) -> None:
    alone(city, worker, id_no=NUMBER, tags=["dibao_rural"])
    wrong = f"{NUMBER[:-1]}{'1' if NUMBER[-1] != '1' else '2'}"
    lines = [on_list("林进财", wrong), on_list("孙二弟", OTHER)]
    source = taken(worker, city, months(**{"2020年5月": lines}), Kind.ROSTER)
    assert fates(city, source) == ["wrong", "new"]
    assert beside(proposed(city, source)).gone == []


def test_a_birth_year_on_file_fits_a_birth_day_in_the_ledger(city: City, worker: User) -> None:
    family = alone(city, worker, birth_date=date(1950, 1, 1), birth_precision=BirthPrecision.YEAR, phone="13800000001")
    header = [*FAMILIES[:9], "出生日期", *FAMILIES[10:]]
    source = taken(worker, city, book(header, [*HEAD[:9], "1950-04-01", *HEAD[10:]]))
    assert [one.home for one in proposed(city, source).households] == [family.household.pk]


def test_numbers_of_the_ledger_and_counted_ones_do_not_meet(city: City, worker: User) -> None:
    own = next_number(city.chengdong, date(2019, 5, 6), city.chishan.pk, numbering_rules())
    FileNumbering.objects.all().delete()
    lines = [["", "赤山村", "孙二弟", "", "", "2019-05-06", "孙二弟", "户主", "男", "", "", ""], [own, *HEAD[1:]]]
    brought(worker, city, book(FAMILIES, *lines))
    assert FamilyFile.objects.filter(number=own).count() == 1
    assert FamilyFile.objects.count() == 2


def test_a_birth_year_in_the_future_is_left_out(city: City, worker: User) -> None:
    header = [*FAMILIES[:9], "出生日期", *FAMILIES[10:]]
    brought(worker, city, book(header, [*HEAD[:9], "2031年", *HEAD[10:]]))
    assert Person.objects.get().birth_date is None


def test_a_category_that_begins_later_is_not_given(city: City, worker: User) -> None:
    Category.objects.filter(code="dibao_rural").update(starts_on=TODAY + timedelta(days=30))
    brought(worker, city, book(FAMILIES, HEAD))
    assert not Tag.objects.exists()


def test_what_followed_from_a_number_goes_with_it(city: City, worker: User) -> None:
    family = alone(city, worker, phone="13800000001")
    Person.objects.filter(pk=family.people[0].pk).update(sex="0")
    source = brought(worker, city, book(FAMILIES, [*HEAD[:8], "", NUMBER, *HEAD[10:]]))
    person = Person.objects.get()
    assert (person.id_no, person.sex, person.birth_date) == (NUMBER, "1", date(1950, 4, 1))
    actions.undo(by=worker, source=source, version=source.version, reason="传错了")
    person.refresh_from_db()
    assert (person.id_no, person.sex, person.birth_date) == ("", "0", None)


def test_a_restricted_category_stands_in_no_note(city: City, worker: User) -> None:
    brought(worker, city, book(FAMILIES, [*HEAD[:10], "精神障碍患者", HEAD[11]]))
    assert "精神" not in Household.objects.get().note
