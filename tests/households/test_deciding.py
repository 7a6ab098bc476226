"""What a city decides about families: its categories, the list 民政对象, how files are numbered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shuangbai.codes.models import Decision
from shuangbai.core.findings import Conflict, Door, NeedsAcknowledgement, NotAllowed, Refused
from shuangbai.households.entries import FileEntry
from shuangbai.households.files import open_files
from shuangbai.households.lists import (
    add_category,
    change_category,
    list_category,
    move_category,
    set_numbering,
    unlist_category,
)
from shuangbai.households.models import Category, CategoryListItem, FamilyFile, NumberingRule, Tag
from shuangbai.households.queries import number_examples
from shuangbai.households.rules import NumberParts, file_number, fixed_part, pattern_findings
from tests.cast import TODAY, a_family, a_file

pytestmark = pytest.mark.django_db
WHY = "按2020年新规"
LATER = date(2020, 7, 1)
OTHERS = ["worker", "head", "supervisor", "sysadmin", "security", "auditor"]


@pytest.fixture
def dibao(city) -> Category:
    return Category.objects.get(code="dibao_rural")


def said(category: Category | None = None, **more: Any) -> dict[str, Any]:
    plain = {"name": "刚性支出困难", "group": "社会救助", "unit": "either", "statutory": True, "restricted": False,
             "jinmin_code": "", "old_names": [], "min_age": None, "max_age": None, "starts_on": TODAY,
             "ends_on": None}  # fmt: skip
    return {name: getattr(category, name) if category else value for name, value in plain.items()} | more


def change(officer: Any, category: Category, **more: Any) -> Category:
    asked = {"version": more.pop("version", category.version), "acknowledged": more.pop("acknowledged", False)}
    return change_category(by=officer, category=category, said=said(category, **more), reason=WHY, **asked)


def codes_of(caught: Any) -> list[str]:
    return [finding.code for finding in caught.value.findings]


class TestCategories:
    def test_one_of_the_citys_own_is_offered_from_its_day(self, city, worker, officer):
        category = add_category(by=officer, said=said(), reason=WHY)
        assert category.code == "city1"
        family = a_family(city.chengdong, worker)
        from shuangbai.households.actions import open_tags
        from shuangbai.households.entries import TagEntry

        with pytest.raises(Refused, match="自2020-06-06起才有"):
            open_tags(by=worker, bearer=family.household, entries=[TagEntry("city1", date(2020, 6, 5))])
        assert open_tags(by=worker, bearer=family.household, entries=[TagEntry("city1", TODAY)])

    def test_another_name_leaves_the_old_one_among_its_old_names(self, officer, dibao):
        changed = change(officer, dibao, name="农村居民低保")
        assert "农村低保" in changed.old_names
        decision = Decision.objects.get()
        assert "名称：农村低保" in decision.was
        assert "名称：农村居民低保" in decision.became
        assert (decision.by, decision.reason) == (officer, WHY)

    def test_not_the_name_of_another(self, officer, dibao):
        with pytest.raises(Refused) as caught:
            change(officer, dibao, name="城市低保")
        assert codes_of(caught) == ["category_name"]
        with pytest.raises(Refused) as caught:
            change(officer, dibao, old_names=["城市低保"])
        assert codes_of(caught) == ["old_names"]

    @pytest.mark.parametrize(
        ("fault", "code"),
        [
            ({"name": " "}, "category_name"),
            ({"min_age": 60, "max_age": 18}, "ages"),
            ({"starts_on": LATER, "ends_on": TODAY}, "dates"),
            ({}, "unchanged"),
        ],
    )
    def test_nonsense_is_refused(self, officer, dibao, fault, code):
        with pytest.raises(Refused) as caught:
            change(officer, dibao, **fault)
        assert codes_of(caught) == [code]
        assert Decision.objects.count() == 0

    def test_one_in_use_keeps_whom_it_is_given_to_and_its_first_day(self, city, worker, officer, dibao):
        a_family(city.chengdong, worker, tags=["dibao_rural"])
        with pytest.raises(Refused) as caught:
            change(officer, dibao, unit="person")
        assert codes_of(caught) == ["unit"]
        with pytest.raises(Refused, match="2017-07-01"):
            change(officer, dibao, starts_on=date(2018, 1, 1))

    def test_ending_one_that_people_carry_says_how_many_and_leaves_them(self, city, worker, officer, dibao):
        a_family(city.chengdong, worker, tags=["dibao_rural"])
        with pytest.raises(NeedsAcknowledgement, match="0 人、1 户"):
            change(officer, dibao, ends_on=TODAY)
        change(officer, dibao, ends_on=TODAY, acknowledged=True)
        assert Tag.objects.get().ends_on is None

    def test_the_family_page_asks_to_settle_what_ended(self, city, client_for, worker, officer, dibao):
        family = a_family(city.chengdong, worker, tags=["dibao_rural"])
        page = f"/families/{family.household.pk}/"
        assert "已停用的类别" not in client_for(worker).get(page).content.decode()
        change(officer, dibao, ends_on=date(2020, 6, 5), acknowledged=True)
        assert "已停用的类别" in client_for(worker).get(page).content.decode()

    def test_two_officers_the_second_is_told(self, officer, dibao):
        change(officer, dibao, name="农村居民低保")
        with pytest.raises(Conflict):
            change(officer, dibao, name="乡村低保", version=1)

    def test_the_order(self, officer, dibao):
        before = list(Category.objects.order_by("position").values_list("code", flat=True))
        place = before.index("dibao_rural")
        move_category(by=officer, category=dibao, up=True)
        after = list(Category.objects.order_by("position").values_list("code", flat=True))
        assert after.index("dibao_rural") == place - 1
        assert sorted(before) == sorted(after)

    @pytest.mark.parametrize("who", OTHERS)
    def test_nobody_else_decides(self, city, dibao, who):
        user = city.users[who]
        for act in (
            lambda: add_category(by=user, said=said(), reason=WHY),
            lambda: change(user, dibao, name="别名"),
            lambda: move_category(by=user, category=dibao, up=True),
            lambda: list_category(by=user, category=dibao, starts_on=LATER, reason=WHY),
            lambda: unlist_category(by=user, item=CategoryListItem.objects.first(), ends_on=LATER, reason=WHY),
            lambda: set_numbering(by=user, pattern="{序号:4}", starts_on=LATER, version=0, reason=WHY),
        ):
            with pytest.raises(NotAllowed):
                act()

    def test_the_database_refuses_ages_the_wrong_way_round(self, dibao):
        with pytest.raises(IntegrityError), transaction.atomic():
            Category.objects.filter(pk=dibao.pk).update(min_age=60, max_age=18)


class TestTheList:
    def test_off_and_on_again_with_its_days(self, officer, dibao):
        item = CategoryListItem.objects.get(category=dibao)
        unlist_category(by=officer, item=item, ends_on=date(2020, 6, 30), reason=WHY)
        with pytest.raises(Refused, match="已于2020-06-30移出"):
            unlist_category(by=officer, item=item, ends_on=LATER, reason=WHY)
        with pytest.raises(Refused, match="不必重复列入"):
            list_category(by=officer, category=dibao, starts_on=date(2020, 6, 30), reason=WHY)
        list_category(by=officer, category=dibao, starts_on=LATER, reason=WHY)
        rows = CategoryListItem.objects.filter(category=dibao).order_by("starts_on")
        assert [row.ends_on for row in rows] == [date(2020, 6, 30), None]

    def test_a_past_day_changes_past_figures_and_says_so(self, officer, dibao):
        item = CategoryListItem.objects.get(category=dibao)
        with pytest.raises(NeedsAcknowledgement, match="以前的数字会跟着变"):
            unlist_category(by=officer, item=item, ends_on=date(2020, 5, 31), reason=WHY)
        with pytest.raises(Refused, match="早于列入日期"):
            unlist_category(by=officer, item=item, ends_on=date(1999, 1, 1), reason=WHY)

    def test_not_without_a_reason(self, officer, dibao):
        with pytest.raises(Refused, match="请写明理由"):
            unlist_category(by=officer, item=CategoryListItem.objects.get(category=dibao), ends_on=LATER, reason="")


class TestNumbers:
    PARTS = NumberParts("HF01", "441521120203", 2020)

    def ruled(self, officer: Any, pattern: str, on: date = TODAY, version: int = 0) -> NumberingRule:
        return set_numbering(
            by=officer, pattern=pattern, starts_on=on, version=version, reason=WHY, acknowledged=True
        )  # fmt: skip

    @pytest.mark.nodb
    @pytest.mark.parametrize(
        ("pattern", "number"),
        [
            ("{站码}-{年}-{序号:4}", "HF01-2020-0007"),
            ("{村码}{序号:3}", "441521120203007"),
            ("双百〔{年}〕{序号:5}号", "双百〔2020〕00007号"),
        ],
    )
    def test_how_a_number_is_made(self, pattern, number):
        assert file_number(pattern, self.PARTS, 7) == number

    @pytest.mark.nodb
    @pytest.mark.parametrize(
        ("pattern", "words"),
        [
            ("{站码}-{年}", "要有序号"),
            ("{序号:3}{序号:3}", "只能有一个"),
            ("{序号}", "位数为 3 到 6"),
            ("{序号:2}", "位数为 3 到 6"),
            ("{序号:7}", "位数为 3 到 6"),
            ("{县码}{序号:4}", "不认识 {县码}"),
            ("{站码} {序号:4}", "不能有空格"),
            ("{站码}{{序号:4}", "不能有空格和别的符号"),
            ("<b>{序号:4}", "不能有空格和别的符号"),
            ("{站码}{村码}{村码}{序号:4}", "超过 30 个字"),
        ],
    )
    def test_a_pattern_that_does_not_do(self, pattern, words):
        (finding,) = pattern_findings(pattern, [self.PARTS])
        assert words in finding.sentence

    def test_one_that_two_stations_share_is_said(self, officer):
        with pytest.raises(NeedsAcknowledgement, match="没有站码也没有村码"):
            set_numbering(by=officer, pattern="{年}{序号:4}", starts_on=TODAY, version=0, reason=WHY)

    def test_it_holds_from_its_day_and_old_numbers_stay(self, city, worker, officer):
        old = a_file(a_family(city.chengdong, worker), worker, on=date(2020, 6, 5))
        self.ruled(officer, "{村码}{序号:3}")
        new = a_file(a_family(city.chengdong, worker), worker, on=TODAY)
        past = a_file(a_family(city.chengdong, worker), worker, on=date(2020, 6, 5))
        assert (old.number, past.number) == ("HF01-2020-0001", "HF01-2020-0002")
        assert new.number.endswith("001")
        assert new.number.startswith("4415211202")
        old.refresh_from_db()
        assert old.number == "HF01-2020-0001"

    def test_each_village_counts_by_itself(self, city, worker, officer):
        self.ruled(officer, "{村码}{序号:3}")
        homes = [a_family(city.chengdong, worker, village=v) for v in (city.chishan, city.beiping, city.chishan)]
        numbers = [a_file(home, worker, on=TODAY).number for home in homes]
        assert numbers == ["441521120203001", "441521120207001", "441521120203002"]

    def test_a_wider_serial_goes_on_counting(self, city, worker, officer):
        a_file(a_family(city.chengdong, worker), worker, on=TODAY)
        self.ruled(officer, "{站码}-{年}-{序号:5}")
        assert a_file(a_family(city.chengdong, worker), worker, on=TODAY).number == "HF01-2020-00002"

    def test_numbers_of_an_old_ledger_are_passed_over(self, city, worker):
        a_file(a_family(city.chengdong, worker), worker, on=TODAY, number="HF01-2020-0001")
        assert a_file(a_family(city.chengdong, worker), worker, on=TODAY).number == "HF01-2020-0002"

    def test_a_village_without_a_code_is_said(self, city, worker, officer):
        self.ruled(officer, "{村码}{序号:3}")
        city.chishan.codes.all().delete()
        with pytest.raises(Refused, match="还没有区划代码"):
            a_file(a_family(city.chengdong, worker, village=city.chishan), worker, on=TODAY)
        assert FamilyFile.objects.count() == 0

    def test_not_for_days_gone_and_not_before_the_newest(self, officer):
        with pytest.raises(Refused, match="今天或以后"):
            self.ruled(officer, "{站码}{序号:4}", date(2020, 6, 5))
        self.ruled(officer, "{站码}{序号:4}", LATER)
        with pytest.raises(Refused, match="2020-07-01"):
            self.ruled(officer, "{站码}{序号:5}", date(2020, 6, 30), version=1)

    def test_one_of_the_same_day_is_replaced_and_one_before_ends(self, officer):
        self.ruled(officer, "{站码}{序号:4}")
        self.ruled(officer, "{站码}{序号:5}", version=1)
        self.ruled(officer, "{站码}{序号:6}", LATER, version=2)
        rows = NumberingRule.objects.order_by("starts_on").values_list("pattern", "ends_on")
        assert list(rows) == [("{站码}{序号:5}", date(2020, 6, 30)), ("{站码}{序号:6}", None)]

    def test_two_officers_the_second_is_told(self, officer):
        self.ruled(officer, "{站码}{序号:4}")
        with pytest.raises(Conflict):
            self.ruled(officer, "{站码}{序号:5}")

    def test_examples_are_the_next_numbers(self, city, worker):
        a_file(a_family(city.chengdong, worker), worker, on=TODAY)
        assert number_examples("{站码}-{年}-{序号:4}", TODAY) == [
            ("东洲社工站", "CQ01-2020-0001"),
            ("城东社工站", "HF01-2020-0002"),
            ("海城社工站", "HF02-2020-0001"),
        ]

    def test_the_fixed_part_knows_no_width(self):
        parts = self.PARTS
        assert fixed_part("{站码}-{序号:3}", parts) == fixed_part("{站码}-{序号:6}", parts) == "HF01-#"

    def test_a_batch_by_a_new_rule_leaves_no_gap(self, city, worker, officer):
        self.ruled(officer, "{站码}{序号:4}")
        homes = [a_family(city.chengdong, worker) for _ in range(3)]
        made = open_files(by=worker, entries=[FileEntry(home.household, TODAY) for home in homes], door=Door.SHEET)
        assert [file.number for file in made] == ["HF010001", "HF010002", "HF010003"]

    def test_the_database_refuses_a_rule_twice_a_day_and_an_empty_one(self, city):
        NumberingRule.objects.create(pattern="{序号:4}", starts_on=TODAY)
        for fault in ({"starts_on": TODAY, "pattern": "x"}, {"starts_on": LATER, "pattern": ""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                NumberingRule.objects.create(**fault)


class TestPages:
    PATHS = ["setup/categories/new", "setup/categories/dibao_rural/edit", "setup/categories/listed/new",
             "setup/numbering/", "setup/numbering/change"]  # fmt: skip
    CATEGORY = {"name": "刚性支出困难", "group": "社会救助", "unit": "either", "statutory": "yes", "restricted": "no",
                "starts_on": "2020-06-06", "reason": WHY}  # fmt: skip

    @pytest.fixture
    def page(self, client_for, officer) -> Any:
        return client_for(officer)

    @pytest.mark.parametrize("who", OTHERS)
    @pytest.mark.parametrize("path", PATHS)
    def test_for_others_they_are_not_there(self, city, client_for, who, path):
        assert client_for(city.users[who]).get(f"/{path}").status_code == 404

    @pytest.mark.parametrize("path", PATHS)
    def test_the_officer_sees_them(self, city, page, path):
        assert page.get(f"/{path}").status_code == 200

    def test_a_worker_reads_the_categories_without_links(self, city, client_for, worker):
        said = client_for(worker).get("/families/categories/").content.decode()
        assert "农村低保" in said
        assert "setup/categories" not in said
        assert "改动历史" not in said

    def test_adding_changing_and_ordering(self, city, page):
        assert page.post("/setup/categories/new", self.CATEGORY)["Location"] == "/families/categories/"
        answer = page.post(
            "/setup/categories/city1/edit", {**self.CATEGORY, "old_names": "支出型困难\n\n", "version": 1}
        )
        assert answer.status_code == 302
        assert Category.objects.get(code="city1").old_names == ["支出型困难"]
        assert page.post("/setup/categories/city1/move", {"to": "up"}).status_code == 302
        said = page.get("/families/categories/").content.decode()
        for words in ("修改类别「刚性支出困难」", "旧称：支出型困难", WHY):
            assert words in said

    def test_both_versions_where_somebody_was_first(self, city, page):
        page.post("/setup/categories/new", self.CATEGORY)
        path, more = "/setup/categories/city1/edit", {**self.CATEGORY, "version": 1}
        page.post(path, {**more, "jinmin_code": "600"})
        answer = page.post(path, {**more, "jinmin_code": "650"})
        assert answer.status_code == 409
        said = answer.content.decode()
        for words in ("已保存的版本", "600", "650", 'name="version" value="2"'):
            assert words in said

    def test_what_still_is_carried_is_asked_before_it_ends(self, city, page, worker):
        a_family(city.chengdong, worker, tags=["dibao_rural"])
        old = Category.objects.get(code="dibao_rural")
        typed = {**self.CATEGORY, "name": old.name, "group": old.group, "unit": old.unit, "version": old.version,
                 "starts_on": old.starts_on, "ends_on": "2020-06-06"}  # fmt: skip
        answer = page.post("/setup/categories/dibao_rural/edit", typed)
        assert answer.status_code == 422
        assert "1 户带着这一类别" in answer.content.decode()
        assert page.post("/setup/categories/dibao_rural/edit", {**typed, "acknowledged": "on"}).status_code == 302

    def test_the_list_of_clients(self, city, page):
        item = CategoryListItem.objects.filter(list__code="civil").first()
        path = f"/setup/categories/listed/{item.pk}/end"
        assert page.post(path, {"ends_on": "2020-06-30", "reason": WHY}).status_code == 302
        typed = {"category": item.category_id, "starts_on": "2020-07-01", "reason": WHY}
        assert page.post("/setup/categories/listed/new", typed).status_code == 302
        assert page.get("/setup/categories/listed/0/end").status_code == 404

    def test_a_rule_is_looked_at_before_it_is_saved(self, city, page):
        typed = {"pattern": "{村码}{序号:3}", "starts_on": "2020-06-06", "version": 0}
        looked = page.post("/setup/numbering/change", {**typed, "preview": "1"})
        assert looked.status_code == 200
        assert "441502005201001" in looked.content.decode()
        assert NumberingRule.objects.count() == 0
        assert (
            "要有序号"
            in page.post("/setup/numbering/change", {**typed, "pattern": "x", "preview": "1"}).content.decode()
        )
        assert page.post("/setup/numbering/change", {**typed, "reason": WHY}).status_code == 302
        said = page.get("/setup/numbering/").content.decode()
        for words in ("{村码}{序号:3}", "441502005201001", WHY, "{站码}-{年}-{序号:4}"):
            assert words in said
        assert page.post("/setup/numbering/change", {**typed, "reason": WHY}).status_code == 409

    def test_the_categories_cost_the_same_however_many_carry_them(
        self, city, page, worker, django_assert_max_num_queries
    ):
        for _ in range(3):
            a_family(city.chengdong, worker, tags=["dibao_rural", "dibian"])
        page.get("/families/categories/")
        with django_assert_max_num_queries(7):
            page.get("/families/categories/")
