"""Model fields of no particular room."""

from typing import Any

from django.db import models

from shuangbai.core.crypto import decrypt, encrypt


class EncryptedTextField(models.TextField):
    """Text that is encrypted in the database and plain in Python. The empty string stays empty.

    `purpose` binds a value to its field, in history tables too. It cannot be filtered on: look up a
    keyed hash beside it.
    """

    def __init__(self, *args: Any, purpose: str = "", **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "purpose": self.purpose}

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return encrypt(value, self.purpose) if value else value

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return decrypt(value, self.purpose) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None
