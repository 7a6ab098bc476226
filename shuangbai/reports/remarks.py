"""What has to be said beside numbers, or they are misread: nothing there to be counted, a list that changed meanwhile.

Sentences in Chinese, each with what to do where something can be done. Figures are none the less what they are.
"""

from typing import Any

from django.utils.translation import gettext as _

from shuangbai.households.lists import CLIENTS
from shuangbai.households.models import CategoryListItem
from shuangbai.network.enums import UnitKind
from shuangbai.network.queries import stations_under
from shuangbai.reports.finder import Sought
from shuangbai.reports.indicators import Rate
from shuangbai.reports.queries import Ask, opened_in

OF_STATIONS = frozenset({"S1"})  # counts stations, which says nothing of a single one


def of_question(ask: Ask) -> list[str]:
    """What holds for every figure of a question: that no station was open, that the list of clients changed."""
    return [*_no_station(ask), *_list_changes(ask)]


def of_number(what: Sought, ask: Ask, value: Any) -> list[str]:
    """What holds for one figure or rate of a question; `value` of a rate is its denominator."""
    if what.code in OF_STATIONS and ask.unit.kind == UnitKind.STATION:
        said = _("「%(name)s」数的是站，只看一个站没有意义：请把范围换成县区或全市。")
        return [said % {"name": what.name}]
    none_open = _no_station(ask)
    if none_open:
        return none_open
    changes = _list_changes(ask) if what.code == "V5" else []
    if value:
        return changes
    if isinstance(what, Rate):
        return [*changes, _("这一天这个范围里没有应计的家庭或人，所以没有比率。")]
    return [*changes, _("这段时间这个范围里没有这样的记录，所以是 0。若本该有，请换一段时间，或看记录是否已录入。")]


def _no_station(ask: Ask) -> list[str]:
    """That nothing could be recorded: in the scope no station was open on any of the days."""
    first, last = ask.period.first, ask.period.last
    if any(one.starts_on <= last and (one.ends_on is None or one.ends_on >= first) for one in stations_under(ask.unit)):
        return []
    words = {"unit": ask.unit.name, "period": ask.period}
    since = opened_in(ask.unit)
    if since is None:
        return [_("%(unit)s还没有社工站，数字都是 0。") % words]
    said = _("%(unit)s在 %(period)s 没有开着的社工站（最早的 %(since)s 开站），数字都是 0，不等于没有人需要服务。")
    return [said % {**words, "since": f"{since}"}]


def _list_changes(ask: Ask) -> list[str]:
    """That a category came onto the list 民政对象, or left it, inside the period: each day counts by its own list."""
    first, last = ask.period.first, ask.period.last
    items = CategoryListItem.objects.filter(list__code=CLIENTS).select_related("category").order_by("starts_on", "id")
    came = [(one.starts_on, _("列入"), one) for one in items if first < one.starts_on <= last]
    left = [(one.ends_on, _("止"), one) for one in items if one.ends_on and first <= one.ends_on < last]
    if not came and not left:
        return []
    told = "、".join(f"{one.category.name} {on} {how}" for on, how, one in sorted(came + left, key=lambda row: row[0]))
    said = _("「民政对象」名单在期内有变：%(told)s。服务民政对象人次按每次服务当天的名单计，前后不是同一口径。")
    return [said % {"told": told}]
