"""The dossier's rules alone: no database."""

from datetime import date
from decimal import Decimal

import pytest

from shuangbai.dossier import rules
from shuangbai.dossier.enums import CareItem, CareLevel
from shuangbai.dossier.rules import Known, KnownFamily, KnownPerson, Money

TODAY = date(2020, 6, 6)
ID = "11010519491231002X"
BORN = date(1949, 12, 31)
KNOWN = Known(TODAY, born=BORN, id_no=ID)


def codes(findings) -> list[str]:
    return [finding.code for finding in findings]


class TestDisability:
    def said(self, **more):
        return {"kind": "4", "grade": "2", "certificate": f"{ID}42", **more}

    def test_a_certificate_that_agrees_says_nothing(self):
        assert rules.disability_findings(self.said(), KNOWN) == []

    def test_spaces_and_a_small_x_are_put_right_first(self):
        assert rules.certificate_findings(self.said(certificate="110105 19491231 002x 42"), KNOWN) == []

    def test_one_issued_anew_ends_in_b_and_a_number(self):
        assert rules.certificate_findings(self.said(certificate=f"{ID}42B1"), KNOWN) == []

    @pytest.mark.parametrize(
        ("certificate", "code"),
        [
            (ID, "certificate_form"),
            ("残证甲一二三四", "certificate_form"),
            ("11010519500101002X42", "certificate_id"),
            (f"{ID}32", "certificate_kind"),
            (f"{ID}43", "certificate_kind"),
        ],
    )
    def test_one_that_disagrees_is_named(self, certificate, code):
        assert codes(rules.certificate_findings(self.said(certificate=certificate), KNOWN)) == [code]

    def test_without_an_id_the_first_eighteen_are_not_compared(self):
        assert rules.certificate_findings(self.said(), Known(TODAY)) == []

    def test_a_class_without_a_grade_takes_any(self):
        assert rules.certificate_findings(self.said(grade=""), KNOWN) == []

    def test_it_holds_ten_years_and_no_more(self):
        assert rules.expiry_of(date(2012, 2, 29)) == date(2022, 2, 28)
        held = self.said(issued_on=date(2015, 3, 1), expires_on=date(2025, 3, 1))
        assert rules.disability_findings(held, KNOWN) == []
        longer = {**held, "expires_on": date(2025, 3, 2)}
        assert codes(rules.disability_findings(longer, KNOWN)) == ["certificate_years"]

    def test_dates_out_of_order(self):
        said = self.said(issued_on=date(2019, 1, 1), expires_on=date(2018, 1, 1), ended_on=date(2018, 6, 1))
        assert codes(rules.disability_findings(said, KNOWN)) == ["dates", "dates"]

    def test_a_certificate_from_before_birth_or_from_tomorrow(self):
        assert codes(rules.disability_findings({"kind": "1", "issued_on": date(1940, 1, 1)}, KNOWN)) == ["before_birth"]
        assert codes(rules.disability_findings({"kind": "1", "issued_on": date(2020, 6, 7)}, KNOWN)) == ["in_future"]


class TestSelfCare:
    @pytest.mark.parametrize(("many", "level"), [(0, "able"), (1, "half"), (3, "half"), (4, "unable"), (6, "unable")])
    def test_six_items_give_three_levels(self, many, level):
        assert rules.civil_level(CareItem.values[:many]) == CareLevel(level)

    def test_what_is_no_item_does_not_count(self):
        assert rules.civil_level(["eat", "eat", "cook"]) == CareLevel.HALF

    def test_four_levels_want_one_chosen(self):
        said = {"scheme": "panyu", "assessed_on": TODAY, "level": ""}
        assert codes(rules.selfcare_findings(said, KNOWN)) == ["selfcare_level"]
        assert rules.selfcare_findings({**said, "level": "p2"}, KNOWN) == []


class TestMoney:
    def test_what_comes_by_the_year_counts_a_twelfth(self):
        lines = [Money("wage", Decimal(1200)), Money("farm", Decimal(6000), "year")]
        assert rules.total(lines) == Decimal("1700.00")

    def test_nothing_said_is_not_nothing_earned(self):
        assert rules.total([]) is None
        assert rules.total([Money("wage", Decimal(0))]) == 0
        assert rules.per_head(None, 3) is None
        assert rules.per_head(Decimal(1000), 3) == Decimal("333.33")
        assert rules.per_head(Decimal(1000), 0) is None

    def test_an_empty_snapshot_is_refused(self):
        assert codes(rules.economy_findings({"taken_on": TODAY, "benefits": [], "debt": None}, KNOWN)) == ["nothing"]
        assert rules.economy_findings({"taken_on": TODAY, "debt": Decimal(0)}, KNOWN) == []
        assert codes(rules.housing_findings({"taken_on": TODAY, "hazards": [], "kind": ""}, KNOWN)) == ["nothing"]

    def test_less_than_nothing_is_refused(self):
        said = {"taken_on": TODAY, "incomes": [Money("wage", Decimal(-1))], "debt": Decimal(-1)}
        assert codes(rules.economy_findings(said, KNOWN)) == ["negative", "negative"]
        assert codes(rules.housing_findings({"taken_on": TODAY, "area": Decimal(0)}, KNOWN)) == ["nothing", "negative"]


