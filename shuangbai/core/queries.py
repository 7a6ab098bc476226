"""Reading the installation's own row."""

import time
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model

from shuangbai.core import keys
from shuangbai.core.models import AuditEvent, Installation

TRUSTED_SECONDS = 3.0


class Names(NamedTuple):
    """The city's and the bureau's names. `founding`: there is no city yet whose first run has ended."""

    city: str
    bureau: str
    founding: bool


class Foot(NamedTuple):
    """What stands at the foot of pages, and the emblem above a report; '' for what the city does not give."""

    sponsor: str = ""
    record_no: str = ""
    site_code: str = ""
    police_no: str = ""
    phone: str = ""
    address: str = ""
    emblem: str = ""

    @property
    def lines(self) -> list[str]:
        """As they are printed, those that are given."""
        said = [
            ("主办：", self.sponsor), ("备案号：", self.record_no), ("网站标识码：", self.site_code),
            ("公安备案号：", self.police_no), ("电话：", self.phone), ("地址：", self.address),
        ]  # fmt: skip
        return [f"{label}{value}" for label, value in said if value]


# What the installation's row prints, and in which span of TRUSTED_SECONDS it was read.
_kept: list[tuple[int, Names, Foot]] = []


def _printed() -> tuple[Names, Foot]:
    """The row, read once in a span of TRUSTED_SECONDS: another process may change it.

    Until the first run has ended it is read each time: the process that ends it may be another.
    """
    span = int(time.monotonic() // TRUSTED_SECONDS)
    for then, names, foot in _kept[:1]:  # a copy: other threads replace what is kept
        if then == span:
            return names, foot
    row = Installation.objects.values_list("city_name", "bureau_name", "founding", *Foot._fields).first()
    names, foot = (Names(*row[:3]), Foot(*row[3:])) if row else (Names("", "", True), Foot())
    _kept[:] = [] if names.founding else [(span, names, foot)]
    return names, foot


def installation_names() -> Names:
    """The city's and the bureau's names; empty before the first run."""
    return _printed()[0]


def installation_foot() -> Foot:
    return _printed()[1]


def forget() -> None:
    _kept.clear()


def check_keys() -> None:
    """Raise ImproperlyConfigured, in one line, where this database's key is not at hand. Its tables must be there."""
    key_id = Installation.objects.values_list("key_id", flat=True).first()
    if key_id and key_id not in keys.keyring().by_id:
        raise ImproperlyConfigured(
            f"密钥文件里没有本库使用的密钥 {key_id}：身份证号、电话和住址读不出来。请从备份恢复密钥文件。"
        )


def latest_change(of: Model) -> AuditEvent | None:
    """The newest entry of the trail about a row: who touched it last, and when by the city's clock."""
    about = AuditEvent.objects.filter(about_type=of._meta.label_lower, about_id=str(of.pk))
    return about.order_by("-at", "-id").first()
