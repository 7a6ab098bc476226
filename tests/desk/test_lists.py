"""Lists taken away as workbooks: the importer reads each back to the same; who may, what is masked, what is kept."""

from __future__ import annotations

import io
import random
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode

from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.idnumber import check_digit
from shuangbai.core.models import AuditEvent
from shuangbai.desk import exports
from shuangbai.desk.actions import ListTaken, note_list_taken
from shuangbai.desk.enums import ListKind, ListReason
from shuangbai.desk.gathering import COLUMNS
from shuangbai.dossier.actions import enter_parts, write_sheet
from shuangbai.dossier.entries import PartEntry
from shuangbai.dossier.models import Carer, Disability, SelfCare
from shuangbai.households.entries import Entered
from shuangbai.households.enums import BirthPrecision, Relation
from shuangbai.households.models import Category, FileGrade, Tag
from shuangbai.ledgers.actions import decided_of, take_in
from shuangbai.ledgers.cells import plain
from shuangbai.ledgers.enums import Kind
from shuangbai.ledgers.headers import Label, meanings
from shuangbai.ledgers.judging import Context, readings
from shuangbai.ledgers.keepsakes import rows_of
from shuangbai.ledgers.proposing import propose
from shuangbai.ledgers.reading import open_book
from shuangbai.ledgers.understanding import Result, understand
from shuangbai.ledgers.villages import Gazetteer
from shuangbai.network.models import User
from shuangbai.services.actions import void_records
from shuangbai.visits.enums import Mode
from shuangbai.visits.enums import Result as Met
from tests.cast import TODAY, City, a_family, a_file, a_member, a_visit, an_activity

Asks = Callable[[User], Client]
pytestmark = pytest.mark.django_db
CONTEXT = Context(TODAY, ("441521120", "441521115", "441502005"), frozenset({"林小燕", "黄建国", "陈丽娟"}))
GAZETTEER = Gazetteer(CONTEXT.towns)
GIVEN = "一二三四五六七八九十"
NAMES = "曾秀英 陈大文 林𠮷祥 欧阳㙍 吴小妹 单雄信 黄建国 郑阿婆 彭𬭎 李四".split()
TALK = (
    "血压高，药按时吃。\n屋顶漏雨，雨季接水。",
    "=SUM(A1:A9)",
    "+86 打不通",
    "-",
    '@书记说，"再看看"',
    "00123",
    "邻居常来照看",
)
ID = "11010519491231002X"


def an_id(rng: random.Random, born: date) -> str:
    first = f"441592{born:%Y%m%d}{rng.randrange(1000):03}"
    return first + check_digit(first)


@pytest.fixture
def families(city: City, worker: User) -> list[Entered]:
    """Forty families by chance, with all that a list says: texts like formulas, rare characters, leading zeros."""
    rng = random.Random(7)
    villages = [city.areas[code] for code in ("441521120203", "441521120207", "441521120206")]
    return [_family(city, worker, rng, number, rng.choice(villages)) for number in range(40)]


def _family(city: City, worker: User, rng: random.Random, number: int, village: Any) -> Entered:
    relations = [Relation.HEAD, *rng.sample([Relation.SPOUSE, Relation.SON, Relation.GRANDDAUGHTER], rng.randrange(4))]
    members = [_member(rng, relation) for relation in relations]
    found = a_family(
        city.chengdong, worker, members=members, village=village, group=rng.choice(["", "二组", "=1+1", "007"]),
        address=rng.choice(["", "向阳巷7号, 后座"]), phone=rng.choice(["", f"1990000{number:04}"]),
        tags=rng.choice([[], ["dibao_rural"]]),
    )  # fmt: skip
    if number % 3:
        file = a_file(found, worker, number=f"00{number:03}", on=date(2019, 8, 1 + number % 20))
        said = {"station": city.chengdong, "file": file, "entered_by": worker, "starts_on": date(2020, 3, 1)}
        FileGrade.objects.create(grade=rng.choice(["red", "green"]), reason="独居", **said)
    if number % 4 == 0:
        _circumstances(worker, found, rng)
    return found


def _member(rng: random.Random, relation: Relation) -> Any:
    born = date(rng.randrange(1935, 2012), rng.randrange(1, 13), rng.randrange(1, 28))
    precision = rng.choice(list(BirthPrecision))
    number = an_id(rng, born) if rng.random() < 0.6 else ""
    if number:
        precision = BirthPrecision.DAY
    tags = rng.choice([[], [], ["disabled"], ["alone_elder"]]) if born.year < 1958 else []
    said = {"id_no": number, "birth_date": born, "birth_precision": precision, "sex": rng.choice("12")}
    return a_member(
        rng.choice(NAMES) + rng.choice(GIVEN), relation, tags=tags, phone=rng.choice(["", "19900004321"]), **said
    )


