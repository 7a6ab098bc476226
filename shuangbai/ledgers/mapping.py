"""What each column means: the header's words and the look of the values weighed together, solved for all at once.

Every pair of a column and a field gets a score; the assignment with the largest sum wins, each field once (some
twice), a column without a convincing field none. Each answer comes with its confidence and a reason in words.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shuangbai.ledgers.enums import FIELDS, OF_VOLUNTEERS, Kind, Shape
from shuangbai.ledgers.headers import NONE, SAYS_NOTHING, Label, Meaning, meanings, tidy
from shuangbai.ledgers.looks import Look, fit
from shuangbai.ledgers.words import TITLES

_OF_WORKERS = frozenset({"visit.worker", "household.worker"})
LEAST = 0.5  # below it a column has no field
_EACH_ANOTHER = frozenset({"person.name", "household.head_name"})
_MANY, _HARDLY_ANY = 10, 0.12
_ALL_BUT = 0.8
_FOLLOW_UP = re.compile(r"随访(?:日期|时间|方式|情况|内容|记录)")
_SOME = 5
_SECOND = 0.1  # a second column of one field must be that much surer
_ROOMS = {
    Kind.VISITS: {"visit", "household", "person"},
    Kind.HOUSEHOLDS: {"household", "person"},
    Kind.PERSONS: {"household", "person"},
    Kind.ROSTER: {"household", "person"},
    Kind.ACTIVITIES: {"activity"},
    Kind.VOLUNTEERS: {"volunteer", "person", "household"},
}
# What is recognised without a header, and how sure that is.
_SELF_TELLING = {
    Shape.ID: 0.9, Shape.PHONE: 0.8, Shape.SEX: 0.85, Shape.RELATION: 0.8, Shape.ETHNICITY: 0.8, Shape.VILLAGE: 0.75,
    Shape.DATE: 0.7, Shape.NAME: 0.7, Shape.EDUCATION: 0.75, Shape.MARITAL: 0.7, Shape.CATEGORY: 0.7, Shape.TIME: 0.7,
    Shape.DISABILITY: 0.65, Shape.MODE: 0.65, Shape.RESULT: 0.62, Shape.LONG: 0.62,
}  # fmt: skip
# Of two fields whose values look alike, which one a sheet of this kind means when nothing else tells.
_USUAL = {
    Kind.VISITS: {
        "visit.date",
        "household.phone",
        "household.head_name",
        "visit.mode",
        "visit.result",
        "visit.narrative",
        "visit.worker",
    },
    Kind.HOUSEHOLDS: {"person.name", "person.birth_date", "household.phone", "household.head_name"},
    Kind.PERSONS: {"person.name", "person.birth_date", "person.phone"},
    Kind.ROSTER: {"person.name", "person.birth_date", "person.phone"},
    Kind.ACTIVITIES: {"activity.date"},
    Kind.VOLUNTEERS: {"person.name", "person.birth_date", "person.phone"},
}
_NEEDED: dict[Kind, list[tuple[str, ...]]] = {
    Kind.VISITS: [
        ("visit.date",),
        ("household.head_name", "person.name"),
        ("household.village",),
        ("visit.narrative",),
    ],
    Kind.HOUSEHOLDS: [("household.head_name", "person.name"), ("household.village",)],
    Kind.PERSONS: [("person.name", "household.head_name"), ("person.id_number",), ("household.village",)],
    Kind.ROSTER: [("person.name", "household.head_name"), ("person.id_number",), ("household.village",)],
    Kind.ACTIVITIES: [("activity.date",)],
    Kind.VOLUNTEERS: [("person.name",), ("person.id_number",)],
}
_STRONG = ("volunteer.team", "volunteer.hours", "volunteer.number")  # which hardly another list has
_SEEN = {
    Shape.ID: "像身份证号", Shape.PHONE: "像电话", Shape.DATE: "像日期", Shape.TIME: "像钟点", Shape.SEX: "是男女",
    Shape.NAME: "像人名", Shape.VILLAGE: "是村（社区）名", Shape.RELATION: "是亲属关系", Shape.ETHNICITY: "是民族",
    Shape.EDUCATION: "是文化程度", Shape.MARITAL: "是婚姻状况", Shape.CATEGORY: "是对象类别", Shape.MODE: "是走访方式",
    Shape.RESULT: "是走访结果", Shape.DISABILITY: "是残疾类别等级", Shape.COUNT: "是人数", Shape.GRADE: "是级别",
    Shape.FILE_NO: "像编号", Shape.ADDRESS: "像地址", Shape.LONG: "是成段的文字", Shape.GROUP: "像小组名",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """What a sheet shows of a column."""

    label: Label
    look: Look


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column is taken to mean, how sure that is (0 to 1), and why, for the person who decides."""

    field: str | None
    confidence: float
    reason: str


