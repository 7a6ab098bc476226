"""A ledger in a station: what becomes of its rows, brought in whole, again, corrected, and taken back."""

from datetime import date, timedelta
from typing import Any

import pytest

from shuangbai.activities.models import Activity
from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.papers import kept_names
from shuangbai.dossier.models import PersonSheet
from shuangbai.filings.models import Filing, Manifest
from shuangbai.households.enums import CloseReason, Relation
from shuangbai.households.files import close_file
from shuangbai.households.forgetting import Forgetting
from shuangbai.households.models import FamilyFile, Household, Membership, Person, Tag
from shuangbai.households.queries import open_file_of
from shuangbai.ledgers import actions, entering
from shuangbai.ledgers.enums import Fate, ImportState, Kind
from shuangbai.ledgers.keeping import Ledgers
from shuangbai.ledgers.keepsakes import rows_of
from shuangbai.ledgers.models import Import, ImportedRow, Made
from shuangbai.ledgers.proposing import Decided, Proposal, propose
from shuangbai.ledgers.queries import cells_of, origin_of_record, origins_of_family
from shuangbai.network.models import User
from shuangbai.services.models import Contact, ServiceRecord
from shuangbai.visits.actions import correct_visit
from shuangbai.visits.models import Visit
from tests.cast import TODAY, City, a_family, a_member, a_visit
from tests.ledgers import writing

VISITS = [
    "走访日期",
    "村居",
    "户主",
    "联系电话",
    "走访方式",
    "走访结果",
    "走访社工",
    "走访内容",
    "存在困难及需求",
    "备注",
]
FAMILIES = [
    "档案编号",
    "村居",
    "户主",
    "家庭电话",
    "跟进级别",
    "建档日期",
    "姓名",
    "与户主关系",
    "性别",
    "身份证号",
    "人员类别",
    "文化程度",
]
NUMBER = "441592195004013192"
ONE = ["2020-03-05", "赤山村", "林进财", "13800000001", "入户", "见面", "林小燕", "屋顶漏雨", "住房", "补录"]
TWO = ["2020-03-06", "北平村", "陈阿妹", "", "电访", "不在家", "黄建国", "无人接听", "", ""]
WRONG = ["2020-02-30", "赤山村", "孙二弟", "", "入户", "见面", "林小燕", "不存在的日子", "", ""]
HEAD = ["CD-001", "赤山村", "林进财", "13800000001", "黄", "2019-05-06", "林进财", "户主", "男", "", "低保", "小学"]
WIFE = ["CD-001", "赤山村", "林进财", "", "", "2019-05-06", "陈秀英", "妻子", "女", "", "肢体残疾二级", "文盲"]


def alone(city: City, by: User, **more: Any) -> Any:
    """林进财 on file, with nobody else."""
    return a_family(city.chengdong, by, members=[a_member("林进财", Relation.HEAD, sex="1", **more)])


def book(header: list[str], *lines: list[Any]) -> bytes:
    return writing.xlsx({"台账": [header, *lines]})


def taken(by: User, city: City, data: bytes, kind: Kind | None = None) -> Import:
    return actions.take_in(by=by, station=city.chengdong, data=data, name="台账.xlsx", kind=kind)


def brought(by: User, city: City, data: bytes, kind: Kind | None = None) -> Import:
    source = taken(by, city, data, kind)
    actions.ask_for_import(by=by, source=source, version=source.version)
    actions.bring_in(by=by, source_id=source.pk)
    source.refresh_from_db()
    return source


def proposed(city: City, source: Import) -> Proposal:
    return propose(city.chengdong, Kind(source.kind), rows_of(source), actions.decided_of(source))


def fates(city: City, source: Import) -> list[str]:
    return [fate.value for fate in proposed(city, source).fates]


def everything() -> dict[str, int]:
    models = (Household, Person, Membership, Tag, FamilyFile, PersonSheet)
    counts = {model.__name__: model._base_manager.count() for model in models}
    return counts | {"records": ServiceRecord.objects.filter(voided_at__isnull=True).count()}


# VISITS ----------------------------------------------------------------------


