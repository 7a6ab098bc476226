"""Words in texts: found by pairs of characters, within an owner, newest day first, on either database."""

from datetime import date

import pytest

from shuangbai.core import textindex
from shuangbai.core.ids import new_id
from shuangbai.core.models import TextDocument
from shuangbai.core.textindex import Text

A, B = new_id(), new_id()
ALL = None


def put(text: str, *, owner=A, on: date = date(2020, 5, 1)):
    subject = new_id()
    textindex.put([Text(owner, subject, on, text)])
    return subject


def found(words: str, owners=(A,), **more) -> list:
    return [subject for _, subject in textindex.find(words, owners=owners, limit=more.pop("limit", 50), **more)]


@pytest.mark.django_db
class TestFinding:
    def test_a_two_character_word(self):
        subject = put("老人血压偏高,提醒按时服药。")
        put("孩子上学有困难。")
        assert found("血压") == found("服药") == [subject]

    def test_a_word_of_three_and_four_characters(self):
        subject = put("申请临时救助已批准")
        assert found("时救助") == found("临时救助") == [subject]

    def test_many_at_once_in_any_order_of_their_days(self):
        days = [date(2020, 5, 3), date(2018, 1, 1), date(2020, 5, 9), date(2019, 7, 7)]
        texts = [Text(A, new_id(), on, "老人血压偏高") for on in days]
        textindex.put(texts)
        assert found("血压") == [text.subject_id for text in sorted(texts, key=lambda text: text.on, reverse=True)]

    def test_words_apart_are_not_one_word(self):
        put("血糖与压力都高")
        assert found("血压") == []

    def test_a_pair_does_not_reach_over_punctuation(self):
        put("量了血。压力大")
        assert found("血压") == []

    def test_two_words_are_both_wanted(self):
        both = put("血压高,按时服药")
        put("血压高")
        assert found("血压 服药") == [both]

    def test_numbers_latin_letters_and_full_width_forms(self):
        subject = put("办理\uff22\uff21\uff33手机号2020年")
        assert found("bas") == found("BAS") == found("2020") == [subject]

    def test_characters_beyond_the_basic_plane(self):
        subject = put("住在𡒄边村")
        assert found("𡒄边") == [subject]

    def test_letters_keep_their_marks(self):
        subject = put("café")
        assert found("fé") == [subject]
        assert found("fe") == []

    @pytest.mark.parametrize("words", ["", "血", " ", "血,压", "\u3002"])
    def test_less_than_two_characters_together_is_refused_with_a_sentence(self, words):
        with pytest.raises(ValueError, match="两个"):
            textindex.find(words, owners=ALL, limit=1)

    @pytest.mark.parametrize(
        "words", ["'; DROP", '"血压" OR', "血压' & 'x", "NOT 血压", "血压*", "a:血压", "\\血压", "!!血压"]
    )
    def test_what_is_typed_is_never_a_query_of_the_database(self, words):
        put("血压")
        found(words, owners=ALL)
        assert len(found("血压", owners=ALL)) == 1


@pytest.mark.django_db
class TestOwners:
    def test_another_owners_texts_are_not_there(self):
        put("血压高", owner=B)
        assert found("血压") == []
        assert len(found("血压", owners=[A, B])) == 1

    def test_without_owners_nothing_and_with_none_named_everything(self):
        put("血压高", owner=B)
        assert found("血压", owners=[]) == []
        assert len(found("血压", owners=ALL)) == 1

    def test_an_owners_key_is_not_a_word(self):
        put("血压高")
        assert found(A.hex, owners=ALL) == []


@pytest.mark.django_db
class TestOrder:
    def test_newest_day_first_whatever_the_order_of_entry(self):
        days = [date(2019, 1, 1), date(2020, 5, 1), date(2018, 3, 1), date(2020, 4, 30)]
        subjects = {day: put("血压", on=day) for day in days}
        assert found("血压") == [subjects[day] for day in sorted(days, reverse=True)]

    def test_a_limit_keeps_the_newest(self):
        put("血压", on=date(2018, 1, 1))
        newest = put("血压", on=date(2020, 1, 1))
        assert found("血压", limit=1) == [newest]

    def test_pages_go_on_before_the_last_key_without_a_gap_or_a_repeat(self):
        subjects = {put("血压", on=date(2020, 1, 1 + day // 2)) for day in range(20)}
        seen, before = [], None
        while page := textindex.find("血压", owners=[A], limit=7, before=before):
            seen += [subject for _, subject in page]
            before = page[-1][0]
        assert len(seen) == 20
        assert set(seen) == subjects


@pytest.mark.django_db
class TestChange:
    def test_a_text_taken_out_is_not_found_again(self):
        subject, other = put("血压"), put("血压")
        textindex.remove(A, [subject])
        assert found("血压") == [other]

    def test_another_owner_cannot_take_it_out(self):
        subject = put("血压")
        textindex.remove(B, [subject])
        assert found("血压") == [subject]

    def test_a_text_replaced_is_found_by_its_new_words_only(self):
        subject = put("血压")
        textindex.remove(A, [subject])
        textindex.put([Text(A, subject, date(2020, 5, 1), "上学")])
        assert found("血压") == []
        assert found("上学") == [subject]

    def test_a_text_without_a_pair_leaves_nothing(self):
        put("好")
        put("")
        assert not TextDocument.objects.exists()

    def test_nothing_put_is_no_fault(self):
        textindex.put([])

    def test_many_at_once_equal_one_by_one(self):
        texts = ["血压高", "上学难", "血压稳定"]
        subjects = [new_id() for _ in texts]
        textindex.put(Text(A, s, date(2020, 5, d), t) for d, (s, t) in enumerate(zip(subjects, texts, strict=True), 1))
        assert found("血压") == [subjects[2], subjects[0]]
