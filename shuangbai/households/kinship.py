"""From relations to the head of a household (GB/T 4761) to generations, couples and children. Pure.

A relation says how somebody stands to the head, not to anybody else: whose wife a daughter-in-law is, or whose
child a grandchild is, is known where one answer is possible, and is left open where there are several. Links
between parent and child that were entered go before everything else.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any
from uuid import UUID

from shuangbai.core.pedigree import CIRCLE, DIAMOND, SQUARE, Figure, Lineage, Union
from shuangbai.households.enums import Relation as R

MALE, FEMALE = "1", "2"
SPOUSES = frozenset({R.SPOUSE, R.HUSBAND, R.WIFE})
SONS, DAUGHTERS = frozenset({R.SON, R.FOSTER_SON}), frozenset({R.DAUGHTER, R.FOSTER_DAUGHTER})
FOSTERED = frozenset({R.FOSTER_SON, R.FOSTER_DAUGHTER, R.STEPFATHER, R.STEPMOTHER})
SIBLINGS = frozenset(
    {R.SIBLING, R.ELDER_BROTHER, R.YOUNGER_BROTHER, R.ELDER_SISTER, R.YOUNGER_SISTER}
)  # fmt: skip
# In-laws of the head's generation and the next, and whose partners they are.
MARRIED_IN: dict[str, frozenset[R]] = {
    R.SON_IN_LAW: DAUGHTERS, R.DAUGHTER_IN_LAW: SONS,
    R.ELDER_BROTHERS_WIFE: frozenset({R.ELDER_BROTHER}), R.YOUNGER_BROTHERS_WIFE: frozenset({R.YOUNGER_BROTHER}),
    R.ELDER_SISTERS_HUSBAND: frozenset({R.ELDER_SISTER}), R.YOUNGER_SISTERS_HUSBAND: frozenset({R.YOUNGER_SISTER}),
}  # fmt: skip
GRANDCHILDREN: dict[str, frozenset[R]] = {
    R.GRANDCHILD: SONS | DAUGHTERS, R.GRANDSON: SONS, R.GRANDDAUGHTER: SONS,
    R.DAUGHTERS_SON: DAUGHTERS, R.DAUGHTERS_DAUGHTER: DAUGHTERS,
}  # fmt: skip
SEX_OF: dict[str, str] = {
    **dict.fromkeys(
        [R.HUSBAND, R.SON, R.FOSTER_SON, R.SON_IN_LAW, R.GRANDSON, R.DAUGHTERS_SON, R.FATHER, R.FATHER_IN_LAW_OF_WIFE,
         R.FATHER_IN_LAW, R.STEPFATHER, R.GRANDFATHER, R.MATERNAL_GRANDFATHER, R.ELDER_BROTHER, R.YOUNGER_BROTHER,
         R.ELDER_SISTERS_HUSBAND, R.YOUNGER_SISTERS_HUSBAND], MALE),
    **dict.fromkeys(
        [R.WIFE, R.DAUGHTER, R.FOSTER_DAUGHTER, R.DAUGHTER_IN_LAW, R.GRANDDAUGHTER, R.DAUGHTERS_DAUGHTER, R.MOTHER,
         R.MOTHER_IN_LAW_OF_WIFE, R.MOTHER_IN_LAW, R.STEPMOTHER, R.GRANDMOTHER, R.MATERNAL_GRANDMOTHER,
         R.ELDER_SISTER, R.YOUNGER_SISTER, R.ELDER_BROTHERS_WIFE, R.YOUNGER_BROTHERS_WIFE], FEMALE),
}  # fmt: skip
YOUNGEST_PARENT, OLDEST_PARENT = 13, 60  # years between a parent and a child, beyond which it is nobody's guess
COUPLE_GAP = 20
UNBORN = date(9999, 1, 1)
ABSENT_PARENT = "parent"  # in place of a relation


@dataclass(frozen=True, slots=True)
class Kin:
    """Somebody of a household: how they stand to its head, and whether they are no longer of it."""

    id: Any
    name: str
    sex: str
    relation: str
    born: date | None = None
    died: date | None = None
    gone: bool = False

    @property
    def side(self) -> str:
        """Their sex; where it is unknown, the one that the relation tells."""
        return self.sex if self.sex in (MALE, FEMALE) else SEX_OF.get(self.relation, "")


@dataclass(slots=True)
class Couple:
    """Up to two partners, and their children."""

    partners: list[Any]
    children: list[Any] = field(default_factory=list)
    loose: set[Any] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Ties:
    """Who belongs to which generation (the head's is 0), the couples, and whom no line reaches."""

    head: Any
    generation: dict[Any, int]
    couples: list[Couple]
    missing: dict[Any, Kin]
    aside: list[Any]


def _between(parent: Kin, child: Kin) -> bool:
    """Whether the years between two allow that one is the other's parent; unknown dates allow everything."""
    if parent.born is None or child.born is None:
        return True
    return YOUNGEST_PARENT <= child.born.year - parent.born.year <= OLDEST_PARENT


def _of_an_age(one: Kin, other: Kin) -> bool:
    return one.born is None or other.born is None or abs(one.born.year - other.born.year) <= COUPLE_GAP


def _birth(kin: Kin) -> tuple[date, str]:
    return kin.born or UNBORN, str(kin.id)


class _Family:
    """Works out the ties of one household, step by step from the head outwards."""

    def __init__(self, people: Sequence[Kin], links: Iterable[tuple[Any, Any]]) -> None:
        self.people = {kin.id: kin for kin in people}
        self.order = sorted(people, key=_birth)
        self.generation: dict[Any, int] = {}
        self.couples: list[Couple] = []
        self.missing: dict[Any, Kin] = {}
        self.parents: dict[Any, list[Any]] = {}
        for parent, child in links:
            if parent in self.people and child in self.people and parent != child:
                self.parents.setdefault(child, []).append(parent)
        self.head = self._head()

    def _head(self) -> Kin:
        """The head of today, or of old; a place for one where none was entered."""
        called = [kin for relation in (R.HEAD, R.SELF) for kin in self.order if kin.relation == relation]
        return next(iter(sorted(called, key=lambda kin: kin.gone)), None) or self.absent("户主", "", R.HEAD)

    # PARTS -----------------------------------------------------------------

    def kin(self, key: Any) -> Kin:
        return self.people.get(key) or self.missing[key]

    def absent(self, name: str, sex: str, relation: str) -> Kin:
        """Somebody who must be there and is not in the file."""
        kin = Kin(("missing", len(self.missing)), name, sex, relation)
        self.missing[kin.id] = kin
        return kin

    def put(self, people: Iterable[Kin], generation: int) -> None:
        for kin in people:
            self.generation.setdefault(kin.id, generation)

    def called(self, *relations: str) -> list[Kin]:
        """Those of these relations, the head left out, absent ones too."""
        everybody = chain(self.order, self.missing.values())
        return [kin for kin in everybody if kin.relation in relations and kin.id != self.head.id]

    def couple(self, *partners: Kin) -> Couple:
        """The couple of these partners, made where there is none yet."""
        keys = [kin.id for kin in partners]
        found = next((c for c in self.couples if set(c.partners) == set(keys)), None) if keys else None
        if found is None:
            found = Couple(keys)
            self.couples.append(found)
        return found

    def partners_of(self, kin: Kin) -> list[Kin]:
        joined = (c.partners for c in self.couples if kin.id in c.partners and len(c.partners) == 2)
        return [self.kin(key) for pair in joined for key in pair if key != kin.id]

    def has_parents(self, kin: Kin) -> bool:
        return any(kin.id in couple.children for couple in self.couples)

    def under(self, couple: Couple, child: Kin, *, loose: bool = False) -> None:
        if not self.has_parents(child):
            couple.children.append(child.id)
            if loose:
                couple.loose.add(child.id)

    def of_parent(self, parent: Kin, child: Kin) -> Couple:
        """Where a child of `parent` hangs: under the couple where one partner alone can be the other parent."""
        fitting = [kin for kin in self.partners_of(parent) if _between(kin, child)]
        return (
            self.couple(parent, fitting[0])
            if len(self.partners_of(parent)) == len(fitting) == 1
            else self.couple(parent)
        )

    # STEPS -----------------------------------------------------------------

    def entered(self) -> None:
        """Parents and children who were linked, if they stand one generation apart."""
        for child, parents in self.parents.items():
            known = [self.kin(key) for key in dict.fromkeys(parents)][:2]
            depth = {self.generation.get(kin.id) for kin in known} - {None}
            if len(depth) == 1:
                above: int = depth.pop()  # type: ignore[assignment]
                if self.generation.setdefault(child, above + 1) == above + 1:
                    self.put(known, above)
                    self.under(self.couple(*known), self.kin(child))

    def own(self) -> None:
        """The head, partners, children, and those who married in."""
        head = self.head
        self.put([head], 0)
        spouses = self.called(*SPOUSES)
        self.put(spouses, 0)
        for spouse in spouses:
            self.couple(head, spouse)
        children = self.called(*SONS, *DAUGHTERS)
        self.put(children, 1)
        self.put(self.called(R.SON_IN_LAW, R.DAUGHTER_IN_LAW), 1)
        self.put(self.called(*GRANDCHILDREN), 2)
        self.entered()
        for relation, theirs in ((R.DAUGHTER_IN_LAW, "子"), (R.SON_IN_LAW, "女")):
            self.married(relation, theirs)
        for child in chain(children, self.missing.values()):
            if self.generation.get(child.id) == 1:
                self.under(self.of_parent(head, child), child, loose=child.relation in FOSTERED)

    def married(self, relation: str, absent: str = "") -> None:
        """Join those of a relation with the child or sibling whose partner each can only be."""
        came = [kin for kin in self.called(relation) if not self.partners_of(kin)]
        for kin in came:
            single = [one for one in self.called(*MARRIED_IN[relation]) if not self.partners_of(one)]
            fitting = [one for one in single if _of_an_age(one, kin)]
            rivals = [other for other in came if not self.partners_of(other)]
            if len(fitting) == 1 and len(rivals) == 1:
                self.couple(fitting[0], kin)
            elif not single and len(came) == 1 and absent:
                sex = MALE if kin.side == FEMALE else FEMALE
                missing = self.absent(absent, sex, R.SON if sex == MALE else R.DAUGHTER)
                self.put([missing], self.generation[kin.id])
                self.couple(missing, kin)

    def grandchildren(self) -> None:
        """Each under the only son or daughter it can be of; under one who is absent; or under nobody's name."""
        stood_in: dict[str, Kin] = {}
        for child in self.called(*GRANDCHILDREN):
            if self.has_parents(child):
                continue
            between = self.called(*GRANDCHILDREN[child.relation])
            fitting = [kin for kin in between if _between(kin, child)]
            if len(fitting) == 1:
                self.under(self.of_parent(fitting[0], child), child)
            elif not between:
                parent = stood_in.get(child.relation) or self._stand_in(child.relation, stood_in)
                self.under(self.of_parent(parent, child), child)
            else:
                self.under(self._together(child.relation), child, loose=True)

    def _stand_in(self, relation: str, stood_in: dict[str, Kin]) -> Kin:
        through = GRANDCHILDREN[relation]
        name, sex = ("子女", "") if len(through) > 2 else ("子", MALE) if through == SONS else ("女", FEMALE)
        kin = Kin(("missing", len(self.missing)), name, sex, "")
        self.missing[kin.id] = kin
        self.put([kin], 1)
        self.under(self.of_parent(self.head, kin), kin)
        stood_in.update({code: kin for code, of in GRANDCHILDREN.items() if of == through})
        return kin

    def _together(self, relation: str) -> Couple:
        """The children of nobody's name who came by the same relation."""
        nobodys = [couple.children[0] for couple in self.couples if not couple.partners]
        alike = [key for key in nobodys if self.generation.get(key) == 2 and self.kin(key).relation == relation]
        return next((c for c in self.couples if alike and alike[0] in c.children), None) or self.couple()

    def above(self) -> None:
        """Parents, brothers and sisters, grandparents of the head."""
        head = self.head
        parents = self.called(R.FATHER, R.MOTHER, R.PARENT)
        step = self.called(R.STEPFATHER, R.STEPMOTHER)
        siblings = self.called(*SIBLINGS)
        self.put([*parents, *step], -1)
        self.put([*siblings, *self.called(*(set(MARRIED_IN) - {R.SON_IN_LAW, R.DAUGHTER_IN_LAW}))], 0)
        self.entered()
        pair = self._pair(parents)
        self._grandparents(pair)
        pair = self._pair([*pair, *self.called(ABSENT_PARENT)])
        foster = self._pair(step)
        if pair or siblings:
            home = self.couple(*pair)
            self.under(home, head)
            for one in siblings:
                self.under(home, one, loose=not pair)
        if foster:
            with_step = self._pair([*pair, *foster]) if len(pair) == len(foster) == 1 else foster
            joined = self.couple(*with_step)
            if not pair:
                self.under(joined, head, loose=True)
        for relation in MARRIED_IN:
            self.married(relation)

    @staticmethod
    def _pair(people: Sequence[Kin]) -> list[Kin]:
        """At most one man and one woman, or whoever there is."""
        men = [kin for kin in people if kin.side == MALE]
        women = [kin for kin in people if kin.side == FEMALE]
        return [*men[:1], *women[:1]] or list(people[:1])

    def _grandparents(self, parents: list[Kin]) -> None:
        """A pair over father or mother, who is drawn as absent where the file has no such parent."""
        father = next((kin for kin in parents if kin.side == MALE), None)
        mother = next((kin for kin in parents if kin.side == FEMALE), None)
        sides: list[tuple[list[Kin], Kin | None, str, str]] = [
            (self.called(R.GRANDFATHER, R.GRANDMOTHER), father, "父", MALE),
            (self.called(R.MATERNAL_GRANDFATHER, R.MATERNAL_GRANDMOTHER), mother, "母", FEMALE),
        ]
        either = self.called(R.GRANDPARENT)
        if either and not (father and mother) and not any(people for people, *_ in sides):
            only = father or mother
            sides.append((either, only, "父或母", only.side if only else ""))
        elif either and not self.called(R.GRANDFATHER, R.GRANDMOTHER):
            self.put(either, -2)
            self.couple(*self._pair(either))
        for people, parent, name, sex in sides:
            if people:
                self.put(people, -2)
                self.under(self.couple(*self._pair(people)), parent or self._absent_parent(name, sex))

    def _absent_parent(self, name: str, sex: str) -> Kin:
        kin = self.absent(name, sex, ABSENT_PARENT)
        self.put([kin], -1)
        return kin

    def in_laws(self) -> None:
        """The parents of the one partner, or of one who is absent."""
        for relations, name, sex in (
            ((R.FATHER_IN_LAW_OF_WIFE, R.MOTHER_IN_LAW_OF_WIFE), "夫", MALE),
            ((R.FATHER_IN_LAW, R.MOTHER_IN_LAW), "妻", FEMALE),
        ):
            people = self.called(*relations)
            if not people:
                continue
            spouses = [kin for kin in self.called(*SPOUSES) if kin.side in ("", sex)]
            here = [kin for kin in spouses if not kin.gone] or spouses
            if len(here) > 1:
                continue
            if not here:
                here = [self.absent(name, sex, "")]
                self.put(here, 0)
                self.couple(self.head, here[0])
            self.put(people, -1)
            self.under(self.couple(*self._pair(people)), here[0])

    def ties(self) -> Ties:
        if self.people:
            self.own()
            self.grandchildren()
            self.above()
            self.in_laws()
            for _ in range(3):  # linked to somebody who has a place by now
                self.entered()
        placed = self._reached()
        aside = [kin.id for kin in self.order if kin.id not in placed]
        return Ties(self.head.id, {k: g for k, g in self.generation.items() if k in placed}, self.couples,
                    self.missing, aside)  # fmt: skip

    def _reached(self) -> set[Any]:
        """Those who stand in a generation: by a line, or by a relation that names the generation alone."""
        return {key for key in self.generation if key in self.people or key in self.missing}


def ties_of(people: Sequence[Kin], links: Iterable[tuple[Any, Any]] = ()) -> Ties:
    """The ties of a household's people. `links` are pairs of a parent's and a child's id that were entered."""
    return _Family(people, links).ties()


# ROWS ----------------------------------------------------------------------


def _blocks(ties: Ties, people: dict[Any, Kin], generation: int) -> list[list[Any]]:
    """People of a generation, each with their partners beside them; a man stands left of his only wife."""
    keys = [key for key in people if ties.generation.get(key) == generation]
    beside: dict[Any, list[Any]] = {key: [] for key in keys}
    for one, other in (c.partners for c in ties.couples if len(c.partners) == 2):
        if one in beside and other in beside:
            beside[one].append(other)
            beside[other].append(one)
    blocks, seen = [], set()
    for key in sorted(keys, key=lambda key: (-len(beside[key]), people[key].side != MALE)):
        if key in seen:
            continue
        partners = sorted(
            (other for other in beside[key] if other not in seen),
            key=lambda other: (not people[other].gone, _birth(people[other])),
        )
        block = [partners[0], key, *partners[1:]] if len(partners) > 1 else [key, *partners]
        seen.update(block)
        blocks.append(block)
    return blocks


def _in_order(ties: Ties, people: dict[Any, Kin]) -> list[list[list[Any]]]:
    """Rows of blocks from the eldest generation down, children under their parents from left to right."""
    rows: list[list[list[Any]]] = []
    above: list[list[Any]] = []
    parents_of = {child: couple for couple in ties.couples for child in couple.children}
    line = _line_of(ties.head, parents_of)
    for generation in range(min(ties.generation.values()), max(ties.generation.values()) + 1):
        blocks = _blocks(ties, people, generation)
        ranked = []
        for couple in sorted(ties.couples, key=lambda c: _left(c, above)):
            ages = sorted(couple.children, key=lambda key: (_elsewhere(key, blocks, parents_of), _birth(people[key])))
            ranked += [key for key in ages if ties.generation.get(key) == generation]
        rank = {key: index for index, key in enumerate(ranked)}
        rows.append([_turned(block, rank) for block in sorted(blocks, key=lambda b: _place_of(b, rank, line, people))])
        above = rows[-1]
    return rows


def _place_of(block: list[Any], rank: dict[Any, int], line: set[Any], people: dict[Any, Kin]) -> tuple[Any, ...]:
    """Under the parents, or behind those who have some: the head's own line first, then by birth."""
    return min(rank.get(key, len(rank)) for key in block), not line & set(block), _birth(people[block[0]])


def _line_of(head: Any, parents_of: dict[Any, Couple]) -> set[Any]:
    """The head and all before them."""
    line, waiting = set(), [head]
    while waiting:
        key = waiting.pop()
        if key not in line:
            line.add(key)
            waiting += parents_of[key].partners if key in parents_of else []
    return line


def _left(couple: Couple, above: Sequence[Sequence[Any]]) -> tuple[int, int]:
    flat = [key for block in above for key in block]
    places = [flat.index(key) for key in couple.partners if key in flat]
    return (0, min(places)) if places else (1, 0)


def _elsewhere(key: Any, blocks: Sequence[Sequence[Any]], parents_of: dict[Any, Couple]) -> bool:
    """Whether somebody beside this child is drawn under parents of their own, who then stand to the right."""
    block = next((block for block in blocks if key in block), [])
    return any(k in parents_of and parents_of[k] is not parents_of.get(key) for k in block)


def _turned(block: list[Any], rank: dict[Any, int]) -> list[Any]:
    """A couple with both pairs of parents above stands in their order."""
    if len(block) == 2 and all(key in rank for key in block):
        return sorted(block, key=lambda key: rank[key])
    return block


# WHAT IS DRAWN -------------------------------------------------------------

GENERATIONS = {-2: "祖辈", -1: "父辈", 0: "同辈", 1: "子辈", 2: "孙辈"}


@dataclass(frozen=True, slots=True)
class Said:
    """What else is said of somebody: notes under the symbol, an address, whether they carry a category."""

    notes: tuple[str, ...] = ()
    href: str = ""
    marked: bool = False
    name: str = ""


def lineage(ties: Ties, people: Sequence[Kin], said: dict[Any, Said]) -> Lineage:
    """What core.pedigree draws. The head has a double outline; former members are faint; absent ones dashed."""
    known = {kin.id: kin for kin in sorted(people, key=_birth)} | ties.missing
    figures = {
        key: _figure(kin, said.get(key, Said()), is_head=key == ties.head, missing=key in ties.missing)
        for key, kin in known.items()
    }
    unions = [Union(tuple(c.partners), tuple(c.children), frozenset(c.loose)) for c in ties.couples]
    rows = _in_order(ties, known) if ties.generation else []
    return Lineage(figures, rows, [u for u in unions if len(u.partners) == 2 or u.children], ties.aside)


def _figure(kin: Kin, said: Said, *, is_head: bool, missing: bool) -> Figure:
    shape = {MALE: SQUARE, FEMALE: CIRCLE}.get(kin.side, DIAMOND)
    name = said.name or kin.name
    notes = ("不在册",) if missing else said.notes
    return Figure(
        kin.id, name, shape, notes, died=kin.died is not None, faint=kin.gone, main=is_head and not missing,
        marked=said.marked, missing=missing, caption="，".join([name, *notes]), href=said.href,
    )  # fmt: skip


def in_words(ties: Ties, people: Sequence[Kin], said: dict[Any, Said]) -> str:
    """The same for those who cannot see it: generation by generation."""
    known = sorted(people, key=_birth)
    parts = []
    for generation in sorted(set(ties.generation.values())):
        named = [_told(kin, said) for kin in known if ties.generation.get(kin.id) == generation]
        if named:
            parts.append(f"{GENERATIONS.get(generation, '其他辈分')}：{'、'.join(named)}")
    aside = [_told(kin, said) for kin in known if kin.id in set(ties.aside)]
    if aside:
        parts.append(f"其他成员：{'、'.join(aside)}")
    return "；".join(parts)


def _told(kin: Kin, said: dict[Any, Said]) -> str:
    what = said.get(kin.id, Said())
    more = [*what.notes, *(["已去世"] if kin.died else []), *(["以前的成员"] if kin.gone else [])]
    return f"{what.name or kin.name}（{'，'.join(more)}）" if more else what.name or kin.name


# WHEN THE HEAD CHANGED -----------------------------------------------------

# How the head of old stands to somebody who then was this to them and is the head now.
_INVERSE: dict[str, tuple[str, str, str]] = {
    **dict.fromkeys(SPOUSES, (R.HUSBAND, R.WIFE, R.SPOUSE)),
    **dict.fromkeys(SONS | DAUGHTERS, (R.FATHER, R.MOTHER, R.PARENT)),
    **dict.fromkeys(GRANDCHILDREN, (R.GRANDPARENT, R.GRANDPARENT, R.GRANDPARENT)),
    **dict.fromkeys([R.FATHER, R.MOTHER, R.PARENT], (R.SON, R.DAUGHTER, R.OTHER)),
    **dict.fromkeys(SIBLINGS, (R.SIBLING, R.SIBLING, R.SIBLING)),
    R.DAUGHTER_IN_LAW: (R.FATHER_IN_LAW_OF_WIFE, R.MOTHER_IN_LAW_OF_WIFE, R.OTHER),
    R.SON_IN_LAW: (R.FATHER_IN_LAW, R.MOTHER_IN_LAW, R.OTHER),
}


def inverse(relation: str, sex: str) -> str:
    """How the head of old, of this sex, stands to the head of today, who was `relation` to them."""
    men, women, unknown = _INVERSE.get(relation, (R.OTHER, R.OTHER, R.OTHER))
    return {MALE: men, FEMALE: women}.get(sex, unknown)


def seen_from(was: str, relation: str) -> str:
    """How somebody stands to the head of today who stood as `relation` to the one before, `was` being what
    today's head was to that one. Where one word does not say it, 其他."""
    if was in SPOUSES and relation in SONS | DAUGHTERS | set(GRANDCHILDREN) | {R.SON_IN_LAW, R.DAUGHTER_IN_LAW}:
        return relation
    if was in SONS | DAUGHTERS:
        if relation in SONS | DAUGHTERS:
            return R.SIBLING
        if relation in SPOUSES:
            return R.PARENT
    return R.OTHER


def people_of(rows: Collection[Any], today: date) -> list[Kin]:
    """One Kin for each person of these memberships (with their `person`): as they stand now, or stood last.

    Where the head changed, what was said in relation to the head before is turned to the head of today.
    """
    latest: dict[UUID, Any] = {}
    for row in sorted(rows, key=lambda row: (row.holds_on(today), row.starts_on)):
        latest[row.person_id] = row
    head = next((row for row in latest.values() if row.relation == R.HEAD and row.holds_on(today)), None)
    return [_kin(row, _relation(row, head, rows), gone=not row.holds_on(today)) for row in latest.values()]


def _relation(row: Any, head: Any, rows: Collection[Any]) -> str:
    """The relation to the head of today. Of a former member, said when somebody else was head, it is turned."""
    last = row.ends_on
    if head is None or row is head or last is None or last >= head.starts_on:
        return str(row.relation)
    before = [one for one in rows if one.person_id == head.person_id and one.relation != R.HEAD and one.holds_on(last)]
    if not before:
        return str(row.relation) if row.relation != R.HEAD else str(R.OTHER)
    was = before[0].relation
    return str(inverse(was, row.person.sex) if row.relation == R.HEAD else seen_from(was, row.relation))


def _kin(row: Any, relation: str, *, gone: bool) -> Kin:
    person = row.person
    return Kin(row.person_id, person.name, person.sex, relation, person.birth_date, person.died_on, gone)
