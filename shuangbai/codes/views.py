"""Pages of the lists that a city decides."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.codes import actions, queries
from shuangbai.codes.access import may_decide
from shuangbai.codes.enums import PAPERS, SPECS, CodeSpec, PaperSpec
from shuangbai.codes.forms import (
    AddForm,
    CityForm,
    DecisionForm,
    EndForm,
    NoTemplateForm,
    RenameForm,
    ResumeForm,
    TemplateForm,
    WorkdaysForm,
)
from shuangbai.codes.models import PaperTemplate
from shuangbai.codes.rules import YEARS_AHEAD, YEARS_BACK, Item
from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.forms import add_findings, rebase, two_versions
from shuangbai.core.models import Installation
from shuangbai.core.queries import installation_foot
from shuangbai.core.views import picture_answer
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission

FORM = ["GET", "HEAD", "POST"]


def decided(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the action was done; otherwise its sentences stand on the form. Conflict is the caller's."""
    try:
        act()
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        add_findings(form, refused)
        return False
    return True


def check_page(request: SignedIn, permission: Permission = Permission.MANAGE_CODES) -> None:
    """Raise Http404 for whoever does not decide this for the city."""
    if not may_decide(request.user, permission):
        raise Http404


def decision_page(request: SignedIn, form: forms.Form, **more: Any) -> HttpResponse:
    """One form of a set-up page: heading, crumbs, back_url; 422 where something is to be put right."""
    status = more.pop("status", 422 if form.is_bound else 200)
    return render(request, "codes/form.html", {"form": form, **more}, status=status)


def decision(
    request: SignedIn, form: Any, version: int, done: str, template: str, act: Any, more: dict[str, Any]
) -> HttpResponse:
    """The outcome of a decision: back to `done`, or the form with what is to be put right."""
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            if decided(form, act):
                messages.success(request, _("已保存"))
                return redirect(done)
        except Conflict:
            rebase(form, version)
            form.add_error(None, _("您打开之后别人改过，请看清现在的规定，再按一次保存"))
            status = 409
    return render(request, template, {"form": form, **more}, status=status)


def _spec(request: SignedIn, name: str) -> CodeSpec:
    check_page(request)
    if name not in SPECS:
        raise Http404
    return SPECS[name]


def _item(spec: CodeSpec, code: str) -> Item:
    item = queries.read_lists()[spec.code].get(code)
    if item is None:
        raise Http404
    return item


def _crumbs(spec: CodeSpec, here: str = "") -> list[tuple[Any, str]]:
    first = (_("代码表"), reverse("codes"))
    if not here:
        return [first, (spec.name, "")]
    return [first, (spec.name, reverse("code-list", args=[spec.code])), (here, "")]


@require_safe
def codes(request: SignedIn) -> HttpResponse:
    """代码表: the lists, each with what it is for."""
    check_page(request)
    today, lists = clock.today(), queries.all_lists()
    specs = sorted(SPECS.values(), key=lambda spec: spec.closed)
    rows = [
        {"spec": spec, "now": [name.label for item in lists[spec.code].values() if (name := item.name_on(today))]}
        for spec in specs
    ]
    return render(request, "codes/codes.html", {"rows": rows})


@require_safe
def code_list(request: SignedIn, name: str) -> HttpResponse:
    """One list: its items with their days and how many records use them, and its history."""
    spec = _spec(request, name)
    context = {
        "spec": spec,
        "lines": queries.lines_of(spec, clock.today()),
        "decisions": queries.decisions_of(spec.code),
        "crumbs": _crumbs(spec),
    }
    return render(request, "codes/code_list.html", context)


