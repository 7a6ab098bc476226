"""Which policies a family's data suggest asking about: hints, never verdicts (domain 4.2, 9.3). Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from shuangbai.assistance.enums import Policy

AGED, ELDER, ADULT = 80, 60, 18
CARD_WITHIN = timedelta(days=90)
NEARLY = Decimal("1.5")  # of the line of 低保, up to which 低保边缘 may be asked about
HELPED = frozenset({"dibao_rural", "dibao_urban", "tekun_rural", "tekun_urban"})
MIND = frozenset({"5", "6"})


@dataclass(frozen=True, slots=True)
class Someone:
    """Somebody of the family today. `cards`: kind, grade and last day of each disability."""

    key: object
    name: str
    age: int | None
    carries: frozenset[str] = frozenset()
    cards: tuple[tuple[str, str, date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """A family today: its people, what it carries as a whole, income a head, policies that it has or that run."""

    people: Sequence[Someone]
    carries: frozenset[str] = frozenset()
    per_head: Decimal | None = None
    benefits: frozenset[str] = frozenset()
    running: frozenset[tuple[str, object]] = frozenset()  # policy, and for whom (None: the family)
    line: Decimal | None = None

    def has(self, policy: str, key: object, *benefits: str) -> bool:
        return bool(self.benefits & set(benefits)) or bool({(policy, key), (policy, None)} & self.running)

    @property
    def is_helped(self) -> bool:
        return bool(self.carries & HELPED) or any(one.carries & HELPED for one in self.people)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """That a policy may be worth asking about, for whom (None: the family), and by what."""

    policy: str
    key: object
    name: str
    sentence: str
    kind: str = "new"


def suggestions(facts: Facts, day: date) -> list[Suggestion]:
    """What to ask about, person by person, then of the family."""
    found = [one for person in facts.people for one in (*_disabled(person, facts, day), *_by_age(person, facts))]
    return [*found, *_of_family(facts)]


def _disabled(one: Someone, facts: Facts, day: date) -> Iterator[Suggestion]:
    for _kind, _grade, expires_on in one.cards:
        if expires_on and expires_on <= day + CARD_WITHIN and not facts.has(Policy.CARD, one.key):
            when = "已过期" if expires_on < day else "快到期"
            yield Suggestion(
                Policy.CARD, one.key, one.name, f"残疾人证 {expires_on:%Y-%m-%d} {when}，可协助换证", "review"
            )
    severe = any(grade in {"1", "2"} for _, grade, _ in one.cards) or "disabled_severe" in one.carries
    perhaps = any(kind in MIND and grade in {"3", "4"} for kind, grade, _ in one.cards)
    if (severe or perhaps) and not facts.has(Policy.NURSING, one.key, "disabled_care"):
        said = "登记为一级或二级残疾" if severe else "登记为三、四级智力或精神残疾，有的地方也给"
        yield Suggestion(Policy.NURSING, one.key, one.name, said)
    disabled = bool(one.cards) or bool(one.carries & {"disabled", "disabled_severe"})
    if disabled and facts.is_helped and not facts.has(Policy.LIVING, one.key, "disabled_living"):
        yield Suggestion(Policy.LIVING, one.key, one.name, "登记了残疾，家里在享受低保或特困")


def _by_age(one: Someone, facts: Facts) -> Iterator[Suggestion]:
    if one.age is None:
        return
    if one.age >= AGED and not facts.has(Policy.AGED, one.key, "aged"):
        yield Suggestion(Policy.AGED, one.key, one.name, f"今天 {one.age} 岁")
    child = one.age < ADULT
    if child and "orphan" in one.carries and not facts.has(Policy.ORPHAN, one.key, "orphan"):
        yield Suggestion(Policy.ORPHAN, one.key, one.name, "登记为孤儿，没有登记在领基本生活费")
    if child and "no_care_child" in one.carries and not facts.has(Policy.NO_CARE, one.key, "orphan"):
        yield Suggestion(Policy.NO_CARE, one.key, one.name, "登记为事实无人抚养儿童，没有登记在领基本生活费")


def _of_family(facts: Facts) -> Iterator[Suggestion]:
    if facts.is_helped:
        return
    alone = len(facts.people) == 1 and (facts.people[0].age or 0) >= ELDER
    if alone and not facts.has(Policy.TEKUN, None, "destitute"):
        yield Suggestion(
            Policy.TEKUN, facts.people[0].key, facts.people[0].name,
            "60岁以上、家里只登记一人；要问清劳动能力、生活来源、有没有赡养人",
        )  # fmt: skip
    if facts.per_head is None or facts.line is None:
        return
    told = f"最近一次了解人均月收入 {facts.per_head:.0f} 元，设置里的低保标准 {facts.line:.0f} 元"
    if facts.per_head < facts.line and not facts.has(Policy.DIBAO, None, "subsistence"):
        yield Suggestion(Policy.DIBAO, None, "", told)
    elif facts.line <= facts.per_head <= facts.line * NEARLY and not facts.has(Policy.DIBIAN, None, "subsistence"):
        yield Suggestion(Policy.DIBIAN, None, "", told)