def _circumstances(worker: User, found: Entered, rng: random.Random) -> None:
    first = found.people[0]
    said = {"known_on": date(2020, 1, 5), "nation": "01", "education": "80", "marriage": "30", "health": "chronic"}
    write_sheet(by=worker, household=found.household, person_id=first.pk, version=0, said=said, acknowledged=True)
    for kind, more in (
        (Disability, {"kind": "4", "grade": "2", "issued_on": date(2018, 1, 5)}),
        (SelfCare, {"assessed_on": date(2019, 2, 1), "scheme": "civil", "cannot": ["wash"]}),
        (Carer, {"name": "村委会", "role": "guardian", "starts_on": date(2019, 1, 1)}),
    ):
        enter_parts(by=worker, kind=kind, entries=[PartEntry(found.household, more, first.pk)], acknowledged=True)


def take(client: Client, kind: str, of: str = "families", query: dict[str, Any] | None = None, **more: Any) -> Any:
    address = f"/{of}/export?{urlencode(query)}" if query else f"/{of}/export"
    return client.post(address, {"kind": kind, "reason": "check", **more})


def taken(client: Client, kind: str, of: str = "families", query: dict[str, Any] | None = None, **more: Any) -> Result:
    answer = take(client, kind, of, query, **more)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    result = understand(answer.content, CONTEXT)
    assert result.kind == kind
    assert [sheet.wrong for sheet in result.sheets] == [[] for _ in result.sheets]
    return result


def said(result: Result) -> list[dict[str, Any]]:
    """What the importer reads of each row, of fields with something in them."""
    [sheet] = result.sheets
    rows = [readings(sheet.table, number, CONTEXT, GAZETTEER) for number in sheet.table.numbers]
    return [{name: value for name, value in row.items() if value not in ("", None, [])} for row in rows]


def test_every_heading_is_a_very_wording_of_its_field_or_of_none() -> None:
    from shuangbai.ledgers.enums import FIELDS

    fields = {field.label: name for name, field in FIELDS.items()}
    fields |= {
        "成员姓名": "person.name",
        "本人电话": "person.phone",
        "家庭类别": "person.categories",
        "观察情况": "visit.narrative",
    }
    for kind, columns in COLUMNS.items():
        headings = [column.heading for column in columns]
        assert len(set(headings)) == len(headings), kind
        for heading in headings:
            if heading in fields:
                assert meanings(Label(heading))[fields[heading]].score == 1, heading


# BACK TO THE SAME ------------------------------------------------------------


def _expected(found: Entered, *, households: bool = True) -> list[dict[str, Any]]:
    """What is known of a family, as the importer reads it."""
    home = found.household
    home.refresh_from_db()
    file = home.files.first()
    shared = {
        "household.village": next(c.code for c in home.village.codes.all()), "household.group": home.group,
        "household.address": home.address, "household.head_name": home.head_name,
        "household.file_no": file.number if file else "",
    }  # fmt: skip
    if households:
        grade = file.grades.get().get_grade_display() if file else ""
        shared |= {
            "household.phone": [home.phone] if home.phone else [], "household.grade": grade,
            "household.opened_on": file.opened_on.isoformat() if file else "",
            "household.worker": "林小燕" if file else "",
        }  # fmt: skip
    rows = [
        _person(home, row, households=households) | shared
        for row in home.memberships.order_by("relation", "person__birth_date", "id")
    ]
    return [{name: value for name, value in row.items() if value not in ("", None, [])} for row in rows]


def _person(home: Any, row: Any, *, households: bool) -> dict[str, Any]:
    person = row.person
    born = {BirthPrecision.DAY: f"{person.birth_date:%Y-%m-%d}", BirthPrecision.MONTH: f"{person.birth_date:%Y-%m}"}
    tags = Tag.objects.filter(person=person) | (
        Tag.objects.filter(household=home) if row.relation == Relation.HEAD else Tag.objects.none()
    )
    labels = {"disabled": "残疾", "alone_elder": "独居老人", "dibao_rural": "农村低保"}
    found = {
        "person.name": person.name, "person.relation": row.get_relation_display() if households else "",
        "person.sex": person.get_sex_display(), "person.id_number": person.id_no,
        "person.birth_date": born.get(person.birth_precision, f"{person.birth_date:%Y}"),
        "person.phone": [person.phone] if person.phone else [],
        "person.categories": sorted(labels[code] for code in tags.values_list("category__code", flat=True)),
    }  # fmt: skip
    if Disability.objects.filter(person=person).exists():
        found |= {
            "person.disability": "肢体残疾二级", "person.self_care": "半失能", "person.ethnicity": "汉族",
            "person.education": "小学", "person.marital": "丧偶", "person.health": "有慢性病",
            "person.guardian": "村委会",
        }  # fmt: skip
    return found