@require_http_methods(FORM)
def code_add(request: SignedIn, name: str) -> HttpResponse:
    """增加一项."""
    spec = _spec(request, name)
    if spec.closed:
        raise Http404
    form = AddForm(request.POST or None, spec=spec)
    if form.is_valid():
        said = {key: form.cleaned_data[key] for key in ("label", "base", "starts_on", "reason")}
        if decided(form, lambda: actions.add_item(by=request.user, spec=spec, **said)):
            messages.success(request, _("已增加「%(label)s」") % said)
            return redirect("code-list", spec.code)
    heading = _("%(name)s：增加一项") % {"name": spec.name}
    return _page(request, spec, form, heading)


@require_http_methods(FORM)
def code_rename(request: SignedIn, name: str, code: str) -> HttpResponse:
    """改名称, from a day on."""
    spec = _spec(request, name)
    item = _item(spec, code)
    form = RenameForm(request.POST or None, item=item)
    return _change(request, spec, item, form, actions.rename_item, ("label", "starts_on"), _("改名称"))


@require_http_methods(FORM)
def code_end(request: SignedIn, name: str, code: str) -> HttpResponse:
    """停用, from the day after its last."""
    spec = _spec(request, name)
    item = _item(spec, code)
    form = EndForm(request.POST or None, item=item)
    return _change(request, spec, item, form, actions.end_item, ("ends_on",), _("停用"))


@require_http_methods(FORM)
def code_resume(request: SignedIn, name: str, code: str) -> HttpResponse:
    """恢复使用."""
    spec = _spec(request, name)
    item = _item(spec, code)
    form = ResumeForm(request.POST or None, item=item)
    return _change(request, spec, item, form, actions.resume_item, ("starts_on",), _("恢复使用"))


def _change(
    request: SignedIn, spec: CodeSpec, item: Item, form: forms.Form, act: Callable[..., None],
    names: tuple[str, ...], heading: str,
) -> HttpResponse:  # fmt: skip
    """A change of one item: done, refused with sentences, or both versions where somebody was first."""
    more: dict[str, Any] = {}
    if form.is_valid():
        said = {key: form.cleaned_data[key] for key in (*names, "reason")}
        version = form.cleaned_data["version"] or 0
        try:
            if decided(form, lambda: act(by=request.user, spec=spec, code=item.code, version=version, **said)):
                messages.success(request, _("已保存"))
                return redirect("code-list", spec.code)
        except Conflict:
            more = _both(spec, item, form, names)
    return _page(request, spec, form, f"{heading}：{item.latest.label}", **more)


def _both(spec: CodeSpec, item: Item, form: forms.Form, names: tuple[str, ...]) -> dict[str, Any]:
    """The item as it now stands beside what was typed; what was typed can then be saved on top of it."""
    latest, decision = item.latest, queries.latest_decision(spec.code, item.code)
    theirs = {"label": latest.label, "starts_on": latest.starts_on, "ends_on": latest.ends_on}
    rebase(form, item.version)
    shown = {"label": _("名称"), "starts_on": _("从哪天起"), "ends_on": _("最后一天")}
    rows = []
    for key, words in shown.items():
        saved, mine = str(theirs[key] or ""), str(form.cleaned_data[key] if key in names else theirs[key] or "")
        rows.append({"label": words, "theirs": saved, "mine": mine, "changed": saved != mine})
    by, at = (decision.by, decision.at) if decision else ("", None)
    return {"rows": rows, "theirs_by": by, "theirs_at": at, "status": 409}


def _page(request: SignedIn, spec: CodeSpec, form: forms.Form, heading: str, **more: Any) -> HttpResponse:
    crumbs, back = _crumbs(spec, heading), reverse("code-list", args=[spec.code])
    return decision_page(request, form, heading=heading, sub=spec.about, crumbs=crumbs, back_url=back, **more)


@require_POST
def code_move(request: SignedIn, name: str, code: str) -> HttpResponse:
    """上移, 下移."""
    spec = _spec(request, name)
    _item(spec, code)
    try:
        actions.move_item(by=request.user, spec=spec, code=code, up=request.POST.get("to") == "up")
    except NotAllowed:
        raise Http404 from None
    return redirect("code-list", spec.code)


