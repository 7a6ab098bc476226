"""Writes of the dated lists: categories, and the lists of categories that figures count by."""

import json
from datetime import date
from pathlib import Path

from shuangbai.core.actions import action
from shuangbai.households.models import Category, CategoryList, CategoryListItem

CATEGORIES = Path(__file__).parent / "data" / "categories.json"
CLIENTS, CLIENTS_NAME = "civil", "民政对象"
ALWAYS = date(1949, 10, 1)


@action
def load_categories(*, path: Path = CATEGORIES) -> int:
    """Load the category list that the product ships (domain 4.1), and 民政对象 from it.

    Codes already there are left alone. Returns the number of categories added.
    """
    rows = json.loads(path.read_text(encoding="utf-8"))
    known = set(Category.objects.values_list("code", flat=True))
    fields = ("code", "name", "group", "unit", "statutory", "jinmin_code", "old_names", "min_age", "max_age")
    made = Category.objects.bulk_create(
        Category(
            **{name: row[name] if row[name] is not None else "" if name == "jinmin_code" else None for name in fields},
            starts_on=row["starts_on"] or ALWAYS,
            ends_on=row["ends_on"],
            position=position,
        )
        for position, row in enumerate(rows, start=1)
        if row["code"] not in known
    )
    clients, _ = CategoryList.objects.get_or_create(code=CLIENTS, defaults={"name": CLIENTS_NAME})
    on_list = {row["code"] for row in rows if row["civil"]}
    CategoryListItem.objects.bulk_create(
        CategoryListItem(list=clients, category=category, starts_on=ALWAYS)
        for category in made
        if category.code in on_list
    )
    return len(made)