class TestCarers:
    def test_one_of_the_family_or_somebody_else_and_not_both(self):
        said = {"role": "carer", "starts_on": TODAY}
        assert codes(rules.carer_findings(said, KNOWN)) == ["carer_who"]
        assert codes(rules.carer_findings({**said, "carer_id": 1, "name": "邻居"}, KNOWN)) == ["carer_who"]
        assert rules.carer_findings({**said, "name": "邻居陈婶"}, KNOWN) == []

    def test_a_guardian_is_grown_and_alive_and_somebody_else(self):
        said = {"role": "guardian", "carer_id": 1, "starts_on": TODAY}
        child = Known(TODAY, other_born=date(2005, 1, 1))
        assert codes(rules.carer_findings(said, child)) == ["guardian_age"]
        dead = Known(TODAY, other_born=date(1950, 1, 1), other_died=date(2020, 1, 1))
        assert codes(rules.carer_findings(said, dead)) == ["carer_died"]
        assert rules.carer_findings({**said, "starts_on": date(2019, 1, 1), "ends_on": date(2020, 1, 1)}, dead) == []
        assert codes(rules.carer_findings(said, Known(TODAY, other_is_self=True))) == ["carer_self"]


class TestConsent:
    SAID = {
        "scope": "photo",
        "agreed": True,
        "given_by_id": 1,
        "given_on": TODAY,
        "form": "written",
        "as_guardian": False,
    }

    def test_a_child_under_fourteen_is_spoken_for_by_a_guardian(self):
        child = Known(TODAY, born=date(2006, 6, 7))
        assert codes(rules.consent_findings(self.SAID, child)) == ["consent_guardian"]
        assert rules.consent_findings({**self.SAID, "as_guardian": True}, child) == []
        assert rules.consent_findings(self.SAID, Known(TODAY, born=date(2006, 6, 6))) == []

    def test_what_is_about_a_child_names_the_child_and_the_guardian(self):
        assert codes(rules.consent_findings({**self.SAID, "scope": "minor"}, KNOWN)) == ["consent_minor"] * 2

    def test_said_by_word_of_mouth_it_has_a_witness(self):
        assert codes(rules.consent_findings({**self.SAID, "form": "spoken"}, KNOWN)) == ["consent_witness"]

    def test_one_withdraws_only_what_one_gave_and_later(self):
        never = {**self.SAID, "agreed": False, "withdrawn_on": TODAY}
        assert codes(rules.consent_findings(never, KNOWN)) == ["consent_withdrawn"]
        before = {**self.SAID, "withdrawn_on": date(2020, 6, 5)}
        assert codes(rules.consent_findings(before, KNOWN)) == ["dates"]


class TestNeeds:
    def test_solved_means_a_day_and_best_a_word(self):
        said = {"kind": "medical", "opened_on": date(2020, 5, 1), "state": "solved"}
        assert codes(rules.need_findings(said, KNOWN)) == ["need_closed", "need_outcome"]
        assert rules.need_findings({**said, "closed_on": TODAY, "outcome": "已办好"}, KNOWN) == []

    def test_a_day_of_solving_says_solved(self):
        said = {"kind": "medical", "opened_on": date(2020, 5, 1), "state": "working", "closed_on": TODAY}
        assert codes(rules.need_findings(said, KNOWN)) == ["need_closed"]

    def test_the_same_again_is_only_warned_of(self):
        said = {"kind": "medical", "opened_on": date(2020, 5, 1), "state": "open"}
        found = rules.need_findings(said, Known(TODAY, taken=True))
        assert codes(found) == ["need_open"]
        assert rules.DOORS["need_open"] is rules.WARNS


class TestCompleteness:
    def family(self, *people, **more):
        said = {
            "today": TODAY, "has_phone": True, "has_address": True, "file_open": True, "housing_on": TODAY,
            "economy_on": TODAY, "has_needs": True, "has_strengths": True, "consented": True,
        }  # fmt: skip
        return KnownFamily(**{**said, **more}, people=people)

    def test_a_full_file_lacks_nothing(self):
        person = KnownPerson(1, "曾秀英", 70, has_id=True, has_sheet=True)
        found = rules.completeness(self.family(person))
        assert (found.expected, found.there, found.gaps) == (10, 10, ())

    def test_each_gap_is_a_sentence_that_knows_where_it_is_filled(self):
        found = rules.completeness(self.family(has_phone=False, housing_on=None, economy_on=date(2018, 6, 6)))
        assert [(gap.part, gap.sentence) for gap in found.gaps] == [
            ("family", "没有联系电话"),
            ("housing", "没有住房情况"),
            ("economy", "收支情况已有2年没有更新"),
        ]

    def test_a_child_wants_a_guardian_and_the_guardians_consent(self):
        child = KnownPerson(1, "陈大文", 13, has_id=True, has_sheet=True)
        assert [gap.part for gap in rules.completeness(self.family(child)).gaps] == ["carer", "consent"]
        older = KnownPerson(1, "陈大文", 14, has_id=True, has_sheet=True, has_guardian=True)
        assert rules.completeness(self.family(older)).gaps == ()

    def test_an_old_persons_care_is_asked_for(self):
        frail = KnownPerson(1, "曾秀英", 85, has_id=True, has_sheet=True, frail=True)
        assert [gap.part for gap in rules.completeness(self.family(frail)).gaps] == ["selfcare", "carer"]

    def test_a_certificate_that_ran_out_is_named(self):
        person = KnownPerson(
            1, "曾秀英", 70, has_id=True, has_sheet=True, has_disability=True, certificate_expired=True
        )
        assert [gap.sentence for gap in rules.completeness(self.family(person)).gaps] == ["曾秀英：残疾证已过有效期"]

    def test_without_a_file_little_is_expected(self):
        found = rules.completeness(self.family(file_open=False, housing_on=None, consented=False))
        assert (found.expected, found.gaps) == (2, ())