# THE CITY ITSELF ------------------------------------------------------------


@require_safe
def emblem(request: SignedIn, name: str) -> HttpResponse:
    """The city's emblem; its name changes with its content, and no other kept picture is sent here."""
    if name != installation_foot().emblem:
        raise Http404
    return picture_answer(name, shown_as="emblem", kept_by_browsers=True)


@require_safe
def city(request: SignedIn) -> HttpResponse:
    """城市与页脚: what is printed, and its history."""
    check_page(request, Permission.RUN_SYSTEM)
    row = Installation.objects.get()
    shown = [(label, getattr(row, name)) for name, label in actions.CITY_FIELDS.items()]
    context = {"row": row, "shown": shown, "decisions": queries.decisions_of(actions.CITY)}
    return render(request, "codes/city.html", context)


@require_http_methods(FORM)
def city_change(request: SignedIn) -> HttpResponse:
    """改城市名称与页脚."""
    check_page(request, Permission.RUN_SYSTEM)
    row = Installation.objects.get()
    form = CityForm(request.POST or None, request.FILES or None, row=row)
    more: dict[str, Any] = {}
    if form.is_valid():
        try:
            if decided(form, lambda: _name_city(request, form)):
                messages.success(request, _("已保存"))
                return redirect("city")
        except Conflict:
            rows, decision = two_versions(form, form.plain(row)), queries.latest_decision(actions.CITY, "")
            rebase(form, row.version)
            more = {"rows": rows, "theirs_by": decision.by, "theirs_at": decision.at, "status": 409} if decision else {}
    crumbs, back = [(_("城市与页脚"), reverse("city")), (_("修改"), "")], reverse("city")
    return decision_page(request, form, heading=_("改城市名称与页脚"), crumbs=crumbs, back_url=back, **more)


def _name_city(request: SignedIn, form: CityForm) -> Installation:
    c = form.cleaned_data
    more = {"emblem": c["emblem"], "no_emblem": c.get("no_emblem", False), "reason": c["reason"]}
    return actions.name_city(by=request.user, version=c["version"] or 0, said=c, **more)


# PAPER FORMS ----------------------------------------------------------------


def _paper(request: SignedIn, code: str) -> PaperSpec:
    check_page(request)
    if code not in PAPERS:
        raise Http404
    return PAPERS[code]


def _word_file(made: bytes, name: str) -> HttpResponse:
    from shuangbai.core.word import WORD

    answer = HttpResponse(made, content_type=WORD)
    answer.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.docx")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_safe
def paper_list(request: SignedIn) -> HttpResponse:
    """文书模板: each form, and whose template it has."""
    check_page(request)
    return render(request, "codes/papers.html", {"lines": queries.paper_lines()})


@require_safe
def paper(request: SignedIn, code: str) -> HttpResponse:
    """One form: its template, what a template may say, and its history."""
    spec = _paper(request, code)
    context = {
        "spec": spec, "own": queries.template_in_use(code), "kept": queries.templates_of(code),
        "decisions": queries.decisions_of(f"{queries.PAPER}{code}"),
        "crumbs": [(_("文书模板"), reverse("paper-list")), (spec.name, "")],
    }  # fmt: skip
    return render(request, "codes/paper.html", context)


@require_safe
def paper_template(request: SignedIn, code: str) -> HttpResponse:
    """The template as a file: one of the city's by its number, otherwise the product's."""
    spec, number = _paper(request, code), request.GET.get("number", "")
    if not number:
        return _word_file(spec.shipped.read_bytes(), spec.name)
    row = PaperTemplate.objects.filter(form=code, number=int(number) if number.isdecimal() else 0).first()
    if row is None:
        raise Http404
    return _word_file(bytes(row.file), f"{spec.name}_{row.number}")