def _sorted(rows: list[dict[str, Any]]) -> list[list[tuple[str, Any]]]:
    for row in rows:
        if "person.categories" in row:
            row["person.categories"] = sorted(row["person.categories"])
        for name in ("visit.narrative", "activity.name"):
            if name in row:
                row[name] = plain(row[name])
    return sorted(sorted(row.items()) for row in rows)


def test_families_with_their_members_come_back_to_the_same(
    client_for: Asks, worker: User, families: list[Entered]
) -> None:
    result = taken(client_for(worker), "households", clear="on")
    assert _sorted(said(result)) == _sorted([row for found in families for row in _expected(found)])
    assert result.distinct_households == len(families)


def test_people_come_back_to_the_same(client_for: Asks, worker: User, families: list[Entered]) -> None:
    result = taken(client_for(worker), "persons", clear="on")
    assert _sorted(said(result)) == _sorted([row for found in families for row in _expected(found, households=False)])


def test_a_roster_lists_those_who_carry_the_category_and_says_nothing_of_others(
    client_for: Asks, worker: User, families: list[Entered]
) -> None:
    only = Category.objects.get(code="disabled")
    rows = said(taken(client_for(worker), "roster", query={"category": only.pk}, clear="on"))
    carried = Tag.objects.filter(category=only).values_list("person__name", flat=True)
    assert sorted(row["person.name"] for row in rows) == sorted(carried)
    assert {tuple(row["person.categories"]) for row in rows} == {("残疾",)}
    everybody = said(taken(client_for(worker), "roster"))
    assert len(everybody) > len(rows)
    assert all(row["person.categories"] for row in everybody)


def test_visits_come_back_to_the_same(client_for: Asks, worker: User, city: City, families: list[Entered]) -> None:
    rng, wanted = random.Random(3), []
    for number, found in enumerate(families[:30]):
        met, mode = rng.random() < 0.7, rng.choice([Mode.HOME, Mode.PHONE, Mode.INSTITUTION])
        more = {"narrative": rng.choice(TALK), "observation": rng.choice(["", "精神尚好，\n愿意交谈"])}
        visit = a_visit(
            city.chengdong, worker, found, on=date(2020, 5, 1 + number % 28), mode=mode, needs=["medical", "housing"],
            result=Met.MET if met else Met.NOBODY_HOME, started_at=time(9, 30), ended_at=time(10, 15),
            followup="next_visit", next_on=date(2020, 7, 1), **more,
        )  # fmt: skip
        wanted.append(_visit_said(visit, found, more))
    gone = a_visit(city.chengdong, worker, families[30], on=date(2020, 5, 3))
    void_records(by=worker, records=[gone.record], reason="录错了")
    result = taken(client_for(worker), "visits", "records")
    assert _sorted(said(result)) == _sorted(wanted)


def _visit_said(visit: Any, found: Entered, more: dict[str, str]) -> dict[str, Any]:
    record, file = visit.record, found.household.files.first()
    row = {
        "visit.date": record.occurred_on.isoformat(), "visit.time": "09:30-10:15",
        "household.village": record.village.codes.first().code, "household.head_name": found.household.head_name,
        "household.file_no": file.number if file else "", "visit.mode": visit.get_mode_display(),
        "visit.result": visit.get_result_display(), "visit.purpose": "日常", "visit.worker": "林小燕",
        "visit.persons_met": record.contacts.filter(kind="person").count(), "visit.narrative": more["narrative"],
        "visit.needs": "医疗、住房", "visit.followup": "下次探访", "visit.next_date": "2020-07-01",
    }  # fmt: skip
    return {name: value for name, value in row.items() if value not in ("", None)}