def map_columns(columns: Sequence[Column], kind: Kind) -> list[Guess]:
    """The meaning of each column of a sheet of this kind."""
    fields = [name for name, field in FIELDS.items() if field.room in _ROOMS[kind]]
    if kind is Kind.VOLUNTEERS:
        fields = [name for name in fields if name in OF_VOLUNTEERS]
    slots = fields + [name for name in fields if FIELDS[name].shared]
    said = _of_follow_ups(columns, [meanings(column.label) for column in columns])
    scores = [
        [
            _score(column, meaning, name, kind) - (_SECOND if number >= len(fields) else 0)
            for number, name in enumerate(slots)
        ]
        for column, meaning in zip(columns, said, strict=True)
    ]
    chosen = assign([[max(0.0, score - LEAST) for score in row] for row in scores])
    guesses = []
    for column, meaning, row, slot in zip(columns, said, scores, chosen, strict=True):
        if slot is None:
            guesses.append(Guess(None, *_why_none(column, meaning)))
        else:
            name = slots[slot]
            guesses.append(Guess(name, round(min(1.0, row[slot]), 2), _why(column, meaning.get(name), name)))
    guesses = _with_villages(columns, _without_words_of_none(columns, guesses))
    return _without_others_ids(columns, _with_needed(columns, said, guesses, kind))


def _without_words_of_none(columns: Sequence[Column], guesses: list[Guess]) -> list[Guess]:
    """Beside a column of categories another in which no cell names one is a note: 困难情形 in free words."""
    named = [n for n, guess in enumerate(guesses) if guess.field == "person.categories"]
    if not any(columns[n].look.of(Shape.CATEGORY) >= 0.5 for n in named):
        return guesses
    return [
        Guess(None, 0.6, "下面的内容没有一个是对象类别，原样作为备注保留")
        if n in named and columns[n].look.count >= _SOME and not columns[n].look.of(Shape.CATEGORY)
        else guess
        for n, guess in enumerate(guesses)
    ]


def _of_follow_ups(columns: Sequence[Column], said: list[dict[str, Meaning]]) -> list[dict[str, Meaning]]:
    """随访人员 came along with another, save where the visits themselves are called 随访."""
    words = [tidy(column.label.text) for column in columns]
    if not any(_FOLLOW_UP.fullmatch(word) for word in words):
        return said
    return [
        {**found, "visit.worker": Meaning(1.0, word), "visit.companions": Meaning(0.5, word)}
        if word in ("随访人", "随访人员")
        else found
        for word, found in zip(words, said, strict=True)
    ]


def _with_villages(columns: Sequence[Column], guesses: list[Guess]) -> list[Guess]:
    """住址 over nothing but names of villages, on a sheet that has no other column of them, is the village."""
    if any(guess.field == "household.village" for guess in guesses):
        return guesses
    return [
        Guess("household.village", guess.confidence, "没有别的村居列，下面的内容都是村（社区）名")
        if guess.field == "household.address"
        and column.look.of(Shape.VILLAGE) >= _ALL_BUT
        and column.look.of(Shape.ADDRESS) < 1 - _ALL_BUT
        else guess
        for column, guess in zip(columns, guesses, strict=True)
    ]


