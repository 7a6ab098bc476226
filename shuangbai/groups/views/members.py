"""Pages of a group's list: people put on it, and one member."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangbai.core import clock
from shuangbai.groups import queries
from shuangbai.groups.access import members_written_by
from shuangbai.groups.actions import members as actions
from shuangbai.groups.forms.members import MemberForm, NewMembersForm, said_of
from shuangbai.groups.models import GroupMember
from shuangbai.groups.views import back_to, crumbs, group_of, page
from shuangbai.households.views import FORM, saved, tried
from shuangbai.network.context import SignedIn


@require_http_methods(FORM)
def group_member_new(request: SignedIn, pk: UUID) -> HttpResponse:
    """加组员: several at once, of the station's families or only named."""
    found = group_of(request, pk, write=True)
    form = NewMembersForm(request.POST or None, user=request.user)
    if form.is_bound and form.is_valid():
        made = tried(form, lambda: actions.add_members(by=request.user, group=found, entries=form.entries()))
        if made:
            return back_to(request, found, _("已加 %(count)s 人") % {"count": len(made)})
    more = {"group": found, "crumbs": crumbs(found, _("加组员")), "people_url": f"{reverse('people-suggest')}?q="}
    return page(request, "members_form", form, **more)


@require_http_methods(FORM)
def group_member(request: SignedIn, pk: UUID) -> HttpResponse:
    """One member: talk before, consent, points before and after, leaving."""
    visible = members_written_by(request.user).select_related("group", "person")
    found = get_object_or_404(visible.defer("person__id_no", "person__phone"), pk=pk)
    form = MemberForm(request.POST or None, member=found)
    name, day = queries.name_of(found), clock.today()
    more: dict[str, Any] = {
        "member": found, "group": found.group, "name": name, "age": queries.age_of(found, day),
        "lacks_consent": queries.lacks_consent(found, day), "crumbs": crumbs(found.group, name),
    }  # fmt: skip
    if form.is_bound and form.is_valid():
        refused = saved(
            form,
            lambda: actions.change_member(
                by=request.user, member=found, version=form.cleaned_data["version"], entry=form.entry()
            ),
            lambda: _now(pk, form),
        )  # fmt: skip
        if refused is None:
            return back_to(request, found.group, _("已保存"))
        more |= refused
    return page(request, "member_form", form, **more)


def _now(pk: UUID, form: MemberForm) -> tuple[GroupMember, dict[str, Any]]:
    now = GroupMember.objects.get(pk=pk)
    return now, {name: value for name, value in said_of(now).items() if name in form.fields}
