"""Every field that can say something about somebody is declared: personal, in its model, or plain, here.

Asked of are fields that take words (text without a list of choices, JSON, bytes, files, anything encrypted) and keys
to a family, a person or a record of service. A model whose PERSONAL is declared empty says of all its fields that they
are plain. Dates, numbers, switches and choices are plain unless their model says so.
Masking, exports, erasure and the sweep read these declarations. Needs django.setup(); asks no database.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.models import Field, Model

WORDS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)
ABOUT = {"households.Household", "households.Person", "services.ServiceRecord"}

# model: fields that say nothing about anybody served, and whose words are the institution's own
PLAIN: dict[str, str] = {
    "core.Installation": "city_name bureau_name key_id sponsor record_no site_code police_no phone address emblem",
    # Details hold no personal values: core/audit.py keeps those apart.
    "core.AuditEvent": "kind about_type about_id details salt commitment digest",
    "network.Area": "name",
    "network.AreaCode": "system edition code",
    "network.AreaAlias": "name",
    "network.OrgUnit": "code name path address phone",  # a station's, printed on its door
    "network.User": "username password",  # what one signs in with; the password is a hash
    "accounts.Policy": "factor_roles",  # roles, not people
    "households.Category": "code name group jinmin_code old_names",
    "households.CategoryList": "code name",
    "households.NumberingRule": "pattern",
    "households.GradeScheme": "code name",
    "households.GradeLevel": "code label modes",
    "households.FileNumbering": "fixed",
    "households.FamilyFile": "number household",  # a number that nobody outside can read
    "households.HouseholdStation": "household",
    "households.Residence": "household",
    "households.FindKey": "household",
    "households.HouseholdPair": "reasons doubts",  # sentences of ours: how many people agree, not who
    "services.Campaign": "code name",
    "services.RecordWorker": "record",
    "services.Contact": "record",
    "services.ServiceRecord": "place",  # of an activity: a hall, a square
    "activities.HeldWith": "record",
    "pictures.Picture": "subject",  # which kind of thing
    "lives.LifeChange": "steps",  # keys, days and codes; words stay in the rows' own history
    "lives.Erasure": "counts to_check",  # numbers, and keys of records
    "cases.Case": "number source kind close_reason",  # drawn by lot; codes of lists
    "cases.StageMove": "missing",  # codes of documents
    "cases.Closing": "reason months",
    "cases.CaseDraft": "page",  # which form
    "cases.CaseRule": "months",
    "resources.FamilyDraft": "page",  # which form
    "filings.Filing": "code trouble",  # a random code; a sentence of ours
    "codes.CodeList": "code",
    "codes.CodeItem": "code base label",
    "codes.Decision": "subject item name what was became reason",  # about lists, not about people
    "feedback.Feedback": "page",
    "ledgers.Dealing": "digest",  # of a whole workbook
    "ledgers.Import": "digest",  # of a whole workbook
    "ledgers.ImportedRow": "sheet",  # what a sheet of a workbook is called
    "ledgers.Made": "what",  # a table's name
    "planning.OpeningBalance": "code title document_no",  # a figure, and the document that states it
    "planning.ReportedForm": "name asker",  # a form, and the office that demands it
    "resources.Resource": "name provider initials kind needs covers conditions",  # what there is, for whoever needs it
    "resources.ResourceLink": "unit subject",  # 袋、次、小时
    "visits.GridDraft": "page",  # which page, or the key of a list
    "visits.Visit": "mode result purpose followup",  # codes of lists
    "volunteers.Volunteer": "times",  # codes: weekday, evening
    "volunteers.Team": "name kind",
    "volunteers.Organisation": "name number",
    "volunteers.TeamService": "record title",
    "volunteers.VolunteerHours": "record",
    "volunteers.TeamReport": "title place record",  # as of TeamService
    "volunteers.Certificate": "number",
    "activities.Series": "name",
    "counter.Consultation": "record topic",
    "counter.StockItem": "name unit note",
    "counter.StockMove": "receipt_no",
    "counter.Venue": "name address hours",  # a public place
    "counter.VenueItem": "name",
    "counter.VenueCheck": "note found",  # of equipment
    "counter.VenueUse": "record",
    "counter.Handout": "record title",  # what a leaflet is called
    # Budget: items and money; tally: counts; the tokens are addresses that the station itself prints.
    "events.Event": "title kind series place partners audience budget token say_token tally",
    "events.SignUp": "secret",  # an address, known to whoever signed up
    "activities.Activity": "record title partners kind",
    "groups.Group": "title kind place theory plan budget_note measure satisfaction",  # counts, nobody named
    "groups.GroupSession": "record guests",  # counts
    "groups.Attendance": "record",
    "projects.Project": "title place token",  # what is built, and where
    "projects.Milestone": "title",
    "projects.LedgerLine": "unit receipt",
    "projects.Meeting": "record kind",
    "projects.ProblemBox": "token",
    "projects.Problem": "token",  # of an address; it names nobody
    "surveys.Survey": "methods",  # codes
}


def _models() -> Iterator[type[Model]]:
    """Our own, without the tables of history: they repeat their model's fields and its declarations."""
    for model in apps.get_models():
        if model._meta.app_config.name.startswith("shuangbai.") and not hasattr(model, "history_date"):
            yield model


def personal(model: type[Model]) -> frozenset[str]:
    return frozenset(getattr(model, "PERSONAL", ()))


def _asked(field: Field) -> bool:
    if field.is_relation:
        target = field.related_model
        return not isinstance(target, str) and target is not None and target._meta.label in ABOUT
    return isinstance(field, WORDS) and not field.choices


def undeclared() -> list[str]:
    """Fields that say something and of which nobody has said what."""
    complaints = []
    for model in _models():
        if "PERSONAL" in vars(model) and not personal(model):
            continue
        plain = set(PLAIN.get(model._meta.label, "").split())
        fields = {field.name: field for field in model._meta.concrete_fields}
        for name, field in fields.items():
            both = name in personal(model), name in plain
            where = f"{model._meta.label}.{name}"
            if _asked(field) and not any(both):
                complaints.append(f"{where}: put it into PERSONAL of its model or into PLAIN in checks/personal.py")
            if all(both):
                complaints.append(f"{where}: both personal and plain")
            if type(field).__name__.startswith("Encrypted") and not both[0]:
                complaints.append(f"{where}: encrypted, so it is personal")
        complaints += [f"{model._meta.label}: declares {name}, which is no field" for name in plain - set(fields)]
        complaints += [
            f"{model._meta.label}: declares {name}, which is no field" for name in personal(model) - set(fields)
        ]
    known = {model._meta.label for model in _models()}
    return [*complaints, *(f"checks/personal.py: {label} is no model" for label in set(PLAIN) - known)]


ALL = (undeclared,)
