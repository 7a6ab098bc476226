"""Lawful erasure: nobody finds who was forgotten, by any way in, and every figure is what it was."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from checks.personal import personal
from shuangbai.core import chain, clock, textindex
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.periods import Period
from shuangbai.dossier.entries import PartEntry
from shuangbai.followups.actions import TaskEntry, ask_task
from shuangbai.households.access import households_visible_to
from shuangbai.households.actions import change_person
from shuangbai.households.enums import Grade, Relation
from shuangbai.households.files import close_file, grade_files
from shuangbai.households.models import FamilyFile, FindKey, Household, Membership, Person, Standing
from shuangbai.households.queries import find_households, typed_suggestions
from shuangbai.lives.actions.erasing import ask_erasure, decide_erasure, set_retention, withdraw_erasure
from shuangbai.lives.actions.homes import move_home
from shuangbai.lives.entries import MovedHome
from shuangbai.lives.enums import ErasureBasis
from shuangbai.lives.models import Erasure, RetentionRule
from shuangbai.lives.queries import retention_list
from shuangbai.lives.rules import Preview
from shuangbai.network.access import viewer_of
from shuangbai.network.roles import ROLES, Permission, Role
from shuangbai.reports.queries import Ask
from shuangbai.reports.results import as_json, results
from shuangbai.services.actions import void_records
from shuangbai.services.models import ServiceRecord
from tests.cast import TODAY, a_family, a_file, a_member, a_visit, again, an_activity

pytestmark = pytest.mark.django_db
NAME, ID, PHONE, HOME = "曾秀英", "11010519491231002X", "19900001234", "向阳巷七号"
WHY = "本人于6月1日书面要求删除"


@pytest.fixture
def family(city, worker):
    """曾秀英, with everything about her, and her son."""
    members = [
        a_member(NAME, Relation.HEAD, sex="2", id_no=ID, phone=PHONE, tags=["disabled"]),
        a_member("陈大文", Relation.SON, sex="1"),
    ]
    return a_family(city.chengdong, worker, members=members, address=HOME, phone=PHONE, note=f"{NAME}家门口有狗",
                    tags=["dibao_rural"])  # fmt: skip


@pytest.fixture
def her(family):
    return family.people[0]


@pytest.fixture
def told(city, worker, head, family, her):
    """Words about her in every place that takes words."""
    file = a_file(family, worker)
    grade_files(by=worker, entries=[(file, Grade.RED, date(2020, 1, 6), f"{NAME}独居")])
    visit = a_visit(city.chengdong, worker, family, narrative=f"{NAME}血压偏高", observation=f"{NAME}情绪低落")
    elsewhere = a_family(city.chengdong, worker, members=[a_member("何楼下", Relation.HEAD)])
    beside = a_visit(city.chengdong, worker, elsewhere, narrative=f"说隔壁{NAME}住院了")
    activity = an_activity(city.chengdong, worker, people=[her], summary=f"{NAME}唱了歌")
    wrong = a_visit(city.chengdong, worker, family, on=date(2020, 5, 2), narrative=f"{NAME}不在")
    void_records(by=worker, records=[wrong.record], reason=f"{NAME}的记录重复")
    ask_task(by=worker, entry=TaskEntry(family.household, f"带{NAME}体检", TODAY + timedelta(days=9), person_id=her.pk))
    change_person(by=worker, person=her, version=1, changes={"name": "曾秀瑛"}, acknowledged=True)
    change_person(by=worker, person=her, version=2, changes={"name": NAME}, acknowledged=True)
    entry = MovedHome(family.household, date(2020, 6, 1), city.beiping.pk, note=f"{NAME}说的")
    with pytest.raises(Preview) as preview:
        move_home(by=worker, entry=entry)
    move_home(by=worker, entry=entry, confirmed=preview.value.token)
    return visit, beside, activity


def erase(person, head, officer):
    row = ask_erasure(
        by=head, station=viewer_of(head).home_station, people=[person], basis=ErasureBasis.ASKED, reason=WHY
    )[0]
    return decide_erasure(by=officer, erasure=row, agrees=True, answer="材料齐全")


def everything() -> str:
    """Every value of every table, decrypted, histories and trail included."""
    found = []
    for model in apps.get_models():
        if not model._meta.app_config.name.startswith("shuangbai."):
            continue
        names = [f.name for f in model._meta.concrete_fields if not f.is_relation]
        for row in model._base_manager.all().values_list(*names):
            found.append(" ".join(str(value) for value in row))
    return "\n".join(found)


def figures(city) -> Any:
    """The whole results report, every split of it."""
    return as_json(results(Ask(Period(date(2019, 1, 1), TODAY), city.root)))


class TestNobodyFindsWhoWasForgotten:
    def test_not_by_search_suggestion_id_or_tail(self, city, worker, head, officer, family, her, told, client_for):
        erase(her, head, officer)
        visible, stations = households_visible_to(again(worker)), [city.chengdong.pk]
        for typed in (NAME, "秀英", "zxy", ID, ID[-4:], PHONE[-4:], "曾秀瑛"):
            assert not find_households(visible, stations, typed).exists(), typed
            assert typed_suggestions(visible, stations, typed, 10) == [], typed
            page = client_for(worker).get("/search", {"q": typed}).content.decode()
            assert family.household.head_name == NAME  # what the test holds, not what is kept
            assert str(family.household.pk) not in page, typed

    def test_no_table_no_history_no_trail_and_no_index_holds_them(self, worker, head, officer, family, her, told):
        before = everything()
        assert all(word in before for word in (NAME, ID, PHONE, "曾秀瑛"))
        erase(her, head, officer)
        after = everything()
        for word in (NAME, "曾秀瑛", "秀英", ID, PHONE, json.dumps(NAME)[1:-1]):
            assert word not in after, [line for line in after.splitlines() if word in line][:3]
        assert not FindKey.objects.filter(key__contains="秀英").exists()
        for words in (NAME, "秀英", "曾秀"):
            assert textindex.find(words, owners=None, limit=10) == []
        assert not Person.history.filter(id=her.pk).exclude(id_hash="", id_tail="", phone_tails="").exists()

    @pytest.mark.sqlite_only
    def test_not_even_the_pairs_of_characters_are_left_in_the_index(self, worker, head, officer, family, her, told):
        def rows(pair: str) -> int:
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM core_textgrams WHERE core_textgrams MATCH %s", [f'"{pair}"'])
                return cursor.fetchone()[0]

        voided = 1  # the words of a voided record left the index before, and its pairs name no record
        assert rows("秀英") > voided
        erase(her, head, officer)
        assert rows("秀英") <= voided

    def test_words_about_others_stay_and_are_searched(self, worker, head, officer, family, her, told):
        visit, beside, _ = told
        erase(her, head, officer)
        visit.refresh_from_db()
        beside.refresh_from_db()
        assert visit.narrative == "已匿名血压偏高"
        assert beside.narrative == "说隔壁已匿名住院了"
        assert {pk for _, pk in textindex.find("血压偏高", owners=None, limit=10)} == {visit.pk}
        assert Person.objects.get(pk=family.people[1].pk).name == "陈大文"

    def test_the_file_of_what_is_known_goes_with_its_papers(self, city, worker, head, officer, family, her):
        from shuangbai.dossier.actions import enter_parts
        from shuangbai.dossier.models import KINDS, PersonSheet

        enter_parts(
            by=worker, kind=PersonSheet,
            entries=[PartEntry(family.household, {"aliases": f"{NAME}、英姐", "known_on": TODAY}, her.pk)],
        )  # fmt: skip
        erase(her, head, officer)
        for kind in KINDS.values():
            assert not kind.objects.exists()
            assert not kind.history.exists()

    def test_a_common_name_is_left_to_the_worker_where_it_may_be_somebody_elses(
        self, city, worker, head, officer, family, her, told
    ):
        _, beside, _ = told
        a_family(city.chengdong, worker, members=[a_member(NAME, Relation.HEAD)])
        row = erase(her, head, officer)
        beside.refresh_from_db()
        assert NAME in beside.narrative
        assert str(beside.pk) in row.to_check
        own = ServiceRecord.objects.filter(household=family.household).values_list("pk", flat=True)
        for model in (apps.get_model("visits", "Visit"), apps.get_model("visits", "Visit").history.model):
            assert not model.objects.filter(record__in=list(own), narrative__contains=NAME).exists()

    def test_the_chain_of_the_trail_holds(self, worker, head, officer, family, her, told):
        chain.seal()
        erase(her, head, officer)
        chain.seal()
        assert chain.verify().sound

    def test_every_personal_word_of_every_table_is_reached(self, worker, head, officer, family, her, told):
        """Planted past every action: a room that comes later cannot forget to forget."""
        tables, planted = [], 0
        for model in apps.get_models():
            ours = model._meta.app_config.name.startswith("shuangbai.") and not hasattr(model, "history_date")
            room = model._meta.app_config.label
            if not ours or room in {"core", "network", "codes", "accounts", "upkeep"} or not personal(model):
                continue
            if model is FindKey:  # made anew from the rest, and each key of a family once
                continue
            for name in sorted(personal(model)):
                field = model._meta.get_field(name)
                plain = isinstance(field, models.CharField | models.TextField) and not field.choices
                if plain and not isinstance(field, EncryptedTextField) and (field.max_length or 99) > 20:
                    rows = model._base_manager.exclude(**{name: ""})  # what is empty has its reasons
                    planted += rows.update(**{name: NAME[: field.max_length or None]})
                    tables.append(f"{room}.{name}")
        assert planted > 10, tables
        Household.objects.exclude(pk=family.household.pk).update(head_name="何楼下")
        Person.objects.exclude(pk=her.pk).update(name="何楼下")
        erase(Person.objects.get(pk=her.pk), head, officer)
        assert NAME not in everything()


class TestCountsAndFiguresStayTrue:
    def test_every_figure_before_is_every_figure_after(self, city, worker, head, officer, family, her, told):
        before = figures(city)
        assert '"V1"' in json.dumps(before, default=str)
        erase(her, head, officer)
        assert figures(city) == before

    def test_whom_records_reached_and_what_they_counted_as_stays(self, worker, head, officer, family, her, told):
        before = set(Standing.objects.values_list("occasion", "person", "household", "category"))
        places = set(Membership.objects.values_list("household", "person", "starts_on", "ends_on"))
        erase(her, head, officer)
        assert set(Standing.objects.values_list("occasion", "person", "household", "category")) == before
        assert set(Membership.objects.values_list("household", "person", "starts_on", "ends_on")) == places

    def test_of_a_familys_telephones_only_theirs_goes(self, city, worker, head, officer):
        phone = f"本人 {PHONE}，儿子 13900002222"
        members = [a_member("林独居", Relation.HEAD, sex="2", phone=f"常用 {PHONE}"), a_member("林小军")]
        family = a_family(city.chengdong, worker, members=members, phone=phone)
        erase(family.people[0], head, officer)
        home = Household.objects.get(pk=family.household.pk)
        assert home.phone == "儿子 13900002222"
        assert len(home.phone_tails.split()) == 1
        assert set(Household.history.filter(id=home.pk).values_list("phone", flat=True)) == {home.phone}

    def test_what_is_left_is_a_sex_and_a_year(self, worker, head, officer, family, her):
        erase(her, head, officer)
        left = Person.objects.get(pk=her.pk)
        assert (left.name, left.sex, left.birth_date, left.birth_precision) == ("已匿名", "2", date(1949, 1, 1), "year")
        assert left.forgotten
        home = Household.objects.get(pk=family.household.pk)
        assert (home.head_name, home.phone, home.note) == ("已匿名", "", "已匿名家门口有狗")
        assert home.address == HOME  # her son still lives there

    def test_of_a_family_in_which_nobody_else_is_known_nothing_is_left(self, city, worker, head, officer):
        alone = a_family(city.chengdong, worker, members=[a_member("林独居", Relation.HEAD)], address=HOME, phone=PHONE,
                         note="爱养花")  # fmt: skip
        erase(alone.people[0], head, officer)
        home = Household.objects.get(pk=alone.household.pk)
        assert (home.address, home.phone, home.phone_tails, home.note) == ("", "", "", "")
        past = Household.history.filter(id=home.pk)
        assert not any(row.address or row.phone or row.note for row in past)

    def test_it_is_for_good(self, worker, head, officer, family, her):
        erase(her, head, officer)
        left = Person.objects.get(pk=her.pk)
        with pytest.raises(Refused, match="已依法抹去"):
            change_person(by=worker, person=left, version=left.version, changes={"name": "曾秀英"})


class TestTwoPeople:
    def test_the_head_asks_and_the_officer_decides_and_nobody_else(
        self, city, worker, head, officer, supervisor, sysadmin, security, neighbour, her
    ):
        said = {"station": city.chengdong, "people": [her], "basis": ErasureBasis.ASKED, "reason": WHY}
        for user in (worker, officer, supervisor, sysadmin, security, neighbour):
            with pytest.raises(NotAllowed):
                ask_erasure(by=user, **said)
        row = ask_erasure(by=head, **said)[0]
        for user in (worker, head, supervisor, sysadmin, security, neighbour):
            with pytest.raises(NotAllowed):
                decide_erasure(by=user, erasure=row, agrees=True, answer="材料齐全")
        assert Person.objects.get(pk=her.pk).name == NAME

    def test_no_role_may_do_both(self):
        both = {Permission.ASK_ERASURE, Permission.DECIDE_ERASURE}
        assert not [role for role in Role if both <= ROLES[role].permissions]

    def test_one_person_with_both_roles_may_not_either(self, city, head, officer, her):
        row = ask_erasure(by=head, station=city.chengdong, people=[her], basis=ErasureBasis.ASKED, reason=WHY)[0]
        Erasure.objects.filter(pk=row.pk).update(entered_by=officer)
        with pytest.raises(Refused, match="申请人不能自己决定"):
            decide_erasure(by=officer, erasure=row, agrees=True, answer="材料齐全")
        with pytest.raises(IntegrityError, match="erasure_by_two_people"), transaction.atomic():
            Erasure.objects.filter(pk=row.pk).update(state="done", decided_by=officer)

    def test_refused_or_withdrawn_nothing_has_gone(self, city, head, officer, her):
        said = {"station": city.chengdong, "people": [her], "basis": ErasureBasis.ASKED, "reason": WHY}
        row = ask_erasure(by=head, **said)[0]
        decide_erasure(by=officer, erasure=row, agrees=False, answer="仍在领补贴，须保存")
        again_asked = ask_erasure(by=head, **said)[0]
        withdraw_erasure(by=head, erasure=again_asked)
        assert Person.objects.get(pk=her.pk).name == NAME
        with pytest.raises(Refused, match="已经办过"):
            decide_erasure(by=officer, erasure=again_asked, agrees=True, answer="材料齐全")

    def test_asked_once_and_with_a_reason(self, city, head, officer, her):
        said = {"station": city.chengdong, "people": [her], "basis": ErasureBasis.ASKED}
        with pytest.raises(Refused, match="请写明事由"):
            ask_erasure(by=head, reason="", **said)
        ask_erasure(by=head, reason=WHY, **said)
        with pytest.raises(Refused, match="已经申请过"):
            ask_erasure(by=head, reason=WHY, **said)


class TestTheDatabase:
    @pytest.fixture
    def row(self, city, head, her):
        return ask_erasure(by=head, station=city.chengdong, people=[her], basis=ErasureBasis.ASKED, reason=WHY)[0]

    def test_asked_once(self, row, head):
        with pytest.raises(IntegrityError), transaction.atomic():
            Erasure.objects.create(station=row.station, person=row.person, basis="asked", reason=WHY, entered_by=head)

    def test_with_a_reason(self, row):
        with pytest.raises(IntegrityError, match="erasure_has_reason"), transaction.atomic():
            Erasure.objects.update(reason="")

    def test_decided_by_somebody(self, row):
        with pytest.raises(IntegrityError, match="erasure_decided_by_somebody"), transaction.atomic():
            Erasure.objects.update(state="refused")

    def test_years_are_at_least_one_and_a_day_has_one_rule(self, city):
        with pytest.raises(IntegrityError, match="retention_rule_of_a_year_and_more"), transaction.atomic():
            RetentionRule.objects.create(years=0, starts_on=TODAY)
        RetentionRule.objects.create(years=3, starts_on=TODAY)
        with pytest.raises(IntegrityError), transaction.atomic():
            RetentionRule.objects.create(years=4, starts_on=TODAY)


class TestRetention:
    @pytest.fixture
    def closed(self, city, worker, family):
        file = a_file(family, worker, on=date(2018, 1, 5))
        close_file(by=worker, file=file, closed_on=date(2018, 6, 6), reason="stable")
        return file

    def proposed(self, user, years):
        return [one.household.pk for one in retention_list(households_visible_to(user), TODAY, years)]

    def test_a_file_is_proposed_once_its_years_have_passed(self, worker, family, closed):
        assert self.proposed(worker, 3) == []
        assert self.proposed(worker, 2) == [family.household.pk]
        with clock.pinned(date(2020, 6, 5)):
            assert retention_list(households_visible_to(worker), date(2020, 6, 5), 2) == []

    def test_not_where_another_file_is_open_or_somebody_is_served_elsewhere(self, city, worker, family, closed):
        a_file(family, worker, on=date(2020, 1, 6))
        assert self.proposed(worker, 2) == []

    def test_nothing_goes_by_itself(self, worker, officer, family, closed):
        set_retention(by=officer, years=1, starts_on=TODAY, version=0, reason="档案管理办法")
        assert Person.objects.filter(forgotten=True).count() == 0
        assert not Erasure.objects.exists()

    def test_the_rule_is_dated_and_the_citys(self, worker, officer):
        set_retention(by=officer, years=5, starts_on=TODAY, version=0, reason="档案管理办法")
        later = TODAY + timedelta(days=30)
        set_retention(by=officer, years=10, starts_on=later, version=1, reason="改为十年")
        assert [(r.years, r.ends_on) for r in RetentionRule.objects.order_by("starts_on")] == [
            (5, later - timedelta(days=1)), (10, None),
        ]  # fmt: skip
        with pytest.raises(NotAllowed):
            set_retention(by=worker, years=1, starts_on=TODAY, version=2, reason="随便")

    def test_29_february_counts_years_to_the_28th(self):
        from shuangbai.lives.queries import before_years

        assert before_years(date(2020, 2, 29), 3) == date(2017, 2, 28)


class TestThePages:
    def test_from_asking_to_done(self, city, worker, head, officer, family, her, told, client_for):
        heads, bureau = client_for(head), client_for(officer)
        menu = heads.get(f"/families/{family.household.pk}/changes/").content.decode()
        assert f"/people/{her.pk}/erasure" in menu
        assert (
            f"/people/{her.pk}/erasure"
            not in client_for(worker).get(f"/families/{family.household.pk}/changes/").content.decode()
        )
        sent = heads.post(f"/people/{her.pk}/erasure", {"basis": "asked", "reason": WHY, "sure": "on"})
        assert sent.status_code == 302
        page = bureau.get(sent.url).content.decode()
        assert "曾**" in page or "曾＊" in page or "曾" in page
        assert NAME not in page
        assert bureau.post(f"{sent.url}/decide", {"does": "agree", "answer": ""}).status_code == 422
        assert bureau.post(f"{sent.url}/decide", {"does": "agree", "answer": "材料齐全"}).status_code == 302
        after = heads.get(sent.url).content.decode()
        assert "请再读一遍这些记录" in after
        assert "已匿名" in after

    def test_the_list_of_old_files(self, city, worker, head, officer, family, client_for):
        file = a_file(family, worker, on=date(2018, 1, 5))
        close_file(by=worker, file=file, closed_on=date(2018, 6, 6), reason="stable")
        client = client_for(head)
        assert "还没有规定保存年限" in client.get("/retention/").content.decode()
        sent = client_for(officer).post(
            "/setup/retention/", {"years": "2", "starts_on": str(TODAY), "version": "0", "reason": "档案管理办法"}
        )
        assert sent.status_code == 302
        assert file.number in client.get("/retention/").content.decode()
        asked = client.post(
            "/retention/", {"families": [str(family.household.pk)], "reason": "结档已满两年", "sure": "on"}
        )
        assert asked.status_code == 302
        assert Erasure.objects.filter(basis="expired").count() == 2
        assert client_for(worker).get("/retention/").status_code == 404
        assert FamilyFile.objects.get().number == file.number
