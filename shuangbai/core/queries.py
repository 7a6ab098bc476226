"""Reading the installation's own row."""

from functools import lru_cache
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model

from shuangbai.core import keys
from shuangbai.core.models import AuditEvent, Installation


class Names(NamedTuple):
    city: str
    bureau: str


@lru_cache(maxsize=1)
def installation_names() -> Names:
    """The city's and the bureau's names; empty before the first run. Kept for the life of the process."""
    row = Installation.objects.values_list("city_name", "bureau_name").first()
    return Names(*row) if row else Names("", "")


def forget() -> None:
    installation_names.cache_clear()


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
