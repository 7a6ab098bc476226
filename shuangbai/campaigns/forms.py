"""The form of a call to many stations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.campaigns.actions import CallEntry
from shuangbai.campaigns.enums import CallKind
from shuangbai.core import clock
from shuangbai.core.forms import DayField, Warned, words
from shuangbai.core.ids import random_id
from shuangbai.network.models import OrgUnit
from shuangbai.services.forms import chips
from shuangbai.services.models import Campaign


class CallForm(Warned):
    """What the centre calls stations to. `unit` is in whose name."""

    name = words(_("名称"), most=60, help_text=_("各站记走访、记活动时按这个名称选"))
    kind = chips(_("是什么"), choices=CallKind.choices)
    first = DayField(label=_("从哪天起"))
    last = DayField(label=_("到哪天止"))
    aim = words(_("为了什么"), most=300, rows=3, required=False)
    asked = words(
        _("请各站做什么"), most=2000, rows=5, required=False,
        help_text=_("写事情，不定指标：做多少由各站看情况，这里不排名次"),
    )  # fmt: skip
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, unit: OrgUnit, campaign: Campaign | None = None) -> None:
        first = {"kind": CallKind.CAMPAIGN, "first": clock.today(), "client_id": random_id()}
        super().__init__(data, initial=first | (said_of(campaign) if campaign else {}))
        self.unit = unit

    def entry(self) -> CallEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        plain = {name: c[name] for name in ("client_id", "name", "first", "last", "aim", "asked")}
        return CallEntry(owner=self.unit, kind=CallKind(c["kind"]), **plain)


def said_of(campaign: Campaign) -> dict[str, Any]:
    """A campaign by the form's fields, as it stands."""
    call = getattr(campaign, "call", None)
    said = {"kind": call.kind, "aim": call.aim, "asked": call.asked} if call else {}
    version = call.version if call else 0
    return {"name": campaign.name, "first": campaign.starts_on, "last": campaign.ends_on, "version": version, **said}