def _with_needed(
    columns: Sequence[Column], said: Sequence[Mapping[str, Meaning]], guesses: list[Guess], kind: Kind
) -> list[Guess]:
    """What a ledger of this kind cannot do without, if no column has it: the one left over whose values suit best."""
    for alternatives in _NEEDED[kind]:
        if any(guess.field in alternatives for guess in guesses):
            continue
        name = alternatives[0]
        shape = FIELDS[name].shape
        left = [
            (columns[n].look.of(shape), n)
            for n, guess in enumerate(guesses)
            if guess.field is None and columns[n].look.count and (said[n][NONE].score if NONE in said[n] else 0.0) < 0.7
            and _suits(name, columns[n].look) >= (0.6 if FIELDS[name].shape is Shape.LONG else 0.7)
        ]  # fmt: skip
        if left:
            share, column = max(left, key=lambda pair: (pair[0], -pair[1]))
            guesses[column] = Guess(
                name, round(0.55 * share, 2), f"下面的内容{_SEEN[shape]}，别的列都不是{FIELDS[name].label}"
            )
    return guesses


def _score(column: Column, said: Mapping[str, Meaning], name: str, kind: Kind) -> float:
    field, look = FIELDS[name], column.look
    suits = _suits(name, look)
    if name == "household.file_no" and kind is Kind.VISITS and look.is_numbered:
        suits = -0.8  # a new number on every line is the visit's, not the family's
    usual = 0.03 if name in _USUAL[kind] else 0.0
    header = said[name].score if name in said else 0.0
    if max((meaning.score for meaning in said.values()), default=0.0) < SAYS_NOTHING:
        return _by_look_alone(column, name, suits, kind) + usual
    # What has no field in other ledgers has one in a list of volunteers.
    none = said[NONE].score if NONE in said and field.room != "volunteer" else 0.0
    if name == "activity.village" and look.count >= 3 and look.of(Shape.VILLAGE) < 0.3:
        return 0.0  # a hall or a square
    if name in _EACH_ANOTHER and header < 0.95 and look.count >= _SOME and not look.of(Shape.NAME):
        return 0.0  # 参加对象 over 儿童 and 长者 names nobody
    if suits <= -0.9 or (
        none > header and none > 0.7 and not (suits > 0.8 and field.shape is Shape.ID and header > 0.7)
    ):
        return 0.0
    score = 0.8 * header + 0.2 * suits + usual
    if none and none >= header - 0.02:  # 编号, 地点 and the like may mean nothing to us
        score -= 0.15 * none
    elif field.shape in _SELF_TELLING and suits > 0.7 and 0.2 < header < 0.7 and none < 0.6:
        score += 0.12
    return score


def _suits(name: str, look: Look) -> float:
    """How well the values suit a field. Where the station's workers are known, their names tell whose column it is."""
    suits = fit(FIELDS[name].shape, look)
    if name in _EACH_ANOTHER and look.count >= _MANY and look.distinct <= _HARDLY_ANY:
        suits = min(suits, -0.5)  # 关系建立 down the whole column is nobody's name
    if look.staff is None or look.count < (2 if look.staff == 1.0 else 3) or FIELDS[name].shape is not Shape.NAME:
        return suits
    if name in _OF_WORKERS:
        return 1.0 if look.staff >= 0.6 else min(suits, 0.0) if look.staff >= 0.2 else -0.5
    return -1.0 if look.staff >= 0.6 and name != "visit.companions" else suits


def _by_look_alone(column: Column, name: str, suits: float, kind: Kind) -> float:
    """Where the header says nothing, or there is none: only what can hardly be something else."""
    shape = FIELDS[name].shape
    if column.look.count < 2:
        return 0.0
    telling = _SELF_TELLING.get(shape, 0.0) * max(0.0, suits)
    if not column.label.text:
        return telling
    if name in ("visit.worker", "visit.companions"):
        return 0.9 * telling * (column.look.staff or 0.0)
    if name in _USUAL[kind] or shape in (Shape.ID, Shape.SEX, Shape.RELATION, Shape.ETHNICITY, Shape.VILLAGE):
        return 0.9 * telling
    return 0.0


