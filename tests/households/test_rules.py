"""When an entry about a family is right: every rule by its sentence's field."""

from datetime import date

import pytest

from shuangbai.core.findings import Door, Severity, judge
from shuangbai.households.rules import (
    DOORS,
    age_on,
    file_findings,
    membership_findings,
    person_findings,
    tag_findings,
    twice_findings,
    village_findings,
)

pytestmark = pytest.mark.nodb

TODAY = date(2020, 6, 6)
ID = "11010519491231002X"


def about(name: str = "曾秀英", *, id_no: str = "", sex: str = "0", born: date | None = None) -> dict[str, str]:
    found = person_findings(name=name, id_no=id_no, sex=sex, birth_date=born, today=TODAY)
    return {finding.code: finding.field for finding in found}


class TestPeople:
    def test_a_name_is_enough(self):
        assert about() == {}

    @pytest.mark.parametrize("name", ["", "  "])
    def test_without_a_name_it_is_refused(self, name):
        assert about(name) == {"name_missing": "name"}

    def test_a_sound_number_that_agrees_is_fine(self):
        assert about(id_no=ID, sex="2", born=date(1949, 12, 31)) == {}

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("110105194912310021", "id_checksum"),
            ("1101051949123100", "id_length"),
            ("11010519490230002X", "id_date"),
            ("4.41521E+17", "id_characters"),
        ],
    )
    def test_a_bad_number_names_its_field_and_lets_it_be_left_empty(self, typed, code):
        found = person_findings(name="曾秀英", id_no=typed, sex="0", birth_date=None, today=TODAY)
        assert [(finding.code, finding.field) for finding in found] == [(code, "id_no")]
        assert "可留空" in found[0].sentence

    def test_a_birth_date_that_contradicts_the_number_is_refused_with_the_numbers_own(self):
        found = person_findings(name="曾秀英", id_no=ID, sex="0", birth_date=date(1949, 12, 13), today=TODAY)
        assert [(finding.code, finding.field) for finding in found] == [("id_birth_mismatch", "birth_date")]
        assert "1949-12-31" in found[0].sentence

    def test_a_sex_that_contradicts_the_number_is_said(self):
        assert about(id_no=ID, sex="1") == {"id_sex_mismatch": "sex"}
        assert about(id_no=ID, sex="9") == {}

    def test_nobody_is_born_tomorrow(self):
        assert about(born=date(2020, 6, 7)) == {"birth_in_future": "birth_date"}
        assert about(born=TODAY) == {}

    def test_everything_wrong_is_said_at_once(self):
        assert set(about("", id_no="1", born=date(2021, 1, 1))) == {"name_missing", "birth_in_future", "id_length"}


class TestMembers:
    def about(self, *, starts=date(2018, 1, 1), ends=None, other_head="", born=None) -> dict[str, str]:
        found = membership_findings(
            relation="02", starts_on=starts, ends_on=ends, today=TODAY, other_head=other_head, born=born
        )
        return {finding.code: finding.field for finding in found}

    def test_from_a_day_until_further_notice_or_to_a_day(self):
        assert self.about() == self.about(ends=date(2018, 1, 1)) == {}

    def test_nobody_joins_tomorrow_or_leaves_before_joining(self):
        assert self.about(starts=date(2020, 6, 7)) == {"member_dates": "starts_on"}
        assert self.about(ends=date(2017, 12, 31)) == {"member_dates": "ends_on"}

    def test_nobody_joins_before_they_are_born(self):
        assert self.about(starts=date(2019, 5, 1), born=date(2019, 5, 1)) == {}
        assert self.about(starts=date(2018, 1, 1), born=date(2019, 5, 1)) == {"member_dates": "starts_on"}

    def test_a_family_has_one_head_who_is_named(self):
        found = membership_findings(
            relation="02", starts_on=TODAY, ends_on=None, today=TODAY, other_head="曾秀英"
        )  # fmt: skip
        assert [(finding.code, finding.field) for finding in found] == [("head_twice", "relation")]
        assert "曾秀英" in found[0].sentence

    def test_a_village_outside_the_coverage_is_asked_about(self):
        assert village_findings(covered=True) == []
        assert [(one.code, one.field) for one in village_findings(covered=False)] == [
            ("village_not_covered", "village")
        ]


class TestTwice:
    def codes(self, said, held=()) -> int:
        found = twice_findings(said, held)
        assert {finding.code for finding in found} <= {"category_twice"}
        return len(found)

    def test_a_category_once_for_the_same_days(self):
        first = ("低保", date(2018, 1, 1), date(2018, 12, 31))
        assert self.codes([first, ("低保", date(2018, 12, 31), None)]) == 1
        assert self.codes([first, ("低保", date(2019, 1, 1), None)]) == 0
        assert self.codes([("低保", date(2017, 1, 1), None)], [first]) == 1
        assert self.codes([("特困", date(2018, 1, 1), None)], [first]) == 0
        assert self.codes([], [first, first]) == 0


