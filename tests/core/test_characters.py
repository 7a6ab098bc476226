"""One form for a character, and how a name sounds."""

import pytest

from shuangbai.core.characters import folded, tidy
from shuangbai.core.pinyin import blurred, initials, syllables

pytestmark = pytest.mark.nodb


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("鮜门", "鲘门"),
        ("陳秀英", "陈秀英"),
        ("曽秀英", "曾秀英"),
        ("林國強", "林国强"),
        ("李昇", "李升"),
        ("许峯", "许峰"),
    ],
)
def test_forms_of_one_character_are_one(one, other):
    assert folded(one) == folded(other)
    assert tidy(one) != tidy(other)


@pytest.mark.parametrize("name", ["林𬭳", "𠮷田", "陈㙟", "黄堃玥"])
def test_a_rare_character_stays_and_has_a_sound(name):
    assert len(folded(name)) == len(name)
    assert len(syllables(folded(name))) == len(name)
    assert all(syllables(folded(name)))


def test_what_got_into_a_name_while_it_was_typed_goes():
    assert folded(" 阿依古丽·买买提 ") == folded("阿依古丽买买提") == folded("阿依古丽．买 买提")
    assert tidy("ＡＢ") == "ab"


@pytest.mark.parametrize(
    ("name", "first"), [("曾秀英", "zeng"), ("单小红", "shan"), ("区大勇", "ou"), ("解放", "xie"), ("陈大文", "chen")]
)
def test_a_family_name_is_read_as_one(name, first):
    assert syllables(name)[0] == first
    assert initials(name)[0] == first[0]


def test_a_family_name_of_two_characters():
    assert syllables("尉迟恭")[:2] == ("yu", "chi")
    assert syllables("单于")[0] == "shan"  # 单 and a given name of one character


def test_what_southern_ears_do_not_tell_apart():
    assert blurred("zheng") == blurred("zen") == "zen"
    assert blurred("nan") == blurred("lang") == "lan"
    assert blurred("shui") == "sui"
    assert blurred("chen") != blurred("zhen")