def _why(column: Column, meaning: Meaning | None, name: str) -> str:
    field = FIELDS[name]
    parts = []
    if column.label.text and meaning and meaning.score > 0.3:
        head = f"{column.label.group}·{column.label.text}" if column.label.group else column.label.text
        exact = meaning.score >= 0.97
        parts.append(f"表头「{head}」就是{field.label}" if exact else f"表头「{head}」与「{meaning.wording}」相近")
    if _suits(name, column.look) >= 0.5 and field.shape in _SEEN:
        parts.append(f"下面的内容{_SEEN[field.shape]}")
    return "，".join(parts) or f"只有它还可能是{field.label}"


def _why_none(column: Column, said: Mapping[str, Meaning]) -> tuple[float, str]:
    none = said[NONE].score if NONE in said else 0.0
    if not column.label.text and not column.look.count:
        return 1.0, "空列"
    if none >= 0.7:
        return round(min(1.0, none), 2), "系统没有这一项，原样作为备注保留"
    return 0.5, "看不出是哪一项，原样作为备注保留"


def _without_others_ids(columns: Sequence[Column], guesses: list[Guess]) -> list[Guess]:
    """Beside a person's own number, that of a guardian or of the head has no field; 户主 is told by the header."""
    own = [n for n, guess in enumerate(guesses) if guess.field == "person.id_number"]
    if len(own) == 1 and any(guess.field == "person.name" for guess in guesses):
        label = columns[own[0]].label
        words = tidy(label.group) + tidy(label.text)
        others = [n for n, c in enumerate(columns) if n != own[0] and c.look.of(Shape.ID) > 0.5]
        if words.startswith(("户主", "户代表")) and others:
            guesses[own[0]] = Guess(None, 0.7, "户主的身份证号，不是本人的，原样作为备注保留")
    return guesses


def assign(gains: Sequence[Sequence[float]]) -> list[int | None]:
    """For each row the column that makes the sum of gains largest, each column once; None where there is no gain.

    The Hungarian method on costs, with a free place for every row.
    """
    if not gains:
        return []
    rows, columns = len(gains), len(gains[0]) + len(gains)
    costs = [[-gain for gain in row] + [0.0] * rows for row in gains]
    row_price, column_price = [0.0] * (rows + 1), [0.0] * (columns + 1)
    owner = [0] * (columns + 1)
    for row in range(1, rows + 1):
        owner[0] = row
        _augment(costs, owner, row_price, column_price)
    chosen: list[int | None] = [None] * rows
    for column in range(1, len(gains[0]) + 1):
        if owner[column] and gains[owner[column] - 1][column - 1] > 0:
            chosen[owner[column] - 1] = column - 1
    return chosen


def _augment(
    costs: Sequence[Sequence[float]], owner: list[int], row_price: list[float], column_price: list[float]
) -> None:
    """Give one more row a column, moving others along the cheapest path."""
    size = len(owner)
    least, before, used = [float("inf")] * size, [0] * size, [False] * size
    at = 0
    while owner[at]:
        used[at] = True
        row, nearest, best = owner[at], 0, float("inf")
        for column in range(1, size):
            if used[column]:
                continue
            cost = costs[row - 1][column - 1] - row_price[row] - column_price[column]
            if cost < least[column]:
                least[column], before[column] = cost, at
            if least[column] < best:
                best, nearest = least[column], column
        for column in range(size):
            if used[column]:
                row_price[owner[column]] += best
                column_price[column] -= best
            else:
                least[column] -= best
        at = nearest
    while at:
        owner[at] = owner[before[at]]
        at = before[at]


_NAMED_SO, _HEADED = 3.0, 1.5  # how much it says that a sheet, or a column, is called after volunteers


# THE KIND ----------------------------------------------------------------------