def test_visits_go_in_with_their_families_and_the_wrong_row_stays_out(city: City, worker: User) -> None:
    source = taken(worker, city, book(VISITS, ONE, TWO, WRONG))
    assert everything() == dict.fromkeys(everything(), 0)
    assert fates(city, source) == ["new", "new", "wrong"]
    actions.ask_for_import(by=worker, source=source, version=source.version)
    actions.bring_in(by=worker, source_id=source.pk)
    met, unmet = Visit.objects.select_related("record").order_by("record__occurred_on")
    assert (met.mode, met.result, met.narrative, met.needs) == ("home", "met", "屋顶漏雨", ["housing"])
    assert met.observation == "备注：补录；存在困难及需求：住房"
    assert (unmet.mode, unmet.result) == ("phone", "nobody_home")
    assert (met.record.occurred_on, met.record.entered_by) == (date(2020, 3, 5), worker)
    assert [row.staff.name for row in met.record.workers.all()] == ["林小燕"]
    assert Contact.objects.get(record=met.record, kind="person").person.name == "林进财"
    home = Household.objects.get(head_name="林进财")
    assert (home.village, home.phone, home.station) == (city.chishan, "13800000001", city.chengdong)
    assert Membership.objects.get(household=home).starts_on == date(2020, 3, 5)


def test_the_same_file_twice_changes_nothing(city: City, worker: User) -> None:
    data = book(VISITS, ONE, TWO, ONE, WRONG)
    brought(worker, city, data)
    before = everything()
    again = taken(worker, city, data)
    assert fates(city, again) == ["same", "same", "same", "wrong"]
    with pytest.raises(Refused, match="没有要导入的行"):
        actions.ask_for_import(by=worker, source=again, version=again.version)
    assert everything() == before


def test_of_a_corrected_file_only_what_is_new_goes_in(city: City, worker: User) -> None:
    brought(worker, city, book(VISITS, ONE, WRONG))
    source = taken(worker, city, book(VISITS, ["2020-02-28", *WRONG[1:]], ONE))
    assert fates(city, source) == ["new", "same"]


def test_a_visit_that_was_typed_before_does_not_go_in_twice_unless_somebody_says_so(city: City, worker: User) -> None:
    family = alone(city, worker)
    a_visit(city.chengdong, worker, family, on=date(2020, 3, 5))
    source = taken(worker, city, book(VISITS, [*ONE[:3], "", *ONE[4:]]))
    assert fates(city, source) == ["twice"]
    source = actions.decide(by=worker, source=source, version=source.version, decided=Decided(again=True))
    assert fates(city, source) == ["new"]


def test_a_worker_whom_the_station_does_not_know_stays_with_the_record(city: City, worker: User) -> None:
    brought(worker, city, book(VISITS, [*ONE[:6], "林小燕、郭某", *ONE[7:]]))
    assert "郭某" in Visit.objects.get().observation
    assert ServiceRecord.objects.get().workers.count() == 1


def test_days_before_the_station_opened_are_wrong(city: City, worker: User) -> None:
    source = taken(worker, city, book(VISITS, ["2016-03-05", *ONE[1:]], TWO))
    found = proposed(city, source)
    assert [fate.value for fate in found.fates] == ["wrong", "new"]
    assert "开站日期" in found.reasons[0]


def test_whoever_left_the_family_or_died_before_is_not_counted_as_met(city: City, worker: User) -> None:
    family = alone(city, worker)
    Person.objects.filter(pk=family.people[0].pk).update(died_on=date(2020, 1, 1))
    brought(worker, city, book(VISITS, [*ONE[:3], "", *ONE[4:]]))
    assert not Contact.objects.filter(kind="person").exists()


# FAMILIES --------------------------------------------------------------------


def test_a_family_goes_in_with_members_categories_file_and_grade(city: City, worker: User) -> None:
    brought(worker, city, book(FAMILIES, HEAD, WIFE))
    home = Household.objects.get()
    head, wife = Membership.objects.filter(household=home).order_by("relation")
    assert (head.person.name, head.relation, wife.person.name, wife.relation) == (
        "林进财", Relation.HEAD, "陈秀英", Relation.WIFE,
    )  # fmt: skip
    file = open_file_of(home.pk)
    assert file is not None
    assert (file.number, file.opened_on, file.grades.get().grade) == ("CD-001", date(2019, 5, 6), "yellow")
    assert {tag.category.name for tag in Tag.objects.all()} >= {"农村低保"}
    assert PersonSheet.objects.get(person=head.person).education == "80"
    assert "肢体残疾二级" in home.note


