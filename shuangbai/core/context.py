"""What every page knows about the installation."""

from typing import Any

from django.http import HttpRequest

from shuangbai.core import clock
from shuangbai.core.queries import installation_foot, installation_names


def installation(request: HttpRequest) -> dict[str, Any]:
    names = installation_names()
    return {
        "product_name": "双百",
        "city_name": names.city,
        "bureau_name": names.bureau,
        "foot": installation_foot(),
        "demo_day": clock.standing_day(),
        "today_on": clock.today(),
    }