def likelihoods(columns: Sequence[Column], words: Sequence[str]) -> dict[Kind, float]:
    """How well each kind explains a sheet. `words`: titles, the sheet's and the file's name."""
    scored = {}
    for kind in Kind:
        guesses = map_columns(columns, kind)
        found = {guess.field: guess.confidence for guess in guesses if guess.field}
        explained = _explains_volunteers(found) if kind is Kind.VOLUNTEERS else _explains(kind, found)
        scored[kind] = explained + _titled(kind, words)
        if kind is Kind.HOUSEHOLDS and _once_a_family(columns, guesses):
            scored[kind] += 1.0
        if kind is Kind.ROSTER and _all_listed(columns, guesses):
            scored[kind] += 0.2
    if any(word in column.label.text for column in columns for word in TITLES[Kind.VOLUNTEERS].split()):
        scored[Kind.VOLUNTEERS] += _HEADED
    return scored


def _filled(columns: Sequence[Column], guesses: Sequence[Guess]) -> dict[str | None, int]:
    """In how many cells of each field's column something stands."""
    return {guess.field: column.look.count for column, guess in zip(columns, guesses, strict=True)}


def _once_a_family(columns: Sequence[Column], guesses: Sequence[Guess]) -> bool:
    """Whether heads stand in far fewer cells than members: each over all the rows of a family."""
    count = _filled(columns, guesses)
    members = count.get("person.name", 0)
    return "person.relation" in count and 0 < count.get("household.head_name", 0) <= 0.75 * members


def _all_listed(columns: Sequence[Column], guesses: Sequence[Guess]) -> bool:
    """Whether everybody carries a category, as on a list of those to whom it is given."""
    count = _filled(columns, guesses)
    return 0 < count.get("person.name", 0) <= count.get("person.categories", 0)


def _titled(kind: Kind, words: Sequence[str]) -> float:
    text = " ".join(words)
    if kind is Kind.VOLUNTEERS:
        return _NAMED_SO if any(word in text for word in TITLES[kind].split()) else 0.0
    return min(2.0, sum(word in text for word in TITLES[kind].split()))


def _explains_volunteers(found: Mapping[str, float]) -> float:
    """Without a name that says so, a list needs two columns that hardly another list has."""
    if "person.name" not in found:
        return -5.0
    about = sum(score for name, score in found.items() if name.startswith(("person.", "household.")))
    own = sum(
        score * (1.2 if name in _STRONG else 0.3) for name, score in found.items() if name.startswith("volunteer.")
    )
    return 0.35 * about + own - 1.5


def _explains(kind: Kind, found: Mapping[str, float]) -> float:
    of = found.get
    visit = [name for name in found if name.startswith("visit.") and name not in ("visit.date", "visit.time")]
    about = [name for name in found if name.startswith(("person.", "household."))]
    if kind is Kind.VISITS:
        own = sum(found[name] for name in visit)
        if not {"household.head_name", "person.name", "household.file_no"} & set(found):
            own -= 1.5  # somebody is visited
        return 2.5 * of("visit.date", 0) + own if "visit.date" in found or own >= 2.5 else -5.0
    if kind is Kind.ACTIVITIES:
        counts = max(of("activity.persons", 0), of("activity.person_times", 0))
        if "activity.name" not in found or not (counts or "activity.date" in found):
            return -5.0
        return (
            2 * found["activity.name"]
            + of("activity.date", 0)
            + 2 * counts
            + of("activity.kind", 0)
            + of("activity.volunteers", 0)
        )
    if not {"person.name", "household.head_name"} & set(found):
        return -5.0
    score = 0.35 * sum(found[name] for name in about)
    if kind is Kind.HOUSEHOLDS:
        weights = {
            "household.file_no": 1.5,
            "household.opened_on": 1.5,
            "household.grade": 1.0,
            "household.worker": 1.0,
        }
        score += sum(weight * of(name, 0) for name, weight in weights.items())
        score += 0.0 if "person.name" in found else 1.0  # a row a family
        return score + (0.8 if of("household.head_name") and (of("person.name") and of("person.relation")) else 0.0)
    if kind is Kind.ROSTER:
        return score + 0.9 * max(of("person.categories", 0), of("person.disability", 0)) + 0.3
    return score + 0.5
