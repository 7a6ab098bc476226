"""What a change of life did to rows, kept so that a slip can be taken back whole.

The journal itself says nothing about anybody: of words about people it keeps the line of the row's own history in
which they stand (docs/adr/0040).
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import ProtectedError

from shuangbai.core.bulk import insert, sign
from shuangbai.core.fields import EncryptedTextField
from shuangbai.households.finding import refresh_find_keys
from shuangbai.households.standing import rewrite_standing

Step = dict[str, Any]


class Journal:
    """Writes rows and remembers how to take it back; `settle` brings in order what follows from them."""

    def __init__(self, by: Any) -> None:
        self.by = by
        self.steps: list[Step] = []
        self.households: set[UUID] = set()
        self.people: set[UUID] = set()

    def change(self, row: Any, **values: Any) -> None:
        """Set fields of a row and save it. Nothing that stays as it was is written."""
        fields = {_field(row, name): value for name, value in values.items()}
        fresh = {field: value for field, value in fields.items() if getattr(row, field.attname) != _key(value)}
        if not fresh:
            return
        line = _latest_line(row)
        was = {f.attname: _plain(row, f, getattr(row, f.attname), line) for f in fresh}
        for field, value in fresh.items():
            setattr(row, field.attname, _key(value))
        if hasattr(row, "version"):
            row.version += 1
        sign(row, by=self.by)
        row.save()
        now = _latest_line(row)
        became = {f.attname: _plain(row, f, getattr(row, f.attname), now) for f in fresh}
        self._note("changed", row, was=was, became=became)

    def make(self, row: Any) -> Any:
        if row._meta.auto_field:  # a key that the database counts up is known only after saving
            row.save(force_insert=True)
        else:
            insert([row], by=self.by)
        self._note("made", row)
        return row

    def _note(self, what: str, row: Any, **more: Any) -> None:
        self.steps.append({"what": what, "model": row._meta.label_lower, "key": str(row.pk), **more})
        self.touch(row)

    def touch(self, row: Any) -> None:
        """What counts anew because of this row."""
        if row._meta.model_name == "household":
            self.households.add(row.pk)
        if row._meta.model_name == "person":
            self.people.add(row.pk)
        self.households |= {row.household_id} if getattr(row, "household_id", None) else set()
        self.people |= {row.person_id} if getattr(row, "person_id", None) else set()

    def settle(self, first: date) -> None:
        """What is found and what is counted, from the day of the change on."""
        refresh_find_keys(list(self.households))
        rewrite_standing(household_ids=self.households, person_ids=self.people, first=first, last=None)


def _field(row: Any, name: str) -> Any:
    return row._meta.get_field(name)


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _latest_line(row: Any) -> Any:
    """The newest line of the row's history, by its key; None where the model keeps none."""
    if not hasattr(row, "history"):
        return None
    return row.history.order_by("-history_date", "-history_id").values_list("history_id", flat=True).first()


def _of_somebody(row: Any, field: Any) -> bool:
    """Whether the field's words are about somebody: they stay in the row's history and out of the journal."""
    words = isinstance(field, models.CharField | models.TextField | EncryptedTextField) and not field.choices
    return words and field.name in getattr(row, "PERSONAL", ())


def _plain(row: Any, field: Any, value: Any, line: Any) -> Any:
    if _of_somebody(row, field):
        return {"line": line}
    if value is None or isinstance(value, bool | int):
        return value
    return str(value)


def _said(row: Any, attname: str, kept: Any) -> Any:
    """The value that a journal's entry stands for."""
    field = next(f for f in row._meta.concrete_fields if f.attname == attname)
    if isinstance(kept, dict):
        return row.history.values_list(attname, flat=True).filter(history_id=kept["line"]).first()
    target = field.target_field if field.is_relation else field
    return target.to_python(kept)


def changed_since(steps: list[Step]) -> list[str]:
    """The rows, as people call them, that are not as the journal left them."""
    found, seen = [], set()
    for step in reversed(steps):
        row = _row(step)
        if row is None:
            found.append(_called(step))
            continue
        for attname, kept in step.get("became", {}).items():
            if (step["model"], step["key"], attname) in seen:
                continue
            seen.add((step["model"], step["key"], attname))
            if getattr(row, attname) != _said(row, attname, kept):
                found.append(_called(step))
    return list(dict.fromkeys(found))


ROW_WORDS = {
    "households.household": "家庭资料", "households.person": "人员资料", "households.membership": "家庭成员",
    "households.tag": "类别", "households.familyfile": "档案", "households.fileworker": "负责社工",
    "households.filegrade": "跟进级别", "households.filepause": "暂停跟进", "households.householdstation": "服务站",
    "households.residence": "住处", "followups.task": "跟进事项",
}  # fmt: skip


def _called(step: Step) -> str:
    return ROW_WORDS.get(step["model"], "有关资料")


def _row(step: Step) -> Any:
    return apps.get_model(step["model"])._base_manager.filter(pk=step["key"]).first()


def take_back(steps: list[Step], by: Any) -> Journal:
    """Undo the steps, the last first. Raises ProtectedError where something hangs on a row that was made."""
    journal = Journal(by)
    for step in reversed(steps):
        row = _row(step)
        journal.touch(row)
        sign(row, by=by, reason="撤销家庭变化")
        if step["what"] == "made":
            _forget_keys(row)
            journal.households.discard(row.pk)
            row.delete()
            continue
        for attname, kept in step["was"].items():
            setattr(row, attname, _said(row, attname, kept))
        if hasattr(row, "version"):
            row.version += 1
        row.save()
    gone = {step["key"] for step in steps if step["what"] == "made"}
    journal.households = {key for key in journal.households if str(key) not in gone}
    return journal


def _forget_keys(row: Any) -> None:
    if row._meta.model_name == "household":
        row.find_keys.all().delete()


def holders(error: ProtectedError) -> list[str]:
    """What hangs on a row that cannot go, as people call it."""
    names = {str(one._meta.verbose_name) for one in error.protected_objects}
    known = {"service record": "服务记录", "family file": "档案", "tag": "类别", "standing": "服务记录"}
    return sorted({known.get(name, "其他资料") for name in names})
