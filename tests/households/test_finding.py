"""Finding a family with a few keystrokes, within the stations that one reaches."""

from datetime import date

import pytest

from shuangbai.core.findings import Door, Refused
from shuangbai.households.access import households_visible_to
from shuangbai.households.actions import change_household, change_person, enter_households
from shuangbai.households.enums import BirthPrecision, CloseReason, Relation
from shuangbai.households.files import close_file
from shuangbai.households.finding import refresh_find_keys
from shuangbai.households.known import MatchKey, PersonPair
from shuangbai.households.models import FindKey, Household
from shuangbai.households.moves import serve_households
from shuangbai.households.queries import covered_values, find_households, typed_suggestions
from tests.cast import a_family, a_file, a_household, a_member

ID = "11010519491231002X"


@pytest.fixture
def families(city, worker):
    zeng = a_family(
        city.chengdong, worker, phone="0660-6612345",
        members=[a_member("曾秀英", Relation.HEAD, id_no=ID, phone="19900001234"), a_member("陈大文")],
    )  # fmt: skip
    shan = a_family(
        city.chengdong, worker, village=city.beiping, members=[a_member("单小红", Relation.HEAD, phone="19900005678")]
    )
    return {"zeng": zeng, "shan": shan}


@pytest.fixture
def ask(city, worker, families):
    """Both ways to find: the list's filter, and the box that suggests as one types."""
    names = {family.household.pk: name for name, family in families.items()}

    def asked(typed: str, *, by=worker, station=None) -> tuple[set[str], set[str]]:
        visible, stations = households_visible_to(by), [(station or city.chengdong).pk]
        listed = {names[home.pk] for home in find_households(visible, stations, typed)}
        return listed, {names[pk] for pk in typed_suggestions(visible, stations, typed, 10)}

    return asked


class TestFinding:
    @pytest.mark.parametrize(
        ("typed", "name"),
        [
            ("曾秀英", "zeng"),
            ("曾", "zeng"),
            ("秀英", "zeng"),
            ("大文", "zeng"),
            ("zx", "zeng"),
            ("ZXY", "zeng"),
            (" zxy ", "zeng"),
            ("cdw", "zeng"),
            ("sx", "shan"),
            ("单", "shan"),
            ("1234", "zeng"),
            ("2345", "zeng"),
            ("5678", "shan"),
            ("002X", "zeng"),
            ("002x", "zeng"),
        ],
    )
    def test_by_name_part_initials_or_last_four(self, ask, typed, name):
        assert ask(typed) == ({name}, {name})

    @pytest.mark.parametrize("typed", ["黄", "xyz", "0000", "英秀", "%", "_", "\\", "曾%", "'"])
    def test_what_is_nobodys_finds_nobody(self, ask, typed):
        assert ask(typed) == (set(), set())

    @pytest.mark.parametrize("letter", "0123456789abcdef")
    def test_a_single_letter_never_hits_the_hash_of_a_number(self, ask, letter):
        """Tails are kept as hexadecimal hashes beside initials; typing 'c' must not find them."""
        expected = {"zeng"} if letter == "c" else set()
        assert ask(letter) == (expected, expected)

    def test_by_file_number_whole_or_its_end(self, ask, families, worker):
        file = a_file(families["shan"], worker, on=date(2019, 8, 1))
        assert ask(file.number) == ({"shan"}, {"shan"})
        assert ask(file.number[:6].lower()) == ({"shan"}, {"shan"})
        assert ask("0001") == ({"shan"}, {"shan"})

    def test_the_list_finds_by_village_too(self, ask):
        assert ask("北平村")[0] == {"shan"}
        assert ask("赤山")[0] == {"zeng"}

    def test_nothing_typed_lists_all_and_suggests_none(self, ask):
        assert ask("") == ({"zeng", "shan"}, set())

    def test_a_new_name_and_number_replace_the_old_ones(self, ask, families, worker):
        person = families["zeng"].people[0]
        change_person(by=worker, person=person, version=1, changes={"name": "曾美英", "phone": "19900009999"})
        assert ask("美英") == ask("zmy") == ask("9999") == ({"zeng"}, {"zeng"})
        assert ask("秀英") == ask("1234") == (set(), set())


