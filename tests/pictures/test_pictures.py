"""Pictures: one rule for what everybody may see, consent kept whole, files that go with what is voided."""

from __future__ import annotations

import uuid
from datetime import date
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.core.papers import kept_names, paper_data
from shuangbai.pictures import queries
from shuangbai.pictures.actions import describe_picture, mark_pictures, void_picture
from shuangbai.pictures.enums import Consent, ConsentForm, Faces
from shuangbai.pictures.models import Picture
from shuangbai.pictures.rules import MOST, publishable, why_not
from shuangbai.services.actions import void_records
from tests.album import ASKED, agreed, pictures_of, said
from tests.cast import TODAY, an_activity

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity(city, worker):
    return an_activity(city.chengdong, worker, title="画海报")


class TestWhatEverybodyMaySee:
    def test_a_minors_face_never_whatever_was_agreed(self):
        assert not any(publishable(Faces.MINOR, consent) for consent in Consent)

    def test_other_faces_only_with_consent_and_none_without_a_look(self):
        allowed = {(f, c) for f, c in product(Faces, Consent) if publishable(f, c)}
        assert allowed == {
            (Faces.NOBODY, Consent.NOT_ASKED), (Faces.NOBODY, Consent.AGREED), (Faces.OTHERS, Consent.AGREED),
        }  # fmt: skip

    @pytest.mark.parametrize(("faces", "consent"), list(product(Faces, Consent)))
    def test_pages_queries_and_reasons_say_the_same(self, activity, worker, faces, consent):
        [one] = pictures_of(activity, worker, said=agreed(worker, faces=faces, consent=consent))
        may = publishable(faces, consent)
        assert bool(queries.published("activities", [activity.pk])) is may
        assert (queries.published_picture(one.pk) is not None) is may
        assert (why_not(faces, consent) == "") is may
        assert [row.public for row in queries.album_of(worker, "activities", activity.pk).rows] == [may]

    def test_not_what_was_voided_and_nothing_of_a_voided_activity(self, activity, worker):
        first, second = pictures_of(activity, worker, many=2, said=said(faces=Faces.NOBODY))
        void_picture(by=worker, picture=first, reason="加错了")
        assert [row.picture for row in queries.published("activities", [activity.pk])[activity.pk]] == [second]
        void_records(by=worker, records=[activity.record], reason="重复录入")
        assert queries.published("activities", [activity.pk]) == {}
        assert queries.published_picture(second.pk) is None

    def test_withdrawn_it_is_gone_at_once(self, activity, worker):
        [one] = pictures_of(activity, worker, said=agreed(worker))
        assert queries.published_picture(one.pk)
        withdrawn = agreed(worker, consent=Consent.WITHDRAWN)
        describe_picture(by=worker, picture=one, version=1, said=withdrawn)
        assert queries.published_picture(one.pk) is None


class TestAdding:
    def test_several_are_kept_sealed_with_a_small_one_each(self, activity, worker):
        rows = pictures_of(activity, worker, many=3)
        assert [one.position for one in rows] == [0, 1, 2]
        assert {one.stored for one in rows} | {one.small for one in rows} <= kept_names()
        assert len(paper_data(rows[0].small)) < 20_000
        assert queries.stored_names() >= {rows[0].stored, rows[0].small}

    def test_sent_twice_nothing_changes(self, activity, worker):
        key = uuid.uuid4()
        first = pictures_of(activity, worker, many=2, client_id=key)
        files = kept_names()
        again = pictures_of(activity, worker, many=2, client_id=key)
        assert [one.pk for one in first] == [one.pk for one in again]
        assert (Picture.objects.count(), kept_names()) == (2, files)

    def test_a_refusal_leaves_no_file(self, activity, worker):
        before = kept_names()
        with pytest.raises(Refused, match="今天之后"):
            pictures_of(activity, worker, said=said(taken_on=date(2020, 6, 7)))
        assert kept_names() == before

    def test_no_more_than_so_many_of_one_thing(self, activity, worker):
        [one] = pictures_of(activity, worker)
        rows = [Picture(**_copied(one, position)) for position in range(1, MOST)]
        Picture.objects.bulk_create(rows)
        with pytest.raises(Refused, match=f"已有 {MOST} 张，这次最多再加 0 张"):
            pictures_of(activity, worker)

    def test_the_trail_counts_and_names_nobody(self, activity, worker):
        pictures_of(activity, worker, many=2, said=said(caption="曾秀英在画"))
        event = AuditEvent.objects.get(kind="pictures.added")
        assert (event.details, event.personal) == ({"what": "活动", "count": 2}, {})

    def test_another_station_the_supervisor_and_the_bureau_add_none(self, activity, city):
        for name in ("neighbour", "stranger", "supervisor", "officer", "sysadmin"):
            with pytest.raises(NotAllowed):
                pictures_of(activity, city.users[name])

    def test_none_is_added_to_what_was_voided(self, activity, worker):
        void_records(by=worker, records=[activity.record], reason="重复录入")
        with pytest.raises(NotAllowed):
            pictures_of(activity, worker)


def _copied(one: Picture, position: int) -> dict[str, Any]:
    fields = {f.attname: getattr(one, f.attname) for f in Picture._meta.concrete_fields}
    return fields | {"id": uuid.uuid4(), "position": position, "stored": f"{position:032x}.jpg"}


