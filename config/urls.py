"""Every address, room by room."""

from importlib import import_module

from shuangbai.core.routes import ByFirstPart

ROOMS = [
    "desk",
    "ledgers",
    "campaigns",
    "filings",
    "planning",
    "safeguarding",
    "reports",
    "lives",
    "rounds",
    "events",
    "projects",
    "surveys",
    "counter",
    "resources",
    "assistance",
    "stories",
    "cases",
    "scales",
    "volunteers",
    "groups",
    "followups",
    "dossier",
    "visits",
    "activities",
    "pictures",
    "services",
    "households",
    "upkeep",
    "feedback",
    "codes",
    "accounts",
    "network",
    "core",
]
urlpatterns = [ByFirstPart(*(import_module(f"shuangbai.{room}.urls").urlpatterns for room in ROOMS))]

handler400 = "shuangbai.core.views.bad_request"
handler500 = "shuangbai.core.views.server_error"
