"""Whether two entries may be of one person: names, birth dates, villages, telephones, and what must never suffice."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from shuangbai.households.matching import LIKELY, POSSIBLE, Traits, compare, keys_of

pytestmark = pytest.mark.nodb

BORN = date(1951, 3, 12)
CHISHAN, BEIPING = frozenset({1}), frozenset({2})
PHONE = frozenset({"tail"})
ZENG = Traits("曾秀英", "2", BORN, villages=CHISHAN)


def score(one: Traits, other: Traits) -> int:
    likeness, back = compare(one, other), compare(other, one)
    assert (likeness and likeness.score) == (back and back.score)  # whichever is held beside which
    return likeness.score if likeness else 0


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("曾秀英", "曾秀英", "同名"),
        ("陳秀英", "陈秀英", "同名（繁简或异体写法不同）"),
        ("鮜秀英", "鲘秀英", "同名（繁简或异体写法不同）"),
        ("曽秀英", "曾秀英", "同名（繁简或异体写法不同）"),
        ("曾秀瑛", "曾秀英", "姓名同音"),
        ("单晓红", "单小红", "姓名同音"),
        ("张秀琴", "章秀琴", "姓名同音"),
        ("陈秀珍", "陈秀真", "姓名同音"),
        ("陈秀金", "陈秀京", "姓名近音"),
        ("林小宁", "林小玲", "姓名近音"),
        ("陈英秀", "陈秀英", "姓名两字颠倒"),
        ("陈秀英", "陈秀兰", "姓名差一个字"),
        ("陈婆婆", "陈秀英", "同姓，一处只记了称呼"),
        ("林𬭳生", "林𬭳生", "同名"),
    ],
)
def test_names_that_may_be_one(one, other, said):
    likeness = compare(Traits(one, birth_date=BORN), Traits(other, birth_date=BORN))
    assert likeness is not None
    assert likeness.reasons[0] == said


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("陈秀英", "林秀英"),
        ("曾秀英", "岑秀英"),
        ("陈秀英", "陈大文"),
        ("单小红", "丹小红"),
        ("林𬭳生", "林𡛶生"),
        ("陈秀英", ""),
    ],
)
def test_names_that_are_not_one(one, other):
    assert compare(Traits(one, birth_date=date(1951, 3, 12)), Traits(other, birth_date=date(1960, 8, 1))) is None or (
        score(Traits(one, birth_date=BORN), Traits(other, birth_date=date(1960, 8, 1))) < POSSIBLE
    )


def test_the_score_says_why_in_words():
    one = replace(ZENG, phones=PHONE)
    likeness = compare(one, replace(one, birth_date=date(1951, 3, 13)))
    assert likeness is not None
    assert likeness.sentence == "同名、同村、出生日期相差一天、电话尾号相同"
    assert likeness.likely
    doubtful = compare(one, replace(one, sex="1"))
    assert doubtful is not None
    assert doubtful.sentence.endswith("；但性别不同")


class TestWhatNeverSuffices:
    def test_a_name_and_a_village_in_a_clan_village(self):
        assert 0 < score(ZENG, replace(ZENG, birth_date=None)) < POSSIBLE
        assert score(replace(ZENG, birth_date=None), replace(ZENG, birth_date=None)) < POSSIBLE

    @pytest.mark.parametrize("born", [date(1951, 7, 30), date(1953, 3, 2), date(1946, 3, 12), date(1979, 1, 5)])
    def test_a_name_and_a_village_with_another_birth_date(self, born):
        assert score(ZENG, replace(ZENG, birth_date=born)) < POSSIBLE

    def test_two_sound_numbers_that_differ_whatever_else_agrees(self):
        one = replace(ZENG, phones=PHONE, id_hash="a")
        assert compare(one, replace(one, id_hash="b")) is None

    @pytest.mark.parametrize("name", ["陈大宝", "陈大葆", "陈小宝"])
    def test_twins_of_one_household(self, name):
        home, born = frozenset({uuid4()}), date(2012, 5, 4)
        twin = Traits("陈二宝", "1", born, villages=CHISHAN, phones=PHONE, homes=home)
        assert score(twin, replace(twin, name=name)) < POSSIBLE

    def test_twins_whose_names_sound_alike(self):
        home = frozenset({uuid4()})
        twin = Traits("陈文", "1", date(2012, 5, 4), villages=CHISHAN, phones=PHONE, homes=home)
        assert score(twin, replace(twin, name="陈雯", sex="2")) < POSSIBLE

    def test_a_son_who_bears_his_fathers_name(self):
        father = Traits("陈大文", "1", date(1950, 1, 9), villages=CHISHAN, phones=PHONE)
        assert score(father, replace(father, birth_date=date(1975, 1, 9))) < POSSIBLE

    def test_a_placeholder_for_a_birth_date(self):
        one = replace(ZENG, birth_date=date(1951, 1, 1), villages=CHISHAN)
        assert score(one, replace(one, villages=BEIPING)) < POSSIBLE


class TestWhatSuffices:
    def test_the_same_number(self):
        one = replace(ZENG, id_hash="a")
        likeness = compare(one, replace(one, name="曾秀瑛", birth_date=None))
        assert likeness is not None
        assert likeness.score == 100
        assert likeness.reasons[0] == "身份证号相同"

    def test_the_same_number_of_two_names_is_doubted(self):
        likeness = compare(replace(ZENG, id_hash="a"), replace(ZENG, name="黄建国", id_hash="a"))
        assert likeness is not None
        assert likeness.doubts == ("姓名不同，可能有一处证号录错",)

    def test_name_and_birth_date_in_another_village(self):
        assert score(ZENG, replace(ZENG, villages=BEIPING)) >= LIKELY

    def test_a_homophone_with_birth_date_and_village(self):
        assert score(ZENG, replace(ZENG, name="曾秀瑛")) >= LIKELY

    def test_a_call_name_with_birth_date_village_and_telephone(self):
        one = replace(ZENG, phones=PHONE)
        assert score(one, replace(one, name="曾婆婆")) >= POSSIBLE

    def test_a_year_alone_with_village_and_name(self):
        assert score(ZENG, replace(ZENG, birth_date=date(1951, 1, 1), precise=False)) >= POSSIBLE

    def test_a_farmers_date_beside_the_other(self):
        likeness = compare(replace(ZENG, phones=PHONE), replace(ZENG, phones=PHONE, birth_date=date(1951, 2, 6)))
        assert likeness is not None
        assert "出生日期相差34天（可能有一处是农历）" in likeness.reasons

    def test_family_of_the_same_name_elsewhere(self):
        kin = frozenset({"陈大文"})
        one = Traits("曾秀英", "2", villages=CHISHAN, family=kin, homes=frozenset({uuid4()}))
        assert score(one, replace(one, homes=frozenset({uuid4()}))) >= POSSIBLE


class TestKeys:
    @pytest.mark.parametrize(
        "other",
        [
            replace(ZENG, name="曽秀英"),
            replace(ZENG, name="曾秀瑛"),
            replace(ZENG, birth_date=None),
            replace(ZENG, birth_date=date(1952, 3, 12), villages=BEIPING),
            replace(ZENG, name="岑大妹"),
        ],
    )
    def test_whoever_may_be_the_same_shares_one(self, other):
        assert set(keys_of(ZENG, asking=True)) & set(keys_of(other))

    def test_a_common_name_alone_shares_none(self):
        far = Traits("曾秀英", "2", date(1970, 3, 12), villages=BEIPING)
        assert not set(keys_of(ZENG, asking=True)) & set(keys_of(far))

    def test_somebody_without_a_name_has_none(self):
        assert list(keys_of(Traits("", birth_date=BORN, villages=CHISHAN, phones=PHONE))) == []