@require_safe
def paper_sample(request: SignedIn, code: str) -> HttpResponse:
    """The form filled in with an invented case, by the template in use."""
    from shuangbai.core.word import filled

    spec = _paper(request, code)
    own = queries.templates_in_use([code]).get(code)
    try:
        made = filled(spec.shipped, spec.sample, own)
    except Refused as refused:
        messages.error(request, refused.first.sentence)
        return redirect("paper", code)
    return _word_file(made, _("样张_%(name)s") % {"name": spec.name})


@require_http_methods(FORM)
def paper_put(request: SignedIn, code: str) -> HttpResponse:
    """换成本市的模板: filled on trial before it is taken."""
    spec = _paper(request, code)
    version = queries.version_of(f"{queries.PAPER}{code}")
    form = TemplateForm(request.POST or None, request.FILES or None, version=version)

    def send() -> None:
        c = form.cleaned_data
        said = {"version": c["version"] or 0, "reason": c["reason"], "name": c["file"].name}
        actions.put_template(by=request.user, spec=spec, sent=c["file"].read(), **said)

    return _paper_decided(request, spec, form, send, _("%(name)s：换成本市的模板") % {"name": spec.name})


@require_http_methods(FORM)
def paper_drop(request: SignedIn, code: str) -> HttpResponse:
    """恢复系统的样式."""
    spec = _paper(request, code)
    form = NoTemplateForm(request.POST or None, version=queries.version_of(f"{queries.PAPER}{code}"))

    def send() -> None:
        c = form.cleaned_data
        actions.drop_template(by=request.user, spec=spec, version=c["version"] or 0, reason=c["reason"])

    return _paper_decided(request, spec, form, send, _("%(name)s：恢复系统的样式") % {"name": spec.name})


def _paper_decided(
    request: SignedIn, spec: PaperSpec, form: DecisionForm, send: Callable[[], None], heading: str
) -> HttpResponse:
    """Done, refused with sentences, or told that somebody was first."""
    status, back = 422 if form.is_bound else 200, reverse("paper", args=[spec.code])
    if form.is_valid():
        try:
            if decided(form, send):
                messages.success(request, _("已保存"))
                return redirect("paper", spec.code)
        except Conflict:
            status = 409
            rebase(form, queries.version_of(f"{queries.PAPER}{spec.code}"))
            form.add_error(None, _("您打开之后别人改过这份模板，请先看清现在的，再选一次文件并保存"))
    crumbs = [(_("文书模板"), reverse("paper-list")), (spec.name, back), (heading.partition("：")[2], "")]
    return decision_page(request, form, heading=heading, crumbs=crumbs, back_url=back, status=status)


# WORKING DAYS --------------------------------------------------------------


@require_http_methods(FORM)
def workdays(request: SignedIn) -> HttpResponse:
    """放假与调休, a year at a time."""
    check_page(request)
    today, asked = clock.today(), request.GET.get("year", "")
    years = range(today.year - YEARS_BACK, today.year + YEARS_AHEAD + 1)
    year = int(asked) if asked.isdecimal() and int(asked) in years else today.year
    days, version = queries.special_days(year), queries.version_of(actions.WORKDAYS)
    form, here = WorkdaysForm(request.POST or None, days=days, version=version), f"{reverse('workdays')}?year={year}"

    def send() -> None:
        c = form.cleaned_data
        said = {"days": c["days"], "source": c["source"], "reason": c["reason"], "version": c["version"] or 0}
        actions.set_workdays(by=request.user, year=year, **said)

    heading = _("%(year)d 年放假与调休") % {"year": year}
    more = {
        "heading": heading, "crumbs": [(_("设置"), reverse("setup")), (heading, "")], "back_url": reverse("setup"),
        "year": year, "years": range(today.year - 1, today.year + YEARS_AHEAD + 1), "known": bool(days),
        "decisions": queries.decisions_of(actions.WORKDAYS),
    }  # fmt: skip
    return decision(request, form, version, here, "codes/workdays.html", send, more)