class TestKept:
    """What an action writes at once is what would be written anew from the database."""

    def kept(self) -> tuple[set, set]:
        return (
            set(FindKey.objects.values_list("station", "household", "kind", "key")),
            set(MatchKey.objects.values_list("person", "key")),
        )

    def test_of_families_entered_and_of_their_files(self, city, worker):
        born = date(1951, 2, 3)
        entries = [
            a_household(city.chengdong, phone="0660-6612345", members=[
                a_member("曾秀英", Relation.HEAD, id_no=ID, phone="19900001234"),
                a_member("陈大文", birth_date=born), a_member("陈小妹", birth_date=born, ends_on=date(2020, 2, 1)),
            ]),
            a_household(city.chengdong, village=city.beiping, members=[
                a_member("妹", Relation.HEAD, birth_date=born, birth_precision=BirthPrecision.YEAR),
            ]),
        ]  # fmt: skip
        families = enter_households(by=worker, entries=entries, door=Door.SHEET)
        serve_households(by=worker, entries=[(families[0].household, city.haicheng, date(2020, 1, 1))])
        file = a_file(families[0], worker)
        a_file(families[1], worker)
        close_file(by=worker, file=file, closed_on=date(2020, 1, 1), reason=CloseReason.OTHER)
        a_file(families[0], worker, on=date(2020, 3, 1), number="旧档0001")
        kept = self.kept()
        assert all(kept)
        assert {key for *_, key in kept[0]} >= {"0001", "旧档0001", file.number.lower()}
        refresh_find_keys([family.household.pk for family in families])
        assert self.kept() == kept


class TestWithinTheStation:
    @pytest.mark.parametrize("typed", ["曾秀英", "zx", "1234", "002X", "2345", "北平"])
    def test_another_station_finds_nobody_however_it_asks(self, city, ask, stranger, typed):
        assert ask(typed, by=stranger, station=city.dongzhou) == (set(), set())
        assert ask(typed, by=stranger, station=city.chengdong) == (set(), set())

    def test_a_station_that_serves_the_family_too_finds_it(self, city, ask, families, worker, neighbour):
        assert ask("zx", by=neighbour, station=city.haicheng) == (set(), set())
        serve_households(by=worker, entries=[(families["zeng"].household, city.haicheng, date(2020, 1, 1))])
        assert ask("zx", by=neighbour, station=city.haicheng) == ({"zeng"}, {"zeng"})
        assert ask("zx") == ({"zeng"}, {"zeng"})
        assert FindKey.objects.filter(station=city.dongzhou).count() == 0

    def test_suggesting_costs_two_queries(self, city, families, worker, django_assert_num_queries):
        visible = households_visible_to(worker)
        str(visible.query)
        with django_assert_num_queries(2):
            typed_suggestions(visible, [city.chengdong.pk], "zx", 10)


class TestSeveralTelephones:
    """One text holds several, each with whose it is: docs/adr/0054."""

    MANY = "本人 13900001111，女儿 13900002222（晚上），村委 0660-3361234"

    def found(self, station, typed):
        return set(find_households(Household.objects.all(), [station.pk], typed).values_list("pk", flat=True))

    def test_a_family_is_found_by_each(self, city, worker):
        family = a_family(city.chengdong, worker, phone=self.MANY, members=[a_member("曾秀英", Relation.HEAD)])
        for tail in ("1111", "2222", "1234"):
            assert self.found(city.chengdong, tail) == {family.household.pk}, tail
        assert self.found(city.chengdong, "9999") == set()

    def test_a_member_is_found_by_each_and_by_those_of_today(self, city, worker):
        family = a_family(city.chengdong, worker, members=[a_member("曾秀英", Relation.HEAD, phone=self.MANY)])
        assert self.found(city.chengdong, "2222") == {family.household.pk}
        change_person(by=worker, person=family.people[0], version=1, changes={"phone": "儿子 13900003333"})
        assert self.found(city.chengdong, "2222") == set()
        assert self.found(city.chengdong, "3333") == {family.household.pk}

    def test_what_is_kept_is_what_was_typed(self, city, worker):
        family = a_family(city.chengdong, worker, phone=self.MANY, members=[a_member("曾秀英", Relation.HEAD)])
        home = Household.objects.get(pk=family.household.pk)
        assert home.phone == self.MANY
        assert covered_values(home, [])["phone"].masked == "本人 *******1111、女儿，晚上 *******2222、村委 *******1234"

    def test_more_than_six_are_refused_with_what_to_do(self, city, worker):
        many = "、".join(f"1390000{number}000" for number in range(1, 8))
        with pytest.raises(Refused, match="7 个电话，最多记 6 个"):
            a_family(city.chengdong, worker, phone=many, members=[a_member("曾秀英", Relation.HEAD)])
        family = a_family(city.chengdong, worker, members=[a_member("曾秀英", Relation.HEAD)])
        with pytest.raises(Refused, match="最多记 6 个"):
            change_household(by=worker, household=family.household, version=1, changes={"phone": many})
        with pytest.raises(Refused, match="最多记 6 个"):
            change_person(by=worker, person=family.people[0], version=1, changes={"phone": many})

    def test_people_are_likely_one_by_any_of_their_telephones(self, city, worker):
        for phone in (self.MANY, "邻居 13800007777；13900002222"):
            a_family(city.chengdong, worker, members=[a_member("曾秀英", Relation.HEAD, phone=phone)])
        assert "电话尾号相同" in PersonPair.objects.get().reasons