class TestConsent:
    @pytest.mark.parametrize(
        ("missing", "sentence"),
        [({"consent_form": ""}, "怎样同意"), ({"asked_on": None}, "哪天问的"), ({"asked_by_id": None}, "谁去问的")],
    )
    def test_agreement_says_how_when_and_who_asked(self, activity, worker, missing, sentence):
        with pytest.raises(Refused, match=sentence):
            pictures_of(activity, worker, said=agreed(worker, **missing))

    def test_withdrawn_before_it_was_given_is_refused(self, activity, worker):
        [one] = pictures_of(activity, worker, said=agreed(worker))
        early = agreed(worker, consent=Consent.WITHDRAWN, withdrawn_on=date(2020, 5, 1))
        with pytest.raises(Refused, match="不会早于"):
            describe_picture(by=worker, picture=one, version=1, said=early)

    def test_what_was_typed_of_a_consent_nobody_gave_is_not_kept(self, activity, worker):
        [one] = pictures_of(activity, worker, said=agreed(worker, consent=Consent.NOT_ASKED, consent_note="队长"))
        assert (one.consent_form, one.asked_on, one.asked_by_id, one.consent_note) == ("", None, None, "")

    def test_who_agreed_is_encrypted_in_the_history_too(self, activity, worker):
        pictures_of(activity, worker, said=agreed(worker, consent_note="队长代全队"))
        for table in ("pictures_picture", "pictures_historicalpicture"):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT consent_note FROM {table}")
                stored = str(cursor.fetchall())
            assert len(stored) > 20
            assert "队长" not in stored


class TestSaying:
    def test_two_at_once_the_second_sees_both(self, activity, worker, city):
        [one] = pictures_of(activity, worker)
        describe_picture(by=worker, picture=one, version=1, said=said(faces=Faces.MINOR))
        with pytest.raises(Conflict):
            describe_picture(by=city.users["colleague"], picture=one, version=1, said=said(faces=Faces.NOBODY))
        assert Picture.objects.get().faces == Faces.MINOR

    def test_many_are_marked_and_only_those_that_changed_are_written(self, activity, worker):
        rows = pictures_of(activity, worker, many=3)
        told = {one.pk: said(faces=Faces.NOBODY) for one in rows[:2]} | {rows[2].pk: said()}
        versions = dict.fromkeys(told, 1)
        assert mark_pictures(by=worker, subject="activities", key=activity.pk, versions=versions, said=told) == 2
        assert sorted(Picture.objects.values_list("version", flat=True)) == [1, 2, 2]
        with pytest.raises(Conflict):
            mark_pictures(
                by=worker, subject="activities", key=activity.pk, versions=versions,
                said={one.pk: said(faces=Faces.OTHERS) for one in rows},
            )  # fmt: skip
        assert Picture.objects.filter(faces=Faces.OTHERS).count() == 0

    def test_a_picture_of_something_else_is_not_marked_along(self, city, activity, worker):
        [other] = pictures_of(an_activity(city.chengdong, worker, title="别的"), worker)
        with pytest.raises(Conflict):
            mark_pictures(
                by=worker, subject="activities", key=activity.pk, versions={other.pk: 1}, said={other.pk: said()}
            )


class TestVoiding:
    def test_the_files_go_and_the_reason_stays(self, activity, worker, django_capture_on_commit_callbacks):
        [one] = pictures_of(activity, worker)
        files = {one.stored, one.small}
        with django_capture_on_commit_callbacks(execute=True):
            void_picture(by=worker, picture=one, reason="拍到了门牌")
        now = Picture.objects.get()
        assert (now.stored, now.small, now.void_reason, now.voided_by) == ("", "", "拍到了门牌", worker)
        assert not files & kept_names()
        assert void_picture(by=worker, picture=one, reason="再一次").void_reason == "拍到了门牌"

    def test_ones_own_or_any_for_the_head(self, activity, worker, city):
        [one] = pictures_of(activity, worker)
        for name in ("colleague", "stranger", "supervisor", "officer"):
            with pytest.raises(NotAllowed):
                void_picture(by=city.users[name], picture=one, reason="不要")
        assert void_picture(by=city.users["head"], picture=one, reason="不要").voided_at

    def test_not_without_a_reason(self, activity, worker):
        [one] = pictures_of(activity, worker)
        with pytest.raises(Refused, match="为什么作废"):
            void_picture(by=worker, picture=one, reason=" ")


class TestWhoSeesThem:
    def test_without_the_right_to_names_only_what_everybody_may_see(self, activity, worker, city):
        pictures_of(activity, worker, said=said(faces=Faces.MINOR))
        [open_one] = pictures_of(activity, worker, said=said(faces=Faces.NOBODY))
        seen = {
            name: [row.picture.pk for row in queries.album_of(city.users[name], "activities", activity.pk).rows]
            for name in ("colleague", "supervisor", "officer", "stranger", "sysadmin")
        }
        assert [len(seen[name]) for name in ("colleague", "supervisor")] == [2, 2]
        assert (seen["officer"], seen["stranger"], seen["sysadmin"]) == ([open_one.pk], [], [])


class TestTheDatabase:
    @pytest.mark.parametrize(
        "fields",
        [
            {"stored": ""},
            {"voided_at": "2020-06-01T00:00Z"},
            {"void_reason": "因为"},
            {"consent": Consent.AGREED},
            {"consent": Consent.AGREED, "consent_form": ConsentForm.SPOKEN, "asked_on": ASKED},
            {"consent": Consent.WITHDRAWN},
            {"withdrawn_on": TODAY},
        ],
    )
    def test_refuses_half_a_picture_and_half_a_consent(self, activity, worker, fields):
        [one] = pictures_of(activity, worker)
        with pytest.raises(IntegrityError), transaction.atomic():
            Picture.objects.filter(pk=one.pk).update(**fields)

    def test_refuses_a_file_twice_and_a_place_twice(self, activity, worker):
        first, second = pictures_of(activity, worker, many=2)
        for fields in ({"stored": first.stored}, {"position": first.position}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Picture.objects.filter(pk=second.pk).update(**fields)