def test_somebody_on_file_is_found_and_told_what_the_ledger_adds(city: City, worker: User) -> None:
    number = NUMBER
    family = alone(city, worker, id_no=number)
    line = [*HEAD[:9], number, *HEAD[10:]]
    source = taken(worker, city, book(FAMILIES, line))
    found = proposed(city, source)
    [one] = found.households
    assert (one.home, [fate.value for fate in found.fates]) == (family.household.pk, ["adds"])
    assert one.fills == {"phone": "13800000001"}
    actions.ask_for_import(by=worker, source=source, version=source.version)
    actions.bring_in(by=worker, source_id=source.pk)
    family.household.refresh_from_db()
    assert (family.household.phone, Person.objects.count()) == ("13800000001", 1)
    assert fates(city, taken(worker, city, book(FAMILIES, line))) == ["same"]


def test_what_the_system_says_otherwise_stays_unless_the_ledger_is_taken(city: City, worker: User) -> None:
    number = NUMBER
    family = alone(city, worker, id_no=number)
    Household.objects.filter(pk=family.household.pk).update(phone="13900000009", phone_tails="")
    source = taken(worker, city, book(FAMILIES, [*HEAD[:9], number, *HEAD[10:]]))
    [one] = proposed(city, source).households
    assert [(d.field, d.old, d.new) for d in one.differs] == [("phone", "13900000009", "13800000001")]
    assert "phone" not in one.fills
    source = actions.decide(by=worker, source=source, version=source.version, decided=Decided(take=["phone"]))
    actions.ask_for_import(by=worker, source=source, version=source.version)
    actions.bring_in(by=worker, source_id=source.pk)
    family.household.refresh_from_db()
    assert family.household.phone == "13800000001、13900000009"


def test_a_likely_family_waits_for_a_decision_which_is_remembered(city: City, worker: User) -> None:
    family = alone(city, worker)
    data = book(FAMILIES, HEAD)
    source = taken(worker, city, data)
    [one] = proposed(city, source).households
    assert (one.home, [choice.home for choice in one.choices]) == (None, [family.household.pk])
    assert fates(city, source) == ["ask"]
    decided = Decided(families={one.said.key: ""})
    source = actions.decide(by=worker, source=source, version=source.version, decided=decided)
    actions.ask_for_import(by=worker, source=source, version=source.version)
    actions.bring_in(by=worker, source_id=source.pk)
    assert Household.objects.count() == 2
    assert fates(city, taken(worker, city, data)) == ["same"]


def test_without_a_village_somebody_says_where(city: City, worker: User) -> None:
    lines = [["姓名", "性别", "身份证号", "人员类别"], ["林进财", "男", NUMBER, "低保"]]
    source = taken(worker, city, writing.xlsx({"名单": lines}), Kind.PERSONS)
    assert fates(city, source) == ["wrong"]
    decided = Decided(village="441521120203")
    source = actions.decide(by=worker, source=source, version=source.version, decided=decided)
    assert fates(city, source) == ["new"]


# ACTIVITIES ------------------------------------------------------------------


def test_activities_go_in_with_their_heads(city: City, worker: User) -> None:
    header = ["活动日期", "活动名称", "活动村居", "活动类型", "参加人次", "志愿者人数", "备注"]
    lines = [
        ["2020-05-01", "端午包粽", "赤山村", "节日", "约45人", "3", "晴"],
        ["2020-05-02", "讲座", "", "教育讲座", "", "", ""],
    ]
    source = brought(worker, city, book(header, *lines))
    assert source.kind == Kind.ACTIVITIES
    first, second = Activity.objects.select_related("record").order_by("record__occurred_on")
    assert (first.title, first.kind, first.volunteers, first.summary) == (
        "端午包粽",
        "festival",
        3,
        "备注：晴；活动类型：节日",
    )
    heads = first.record.contacts.get()
    assert (heads.heads, heads.method, first.record.village) == (45, "estimated", city.chishan)
    assert (second.kind, second.record.contacts.count()) == ("lecture", 0)
    assert fates(city, taken(worker, city, book(header, *lines))) == ["same", "same"]