def test_activities_come_back_to_the_same(client_for: Asks, worker: User, city: City) -> None:
    for number, title in enumerate(["相伴童行, 第一场", "=敲门行动", "健康讲座\n下午"]):
        an_activity(city.chengdong, worker, on=date(2020, 5, 1 + number), title=title, volunteers=number)
    rows = said(taken(client_for(worker), "activities", "records", query={"kind": "activity"}))
    assert {row["activity.name"] for row in rows} == {"相伴童行, 第一场", "=敲门行动", "健康讲座\n下午"}
    assert {row["activity.date"] for row in rows} == {"2020-05-01", "2020-05-02", "2020-05-03"}
    assert {row["activity.kind"] for row in rows} == {"儿童"}
    assert sorted(row["activity.volunteers"] for row in rows) == [0, 1, 2]
    assert all(row["activity.person_times"] > 0 for row in rows)


def test_no_cell_is_a_formula_and_nothing_typed_is_changed(
    client_for: Asks, worker: User, city: City, families: list[Entered]
) -> None:
    for place, talk in enumerate(TALK):
        a_visit(city.chengdong, worker, families[place], on=date(2020, 5, 1), narrative=talk)
    answer = take(client_for(worker), "visits", "records")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert "<f>" not in archive.read("xl/worksheets/sheet1.xml").decode()
    [sheet] = open_book(answer.content).sheets
    column = sheet.rows[2].index("走访内容")
    assert {row[column] for row in sheet.rows[3:]} == set(TALK)


# MASKED, AND WHO MAY ---------------------------------------------------------


@pytest.fixture
def family(city: City, worker: User) -> Entered:
    members = [a_member("曾秀英", Relation.HEAD, sex="2", id_no=ID, birth_date=date(1949, 12, 31), phone="19900009876")]
    return a_family(city.chengdong, worker, members=members, phone="19900001234", address="向阳巷七号")


def _texts(answer: Any) -> str:
    return "\n".join(str(value) for sheet in open_book(answer.content).sheets for row in sheet.rows for value in row)


def test_masked_it_has_no_numbers_no_telephones_no_addresses_and_no_day_of_birth(
    client_for: Asks, worker: User, family: Entered
) -> None:
    for kind in ("households", "persons"):
        texts = _texts(take(client_for(worker), kind))
        assert "曾秀英" in texts
        assert "1949-12" in texts
        for words in (ID, "19900009876", "19900001234", "向阳巷七号", "1949-12-31", "身份证号", "电话"):
            assert words not in texts
    assert not AuditEvent.objects.filter(kind="household.unmasked").exists()
    kept = AuditEvent.objects.filter(kind="list.exported").first()
    assert kept is not None
    assert (kept.details["rows"], kept.details["cover"]) == (1, "没有证件号、电话、住址")
    assert kept.personal["reason"] == "核对、补正资料"


def test_written_out_each_value_is_an_opening_of_its_family(client_for: Asks, worker: User, family: Entered) -> None:
    texts = _texts(take(client_for(worker), "households", clear="on", reason="report"))
    assert all(words in texts for words in (ID, "19900009876", "19900001234", "向阳巷七号", "1949-12-31"))
    opened = AuditEvent.objects.get(kind="household.unmasked")
    assert opened.about_id == str(family.household.pk)
    assert opened.details["count"] == 4
    person = family.people[0].pk
    assert set(opened.details["keys"]) == {"phone", "address", f"id.{person}", f"phone.{person}"}
    assert (opened.details["what"], opened.personal["reason"]) == ("导出的一户一档", "按要求报送")


def test_a_second_large_list_within_the_hour_waits(client_for: Asks, worker: User, families: list[Entered]) -> None:
    client = client_for(worker)
    assert take(client, "households", clear="on").status_code == 200
    answer = take(client, "households", clear="on")
    assert answer.status_code in (422, 429)
    assert AuditEvent.objects.filter(kind="list.exported").count() == 1


def test_a_supervisor_has_it_masked_however_it_is_asked_and_another_station_nothing_of_it(
    client_for: Asks, city: City, supervisor: User, stranger: User, family: Entered
) -> None:
    texts = _texts(take(client_for(supervisor), "households", clear="on"))
    assert "曾秀英" in texts
    assert ID not in texts
    assert "曾秀英" not in _texts(take(client_for(stranger), "households", clear="on"))
    for who in ("officer", "sysadmin", "security", "auditor"):
        assert take(client_for(city.users[who]), "households").status_code == 404


