"""What the database itself refuses about a dossier, going round the actions."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from shuangbai.dossier.models import (
    Attachment,
    Carer,
    Consent,
    Disability,
    Economy,
    ExpenseLine,
    FamilyNeed,
    Housing,
    IncomeLine,
    PersonSheet,
    SelfCare,
    Strength,
)
from tests.cast import a_family

DAY = date(2020, 5, 1)
BEFORE = DAY - timedelta(days=1)


@pytest.fixture
def family(city, worker):
    return a_family(city.chengdong, worker)


@pytest.fixture
def make(family, worker):
    """`make(Housing, taken_on=DAY)`: a row, without asking anybody."""

    def made(model, **said):
        base = {"station": family.household.station, "entered_by": worker}
        fields = {field.name for field in model._meta.concrete_fields}
        if "household" in fields:
            base["household"] = family.household
        elif "person" in fields and "person" not in said:
            base["person"] = family.people[0]
        return model.objects.create(**{**base, **said})

    return made


def refuses(do) -> None:
    def at_once() -> None:
        do()
        connection.check_constraints()

    with pytest.raises(IntegrityError), transaction.atomic():
        at_once()


class TestOnce:
    @pytest.mark.parametrize(
        ("model", "said"),
        [
            (PersonSheet, {"known_on": DAY}),
            (Disability, {"kind": "4", "grade": "1"}),
            (SelfCare, {"assessed_on": DAY, "level": "able"}),
            (Housing, {"taken_on": DAY}),
            (Economy, {"taken_on": DAY, "people": 2}),
        ],
    )
    def test_two_standing_ones(self, make, model, said):
        make(model, **said)
        refuses(lambda: make(model, **said))

    @pytest.mark.parametrize(
        ("model", "said"),
        [
            (Disability, {"kind": "4", "grade": "1"}),
            (SelfCare, {"assessed_on": DAY, "level": "able"}),
            (Housing, {"taken_on": DAY}),
            (Economy, {"taken_on": DAY, "people": 2}),
        ],
    )
    def test_but_one_after_another_was_voided(self, make, model, said):
        make(model, void_reason="登记错了", **said)
        make(model, **said)

    def test_one_carer_from_one_day(self, make, family):
        said = {"carer": family.people[1], "role": "carer", "starts_on": DAY}
        make(Carer, **said)
        refuses(lambda: make(Carer, **said))

    def test_one_consent_of_a_day_for_a_person_and_for_the_family(self, make, family):
        for person in (family.people[0], None):
            said = {"person": person, "scope": "file", "given_by": family.people[0], "given_on": DAY, "form": "written"}
            make(Consent, **said)
            refuses(lambda said=said: make(Consent, **said))

    def test_one_file_under_one_name(self, make):
        said = {"kind": "house", "taken_on": DAY, "stored": "a" * 32 + ".jpg", "size": 1}
        make(Attachment, **said)
        refuses(lambda: make(Attachment, **said))

    def test_one_line_for_a_source(self, make, family):
        snapshot = make(Economy, taken_on=DAY, people=2)
        for model in (IncomeLine, ExpenseLine):
            said = {"station": family.household.station, "snapshot": snapshot, "source": "other", "amount": 1}
            model.objects.create(**said)
            refuses(lambda model=model, said=said: model.objects.create(**said))


class TestNonsense:
    @pytest.mark.parametrize(
        ("model", "said"),
        [
            (Disability, {"kind": "4", "issued_on": DAY, "expires_on": BEFORE}),
            (Disability, {"kind": "4", "issued_on": DAY, "ended_on": BEFORE}),
            (SelfCare, {"assessed_on": DAY, "scheme": "civil", "level": "p1"}),
            (SelfCare, {"assessed_on": DAY, "scheme": "panyu", "level": "able"}),
            (Carer, {"starts_on": DAY}),
            (Carer, {"name": "邻居", "starts_on": DAY, "ends_on": BEFORE}),
            (Housing, {"taken_on": DAY, "area": 0}),
            (Economy, {"taken_on": DAY, "people": 1, "income": -1}),
            (Economy, {"taken_on": DAY, "people": 1, "expense": -1}),
            (Economy, {"taken_on": DAY, "people": 1, "debt": -1}),
            (Economy, {"taken_on": DAY, "people": 0, "income": 1, "per_head": 1}),
            (Economy, {"taken_on": DAY, "people": 1, "per_head": 1}),
            (FamilyNeed, {"kind": "care", "opened_on": DAY, "state": "solved"}),
            (FamilyNeed, {"kind": "care", "opened_on": DAY, "state": "open", "closed_on": DAY}),
            (FamilyNeed, {"kind": "care", "opened_on": DAY, "state": "solved", "closed_on": BEFORE}),
            (Strength, {"kind": "family", "text": "", "starts_on": DAY}),
            (Strength, {"kind": "family", "text": "好", "starts_on": DAY, "ends_on": BEFORE}),
            (Consent, {"scope": "file", "given_on": DAY, "form": "written"}),
            (Consent, {"scope": "file", "given_on": DAY, "form": "spoken", "giver": "陈二"}),
            (Consent, {"scope": "file", "given_on": DAY, "form": "written", "giver": "陈二", "withdrawn_on": BEFORE}),
            (
                Consent,
                {"scope": "file", "given_on": DAY, "form": "written", "giver": "陈二", "agreed": False,
                 "withdrawn_on": DAY},
            ),
            (Attachment, {"kind": "house", "taken_on": DAY, "stored": "", "size": 1}),
            (Attachment, {"kind": "house", "taken_on": DAY, "stored": "x.pdf", "size": 1, "void_reason": "错"}),
        ],
    )  # fmt: skip
    def test_is_refused(self, make, model, said):
        refuses(lambda: make(model, **said))

    def test_a_carer_both_known_and_named_or_oneself(self, make, family):
        refuses(lambda: make(Carer, carer=family.people[1], name="陈二", starts_on=DAY))
        refuses(lambda: make(Carer, carer=family.people[0], starts_on=DAY))

    def test_a_consent_by_two(self, make, family):
        refuses(
            lambda: make(Consent, scope="file", given_on=DAY, form="written", giver="陈二", given_by=family.people[0])
        )

    def test_money_below_nothing(self, make, family):
        snapshot = make(Economy, taken_on=DAY, people=2)
        for model in (IncomeLine, ExpenseLine):
            said = {"station": family.household.station, "snapshot": snapshot, "source": "other", "amount": -1}
            refuses(lambda model=model, said=said: model.objects.create(**said))