# WHOLE OR NOT AT ALL ---------------------------------------------------------


def test_a_failure_in_the_middle_leaves_nothing(city: City, worker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    source = taken(worker, city, book(VISITS, ONE, TWO))
    actions.ask_for_import(by=worker, source=source, version=source.version)

    def fails(**_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(entering, "record_visits", fails)
    with pytest.raises(RuntimeError):
        actions.bring_in(by=worker, source_id=source.pk)
    source.refresh_from_db()
    assert (source.state, everything()) == (ImportState.QUEUED, dict.fromkeys(everything(), 0))
    assert not Made.objects.exists()


def test_brought_in_once_however_often_the_job_begins(city: City, worker: User) -> None:
    source = brought(worker, city, book(VISITS, ONE))
    assert actions.bring_in(by=worker, source_id=source.pk) is None
    assert ServiceRecord.objects.count() == 1


def test_only_the_station_brings_in(city: City, worker: User, stranger: User, supervisor: User) -> None:
    for other in (stranger, supervisor):
        with pytest.raises(NotAllowed):
            taken(other, city, book(VISITS, ONE))
    source = taken(worker, city, book(VISITS, ONE))
    with pytest.raises(NotAllowed):
        actions.ask_for_import(by=stranger, source=source, version=source.version)


def test_two_who_decide_at_once(city: City, worker: User, colleague: User) -> None:
    source = taken(worker, city, book(VISITS, ONE))
    actions.decide(by=colleague, source=source, version=source.version, decided=Decided(again=True))
    with pytest.raises(Conflict):
        actions.decide(by=worker, source=source, version=source.version, decided=Decided())


def test_what_is_no_table_is_refused(city: City, worker: User) -> None:
    with pytest.raises(Refused, match="没有认出表格"):
        taken(worker, city, writing.xlsx({"说明": [["本表由镇里统一填写"]]}))
    with pytest.raises(Refused):
        taken(worker, city, b"PK\x03\x04broken")
    assert not Import.objects.exists()


def test_a_ledger_that_is_dropped_leaves_no_file(
    city: City, worker: User, django_capture_on_commit_callbacks: Any
) -> None:
    source = taken(worker, city, book(VISITS, ONE))
    assert {source.stored, source.told} <= kept_names()
    with django_capture_on_commit_callbacks(execute=True):
        actions.drop(by=worker, source=source, version=source.version)
    assert not {source.stored, source.told} & kept_names()


def test_a_ledger_that_waits_for_a_month_is_thrown_away(city: City, worker: User) -> None:
    _old, new, done = (taken(worker, city, book(VISITS, ONE)) for _ in range(3))
    actions.ask_for_import(by=worker, source=done, version=done.version)
    actions.bring_in(by=worker, source_id=done.pk)
    Import.objects.exclude(pk=new.pk).update(entered_at=clock.now() - timedelta(days=31))
    assert actions.drop_old_ledgers() == 1
    assert set(Import.objects.values_list("pk", flat=True)) == {new.pk, done.pk}
    assert actions.drop_old_ledgers() == 0


# FORGOTTEN -------------------------------------------------------------------


def test_where_somebody_is_forgotten_their_rows_and_the_workbook_are_gone(
    city: City, worker: User, django_capture_on_commit_callbacks: Any
) -> None:
    source = brought(worker, city, book(VISITS, ONE, TWO))
    person = Person.objects.get(name="林进财")
    home = Household.objects.get(head_name="林进财")
    records = ServiceRecord.objects.filter(household=home).values_list("pk", flat=True)
    what = Forgetting(person.pk, ("林进财",), frozenset({home.pk}), frozenset({home.pk}), frozenset(records))
    with django_capture_on_commit_callbacks(execute=True):
        assert Ledgers().forget(what) == 1
    before = {source.stored, source.told}
    source.refresh_from_db()
    assert (source.stored, [row.row for row in rows_of(source)]) == ("", [3])
    assert not before & kept_names()
    assert not ImportedRow.objects.filter(row=2).exclude(digest="").exists()


# WHERE IT COMES FROM ---------------------------------------------------------


def test_a_record_and_a_family_know_their_cells(city: City, worker: User) -> None:
    source = brought(worker, city, book(VISITS, ONE))
    row = origin_of_record(ServiceRecord.objects.get().pk)
    assert row is not None
    assert (row.source_id, row.sheet, row.row) == (source.pk, "台账", 2)
    assert ("H", "走访内容", "屋顶漏雨") in cells_of(row)
    families = brought(worker, city, book(FAMILIES, WIFE, HEAD))
    [told] = [one for one in origins_of_family(Household.objects.get().pk) if one.source_id == families.pk]
    assert told.row in (2, 3)


# WHAT IS LEARNT --------------------------------------------------------------


def test_a_mapping_is_remembered_for_the_station_and_the_shape(city: City, worker: User) -> None:
    header = ["哪天", "哪里", "谁", "说了啥"]
    lines = [[f"2020-03-0{day}", "赤山村", "林进财", f"屋顶漏雨，要修第{day}次"] for day in range(1, 5)]
    source = taken(worker, city, book(header, *lines), Kind.VISITS)
    mapping = {
        "台账": {"A": "visit.date", "B": "household.village", "C": "household.head_name", "D": "visit.narrative"}
    }
    decided = Decided(mapping=mapping)
    actions.decide(by=worker, source=source, version=source.version, decided=decided, learn=True)
    more = [[f"2020-04-0{day}", "北平村", "陈阿妹", "都好"] for day in range(1, 5)]
    other = taken(worker, city, book(header, *more), Kind.VISITS)
    assert rows_of(other)[0].said["narrative"] == "都好"


def test_what_was_read_can_be_had_without_its_cells(city: City, worker: User) -> None:
    source = taken(worker, city, book(VISITS, ONE, TWO, WRONG))
    whole, slim = rows_of(source), rows_of(source, cells=False)
    assert [row.said for row in slim] == [row.said for row in whole]
    assert [row.issues for row in slim] == [row.issues for row in whole]
    assert [text for _, _, text in whole[0].cells] == [text for text in ONE if text]
    with pytest.raises(ValueError, match="without its cells"):
        _ = slim[0].cells


def test_a_village_that_is_ambiguous_is_said_once(city: City, worker: User) -> None:
    source = taken(worker, city, book(VISITS, [ONE[0], "大埔老村", *ONE[2:]], [TWO[0], "大埔老村", *TWO[2:]]))
    assert fates(city, source) == ["wrong", "wrong"]
    decided = Decided(villages={"大埔老村": "441521120203"})
    source = actions.decide(by=worker, source=source, version=source.version, decided=decided)
    assert fates(city, source) == ["new", "new"]


# UNDONE ----------------------------------------------------------------------


@pytest.mark.parametrize(("header", "lines"), [(VISITS, [ONE, TWO]), (FAMILIES, [HEAD, WIFE])])
def test_an_import_is_taken_back_and_can_be_brought_in_anew(
    city: City, worker: User, header: list[str], lines: list[list[str]]
) -> None:
    source = brought(worker, city, book(header, *lines))
    made = everything()
    assert actions.undo(by=worker, source=source, version=source.version, reason="传错了") == []
    left = everything()
    assert all(not many for name, many in left.items() if name not in ("Household", "Person"))
    assert not Household.objects.filter(serving__isnull=False).exists()
    assert left["Household"] == (0 if header is FAMILIES else 2)  # voided records still say whom they were about
    again = brought(worker, city, book(header, *lines))
    assert everything() | {"Household": 0, "Person": 0} == made | {"Household": 0, "Person": 0}
    assert set(again.counts["fates"]) == {"new"}


def test_what_something_depends_on_stays_and_is_listed(city: City, worker: User) -> None:
    source = brought(worker, city, book(VISITS, ONE, TWO))
    home = Household.objects.get(head_name="林进财")
    first = Visit.objects.get(record__household=home)
    entry_of = {"by": worker, "visit": first, "version": 1, "reason": "时间填错"}
    correct_visit(entry=_entry_of(first, city), **entry_of)  # type: ignore[arg-type]
    kept = actions.undo(by=worker, source=source, version=source.version, reason="传错了")
    assert [(one.name, "更正过" in one.why) for one in kept if "走访" in one.name] == [("2020-03-05 走访", True)]
    assert [one.name for one in kept if "户" in one.name] == ["林进财户"]
    assert Household.objects.filter(serving__isnull=False).get() == home
    assert fates(city, taken(worker, city, book(VISITS, ONE, TWO))) == ["same", "new"]


def _entry_of(visit: Visit, city: City) -> Any:
    from shuangbai.visits.actions import VisitEntry

    record = visit.record
    return VisitEntry(
        city.chengdong, record.household_id, record.occurred_on, visit.mode, visit.result,  # type: ignore[arg-type]
        [row.staff_id for row in record.workers.all()], [c.person_id for c in record.contacts.filter(kind="person")],  # type: ignore[misc]
        narrative="改过",
    )  # fmt: skip


def test_filled_in_fields_are_emptied_unless_somebody_changed_them(city: City, worker: User) -> None:
    number = NUMBER
    family = alone(city, worker, id_no=number)
    line = [*HEAD[:9], number, *HEAD[10:]]
    source = brought(worker, city, book(FAMILIES, line))
    assert actions.undo(by=worker, source=source, version=source.version, reason="传错了") == []
    family.household.refresh_from_db()
    assert (family.household.phone, Tag.objects.count(), FamilyFile.objects.count()) == ("", 0, 0)


def test_somebody_added_to_a_family_on_file_goes_again(city: City, worker: User) -> None:
    family = alone(city, worker, id_no=NUMBER)
    line = [*HEAD[:9], NUMBER, *HEAD[10:]]
    source = brought(worker, city, book(FAMILIES, line, WIFE))
    assert [row.person.name for row in Membership.objects.filter(household=family.household)] == ["林进财", "陈秀英"]
    assert PersonSheet.objects.count() == 2
    assert actions.undo(by=worker, source=source, version=source.version, reason="传错了") == []
    assert Membership.objects.get(household=family.household).person == family.people[0]
    assert (Person.objects.count(), Tag.objects.count(), PersonSheet.objects.count()) == (1, 0, 0)
    again = brought(worker, city, book(FAMILIES, line, WIFE))
    assert again.counts["fates"] == {"adds": 1, "new": 1}


def test_a_file_that_was_closed_since_is_not_opened_by_the_same_ledger(city: City, worker: User) -> None:
    brought(worker, city, book(FAMILIES, HEAD))
    close_file(by=worker, file=FamilyFile.objects.get(), closed_on=TODAY, reason=CloseReason.MOVED)
    assert fates(city, taken(worker, city, book(FAMILIES, HEAD))) == ["same"]


def test_families_that_a_frozen_report_counted_stay(city: City, worker: User, officer: User) -> None:
    source = brought(worker, city, book(FAMILIES, HEAD))
    filing = Filing.objects.create(
        owner=city.root, first=date(2020, 1, 1), last=date(2020, 5, 31), code="x", entered_by=officer, state="accepted"
    )
    Manifest.objects.create(
        filing=filing, owner=city.root, number=1, previous="0", hash="1", header="{}", facts=b"",
        counted_at=clock.now(), sealed_at=clock.now(),
    )  # fmt: skip
    [kept] = actions.undo(by=worker, source=source, version=source.version, reason="传错了")
    assert "上报的报告" in kept.why
    assert Household.objects.filter(serving__isnull=False).count() == 1


def test_who_may_undo_and_why(city: City, worker: User, colleague: User, head: User) -> None:
    source = brought(worker, city, book(VISITS, ONE))
    with pytest.raises(NotAllowed):
        actions.undo(by=colleague, source=source, version=source.version, reason="传错了")
    with pytest.raises(Refused, match="理由"):
        actions.undo(by=head, source=source, version=source.version, reason="")
    actions.undo(by=head, source=source, version=source.version, reason="传错了")
    source.refresh_from_db()
    with pytest.raises(Refused, match="已经撤销"):
        actions.undo(by=head, source=source, version=source.version, reason="再来一次")


def test_every_row_is_accounted_for(city: City, worker: User) -> None:
    source = brought(worker, city, book(VISITS, ONE, TWO, WRONG, ONE))
    rows = ImportedRow.objects.filter(source=source).order_by("row")
    assert [(row.row, row.fate, bool(row.record)) for row in rows] == [
        (2, Fate.NEW, True), (3, Fate.NEW, True), (4, Fate.WRONG, False), (5, Fate.NEW, True),
    ]  # fmt: skip