def test_an_officer_has_records_with_family_names_alone_and_nothing_that_was_written(
    client_for: Asks, city: City, worker: User, officer: User, family: Entered
) -> None:
    a_visit(city.chengdong, worker, family, on=date(2020, 5, 1), narrative="血压高")
    texts = _texts(take(client_for(officer), "visits", "records"))
    assert "入户" in texts
    assert "曾" in texts
    assert "曾秀英" not in texts
    assert "血压高" not in texts


def test_the_filters_of_the_list_hold_and_stand_in_the_trail(
    client_for: Asks, worker: User, families: list[Entered]
) -> None:
    client = client_for(worker)
    rows = said(taken(client, "households", query={"file": "yes"}, clear="on"))
    assert all("household.file_no" in row for row in rows)
    kept = AuditEvent.objects.get(kind="list.exported")
    assert kept.personal["asked"] == "档案：有档案"
    page = client.get("/families/export?file=yes").content.decode()
    assert "档案：有档案" in page
    assert '/families/export?file=yes"' in client.get("/families/?file=yes").content.decode()


def test_without_a_reason_nothing_is_given(client_for: Asks, worker: User, family: Entered) -> None:
    answer = take(client_for(worker), "households", reason="")
    assert answer.status_code == 422
    assert "请选择做什么用" in answer.content.decode()
    assert not AuditEvent.objects.filter(kind="list.exported").exists()


def test_a_list_that_is_too_long_is_refused_with_what_to_do(
    client_for: Asks, worker: User, families: list[Entered], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 3)
    answer = take(client_for(worker), "households")
    assert answer.status_code == 422
    assert "请先缩小筛选" in answer.content.decode()


def test_the_action_lets_nobody_note_what_they_may_not_take(city: City, supervisor: User, family: Entered) -> None:
    opened = ListTaken(ListKind.HOUSEHOLDS, 1, "", {family.household.pk: ["phone"]})
    for who, taken_ in ((city.users["auditor"], ListTaken(ListKind.VISITS, 1, "")), (supervisor, opened)):
        with pytest.raises(NotAllowed):
            note_list_taken(by=who, taken=taken_, reason=ListReason.CHECK)
    assert not AuditEvent.objects.filter(kind__in=["list.exported", "household.unmasked"]).exists()


def test_more_values_than_one_list_may_show_are_refused(worker: User, family: Entered) -> None:
    from shuangbai.households.actions import note_list_unmasked

    with pytest.raises(Refused, match="请先缩小筛选"):
        note_list_unmasked(
            by=worker, opened={family.household.pk: ["phone", "address"]}, what="名单", reason="核对", most=1
        )


def test_the_queries_do_not_grow_with_the_list(client_for: Asks, worker: User, families: list[Entered]) -> None:
    client = client_for(worker)
    counts = []
    for query in ({"q": "曾秀英"}, {}):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert take(client, "households", query=query).status_code == 200
        counts.append(len(queries))
    assert abs(counts[0] - counts[1]) <= 4


# BROUGHT IN AGAIN --------------------------------------------------------------


def fates_of(city: City, worker: User, data: bytes) -> Counter[str]:
    source = take_in(by=worker, station=city.chengdong, data=data, name="导出.xlsx", kind=None)
    proposal = propose(city.chengdong, Kind(source.kind), rows_of(source), decided_of(source))
    return Counter(fate.value for fate in proposal.fates)


@pytest.mark.parametrize("kind", ["households", "persons"])
def test_families_taken_out_and_brought_in_again_make_nobody_new(
    client_for: Asks, city: City, worker: User, families: list[Entered], kind: str
) -> None:
    fates = fates_of(city, worker, take(client_for(worker), kind, clear="on").content)
    assert set(fates) <= {"same", "adds", "ask"}
    assert fates["ask"] <= 2  # of two families of one name in one village one has no file number
    assert fates.total() == sum(len(found.people) for found in families)


def test_visits_and_activities_taken_out_and_brought_in_again_are_known(
    client_for: Asks, city: City, worker: User, families: list[Entered]
) -> None:
    for number, found in enumerate(families):
        a_visit(city.chengdong, worker, found, on=date(2020, 5, 1 + number % 28), narrative=TALK[number % len(TALK)])
    for number in range(3):
        an_activity(city.chengdong, worker, on=date(2020, 5, 1 + number), title=f"第{number}场")
    client = client_for(worker)
    visits = fates_of(city, worker, take(client, "visits", "records").content)
    assert (visits["twice"], visits.total()) == (len(families) - visits["ask"], len(families))
    assert fates_of(city, worker, take(client, "activities", "records").content) == {"twice": 3}