class TestAge:
    @pytest.mark.parametrize(
        ("born", "day", "years"),
        [
            (date(2004, 6, 6), date(2020, 6, 5), 15),
            (date(2004, 6, 6), date(2020, 6, 6), 16),
            (date(2004, 2, 29), date(2020, 2, 28), 15),
            (date(2004, 2, 29), date(2020, 2, 29), 16),
            (date(2004, 2, 29), date(2021, 2, 28), 16),
            (date(2004, 2, 29), date(2021, 3, 1), 17),
            (date(2020, 6, 6), date(2020, 6, 6), 0),
        ],
    )
    def test_it_is_counted_in_completed_years(self, born, day, years):
        assert age_on(born, day) == years


class TestFiles:
    def codes(self, opened_on: date) -> list[str]:
        found = file_findings(opened_on=opened_on, station_opened_on=date(2017, 7, 1), today=TODAY)
        assert all(finding.field == "opened_on" for finding in found)
        return [finding.code for finding in found]

    def test_from_the_stations_first_day_to_today(self):
        assert self.codes(date(2017, 7, 1)) == self.codes(TODAY) == []

    def test_before_the_station_and_after_today_are_refused(self):
        assert self.codes(date(2017, 6, 30)) == ["file_before_station"]
        assert self.codes(date(2020, 6, 7)) == ["file_in_future"]


class TestCategories:
    PERSON = {
        "name": "留守儿童", "unit": "person", "starts_on": date(2000, 1, 1), "ends_on": None,
        "min_age": 0, "max_age": 15,
    }  # fmt: skip
    FAMILY = {
        "name": "建档立卡贫困户", "unit": "household", "starts_on": date(2014, 1, 1), "ends_on": date(2020, 12, 31),
        "min_age": None, "max_age": None,
    }  # fmt: skip

    def codes(self, category=PERSON, *, household: bool = False, starts=date(2018, 1, 1), ends=None, born=None):
        found = tag_findings(
            category=category, for_household=household, starts_on=starts, ends_on=ends, birth_date=born,
            today=date(2021, 6, 6),
        )  # fmt: skip
        return [(finding.code, finding.field) for finding in found]

    def test_a_category_on_its_own_kind_of_bearer_is_fine(self):
        assert self.codes() == self.codes(self.FAMILY, household=True) == []

    def test_a_category_on_the_wrong_kind_of_bearer_is_refused(self):
        assert self.codes(household=True) == [("category_unit", "category")]
        assert self.codes(self.FAMILY) == [("category_unit", "category")]

    def test_either_may_carry_what_either_can(self):
        both = {**self.PERSON, "unit": "either", "max_age": None}
        assert self.codes(both) == self.codes(both, household=True) == []

    def test_a_first_day_to_come_is_asked_about(self):
        assert self.codes(starts=date(2021, 6, 6)) == []
        assert self.codes(starts=date(2031, 5, 5)) == [("tag_in_future", "starts_on")]

    def test_a_category_that_ended_is_refused_the_day_after(self):
        assert self.codes(self.FAMILY, household=True, starts=date(2020, 12, 31)) == []
        assert self.codes(self.FAMILY, household=True, starts=date(2021, 1, 1)) == [("category_ended", "category")]

    def test_a_category_is_not_carried_before_there_was_one(self):
        assert self.codes(self.FAMILY, household=True, starts=date(2013, 12, 31)) == [("category_ended", "starts_on")]

    def test_an_end_before_its_start_is_refused(self):
        assert self.codes(ends=date(2017, 12, 31)) == [("tag_dates", "ends_on")]
        assert self.codes(ends=date(2018, 1, 1)) == []

    @pytest.mark.parametrize(("born", "said"), [(date(2002, 1, 2), False), (date(2002, 1, 1), True)])
    def test_an_age_outside_the_category_is_asked_about(self, born, said):
        assert bool(self.codes(born=born)) is said

    def test_an_unknown_age_is_not_asked_about(self):
        assert self.codes(born=None) == []


@pytest.mark.parametrize(
    ("code", "page", "sheet"),
    [
        ("id_checksum", "refuse", "refuse"),
        ("id_sex_mismatch", "warn", "warn"),
        ("category_age", "warn", "warn"),
        ("category_twice", "refuse", "warn"),
        ("category_ended", "refuse", "refuse"),
    ],
)
def test_what_each_door_does(code, page, sheet):
    assert DOORS[code][Door.PAGE] == Severity(page)
    assert DOORS[code][Door.SHEET] == Severity(sheet)


def test_the_page_lets_a_warning_pass_and_no_refusal():
    found = person_findings(name="x", id_no=ID, sex="1", birth_date=None, today=TODAY)
    assert [finding.severity for finding in judge(found, Door.PAGE, DOORS)] == [Severity.WARN]
