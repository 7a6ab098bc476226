"""What every page knows about the installation."""

from typing import Any

from django.http import HttpRequest

from shuangbai.core import clock, maintenance
from shuangbai.core.queries import installation_foot, installation_names

TEXT_SIZE, LARGE = "textsize", "large"


def large_type(request: HttpRequest) -> bool:
    """大字: kept in a cookie of this browser; asking it needs neither a session nor the database."""
    return request.COOKIES.get(TEXT_SIZE) == LARGE


def installation(request: HttpRequest) -> dict[str, Any]:
    names = installation_names()
    return {
        "product_name": "双百",
        "city_name": names.city,
        "bureau_name": names.bureau,
        "foot": installation_foot(),
        "demo_day": clock.standing_day(),
        "today_on": clock.today(),
        "maintenance": maintenance.notice(),
        "large_type": large_type(request),
    }
