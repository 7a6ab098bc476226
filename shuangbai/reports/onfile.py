"""Whether those on the list 民政对象 have a file (domain 6.3, F4): families, as of the last day.

A family is meant by a category of the list that it carries, or somebody living in it does: that is what a bureau's list
becomes once it is confirmed. Categories whose bearer is a secret (docs/adr/0047) are left out of both numbers, for the
list of families without a file would tell who carries one.
"""

from django.db.models import Q

from shuangbai.core.models import holds_on
from shuangbai.households.lists import CLIENTS
from shuangbai.households.models import CategoryListItem, Household, Membership, Tag
from shuangbai.reports.queries import Ask, Indicator, Rows
from shuangbai.reports.rows import as_families, files_open, living_on


def families_on_list(ask: Ask) -> Rows:
    """The families that a station serves on the last day and that are meant: a row for each station that serves one."""
    last = ask.period.last
    on_list = CategoryListItem.objects.on(last).filter(list__code=CLIENTS, category__restricted=False)
    tags = Tag.objects.on(last).filter(category__in=on_list.values("category"))
    carrying = tags.filter(person__isnull=False).values("person")
    bearers = Membership.objects.on(last).filter(living_on(last), person__in=carrying)
    of_family = Q(pk__in=tags.filter(household__isnull=False).values("household"))
    served = Household.objects.filter(holds_on(last, "serving__"), ask.stations("serving__station"))
    return as_families(served.filter(of_family | Q(pk__in=bearers.values("household"))), "pk", "same")


def files_on_list(ask: Ask) -> Rows:
    """The files in hand on the last day of these families, whichever entry of the family has it."""
    found: Rows = files_open(ask).filter(family__in=families_on_list(ask).values("family"))
    return found


FIGURES = [
    Indicator(
        "F4B", "民政对象家庭", "户",
        "期末当天由社工站服务、家庭本身或在世的家庭成员带有「民政对象」名单中类别的家庭，一户只算一次；保密类别不算在内。",
        families_on_list, thing="listed_family", key="family", record="pk", by={"station": "serving__station"},
        as_of=True,
    ),
    Indicator(
        "F4A", "已建档的民政对象家庭", "户",
        "民政对象家庭中，期末当天有在档（未结档）的家庭服务档案的，一户只算一次；没有建档的列在民政对象家庭的名单里。",
        files_on_list, thing="family", key="family", record="pk", by={"station": "station"}, as_of=True,
    ),
]  # fmt: skip
