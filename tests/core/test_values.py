"""Identity numbers as people type them, names by their initials, and what is masked."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangbai.core import idnumber, privacy
from shuangbai.core.idnumber import IdFault, IdNumber
from shuangbai.core.pinyin import initials

pytestmark = pytest.mark.nodb


class TestIdNumber:
    @pytest.mark.parametrize(
        ("typed", "number", "born", "sex"),
        [
            ("11010519491231002X", "11010519491231002X", date(1949, 12, 31), "2"),
            ("440524188001010014", "440524188001010014", date(1880, 1, 1), "1"),
        ],
    )
    def test_the_two_numbers_of_the_standard_are_sound(self, typed, number, born, sex):
        assert idnumber.read(typed) == IdNumber(number, born, sex)

    @pytest.mark.parametrize(
        "typed",
        [
            "11010519491231002x",
            " 110105 19491231 002X ",
            "1101051949123100\u200b2X",
            "110105-19491231-002X",
            "'11010519491231002X",
            "\uff11\uff11\uff10\uff11\uff10\uff15\uff11\uff19\uff14\uff19\uff11\uff12\uff13\uff11\uff10\uff10\uff12\uff38",
        ],
    )
    def test_one_number_typed_in_many_ways_is_one_number(self, typed):
        read = idnumber.read(typed)
        assert isinstance(read, IdNumber)
        assert read.number == "11010519491231002X"

    def test_fifteen_digits_become_eighteen(self):
        read = idnumber.read("110105491231002")
        assert isinstance(read, IdNumber)
        assert read.number == "11010519491231002X"

    @pytest.mark.parametrize(
        ("typed", "fault"),
        [
            ("110105194912310021", IdFault.CHECKSUM),
            ("440524188001010015", IdFault.CHECKSUM),
            ("11010519491331002X", IdFault.DATE),
            ("11010519490230002X", IdFault.DATE),
            ("110105491331002", IdFault.DATE),
            ("1101051949123100", IdFault.LENGTH),
            ("", IdFault.LENGTH),
            ("X", IdFault.LENGTH),
            ("4.41521E+17", IdFault.CHARACTERS),
            ("1101051949123100乙X", IdFault.CHARACTERS),
            ("110105X9491231002X", IdFault.CHARACTERS),
            ("11010549123100X", IdFault.LENGTH),
        ],
    )
    def test_a_bad_number_says_what_is_wrong_with_it(self, typed, fault):
        assert idnumber.read(typed) is fault
        assert idnumber.SENTENCES[fault].startswith("身份证号")

    def test_digits_lost_to_a_spreadsheet_are_an_error_and_never_a_value(self):
        """An 18-digit number stored as a float ends in 000 (domain 8.2)."""
        assert isinstance(idnumber.read("441521195003070000"), IdFault)

    def test_the_region_never_decides(self):
        number = "99999919491231002"
        assert isinstance(idnumber.read(number + idnumber.check_digit(number)), IdNumber)

    @given(
        st.dates(date(1880, 1, 1), date(2020, 6, 6)),
        st.integers(100000, 999999),
        st.integers(0, 999),
        st.integers(0, 16),
    )
    def test_any_one_mistyped_digit_is_noticed(self, born, region, serial, at):
        first = f"{region}{born:%Y%m%d}{serial:03d}"
        number = first + idnumber.check_digit(first)
        assert isinstance(idnumber.read(number), IdNumber)
        wrong = number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]
        assert isinstance(idnumber.read(wrong), IdFault)


class TestInitials:
    @pytest.mark.parametrize(
        ("name", "letters"),
        [
            ("陈秀英", "cxy"),
            ("曾秀英", "zxy"),
            ("单小红", "sxh"),
            ("仇英", "qy"),
            ("区桂芳", "ogf"),
            ("解放军", "xfj"),
            ("陈曾", "cc"),
            ("陈 婆婆", "cpp"),
            ("A仔", "az"),
            ("", ""),
        ],
    )
    def test_a_name_reads_as_its_bearer_reads_it(self, name, letters):
        assert initials(name) == letters

    def test_a_character_without_a_reading_stays(self):
        assert initials("陈*") == "c*"

    def test_a_rare_character_is_one_letter_too(self):
        assert len(initials("陈𡒄")) == 2

    def test_they_are_short_however_long_the_name(self):
        assert len(initials("陈" * 100)) == 20


class TestMasks:
    def test_an_id_keeps_three_and_two(self):
        assert privacy.mask_id("440524188001010014") == "440*************14"
        assert privacy.mask_id("1234567") == "*******"
        assert privacy.mask_id("") == ""

    def test_a_phone_keeps_four(self):
        assert privacy.mask_phone("0660-6612345") == "*******2345"
        assert privacy.mask_phone("1234") == "****"
        assert privacy.mask_phone("") == ""

    def test_a_name_keeps_the_family_name(self):
        assert privacy.mask_name("陈秀英") == "陈**"
        assert privacy.mask_name("") == ""

    def test_an_address_is_hidden_whole_but_shows_that_there_is_one(self):
        assert privacy.mask_address("三巷12号") == "******"
        assert privacy.mask_address("") == ""

    @given(st.text(alphabet="0123456789X", min_size=1, max_size=20))
    def test_a_mask_is_as_long_as_what_it_hides_and_shows_at_most_five(self, number):
        masked = privacy.mask_id(number)
        assert len(masked) == len(number)
        assert sum(mark != "*" for mark in masked) <= 5
