"""Templates: each compiles, holds no script or style of its own, and refers to what exists. Needs django.setup()."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template import TemplateDoesNotExist, TemplateSyntaxError, engines
from django.template.backends.django import DjangoTemplates
from django.urls import URLPattern, URLResolver, get_resolver

from checks import ROOT, files, place, rooms

COMMENT = re.compile(r"{#.*?#}|{% *comment.*?endcomment *%}|<!--.*?-->", re.DOTALL)

# The Content-Security-Policy would block the first five in silence; the rest lead out of the house or past escaping.
FORBIDDEN = {
    r"\sstyle\s*=": "an inline style; give it a class",
    r"<style\b": "a style element; write it in a stylesheet",
    r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)": "a script with a body; write a module",
    r"\son[a-z]+\s*=\s*[\"']": "an on… handler; use a data- attribute and a module",
    r"\b(?:hx-on\b|hx-vars\b|hx-vals=[\"']js:|javascript:)": "script in an attribute, which the policy blocks",
    r"\b(?:src|action|hx-(?:get|post))\s*=\s*[\"'](?:https?:)?//": "an address outside this server",
    r"<link\b[^>]*href\s*=\s*[\"'](?:https?:)?//": "a file from outside this server",
    r"\|\s*safe\b|{% *autoescape +off": "unescaped text; build safe markup with format_html",
    r"<img\b(?![^>]*\balt=)": "a picture without alt",
}
POST_FORM = re.compile(r"<form\b[^>]*method=[\"']post[\"'].*?</form>", re.DOTALL | re.IGNORECASE)
STATIC = re.compile(r"{% *static +[\"']([^\"'{]+)[\"']")
URL = re.compile(r"{% *url +[\"']([^\"']+)[\"']")
OTHER_TEMPLATE = re.compile(r"{% *(?:extends|include) +[\"']([^\"'#]+)")
IN_CODE = re.compile(r"[\"']((?:[\w-]+/)*[\w-]+\.html)(?:#[\w-]+)?[\"']")


def templates() -> list[Path]:
    return [path for path in files(".html", ".txt", ".svg", under=("shuangbai",)) if "templates" in path.parts]


def _source(path: Path) -> str:
    """The template without its comments, line numbers kept."""
    text = path.read_text(encoding="utf-8")
    return COMMENT.sub(lambda found: "\n" * found.group().count("\n"), text)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def that_do_not_compile() -> list[str]:
    """Syntax errors, unknown tags and filters, missing `{% load %}`."""
    engine = engines["django"]
    assert isinstance(engine, DjangoTemplates)
    complaints = []
    for path in templates():
        try:
            engine.from_string(path.read_text(encoding="utf-8"))
        except TemplateSyntaxError as error:
            complaints.append(f"{place(path)}: {error}")
    return complaints


def inline_behaviour() -> list[str]:
    """What the page's policy would block, or what leads outside."""
    complaints = []
    for path in templates():
        text = _source(path)
        for pattern, what in FORBIDDEN.items():
            found = re.finditer(pattern, text, re.IGNORECASE)
            complaints += [f"{place(path, _line(text, match.start()))}: {what}" for match in found]
    return complaints


def unprotected_forms() -> list[str]:
    """Forms that post without a token; a form built by an included template is that template's business."""
    complaints = []
    for path in templates():
        text = _source(path)
        for match in POST_FORM.finditer(text):
            if "csrf_token" not in match.group() and "{% include" not in match.group():
                complaints.append(f"{place(path, _line(text, match.start()))}: a posting form without csrf_token")
    return complaints


def _url_names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern) and entry.name:
            yield prefix + entry.name
        elif isinstance(entry, URLResolver):
            yield from _url_names(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)


def dead_references() -> list[str]:
    """Literal `{% static %}` files and `{% url %}` names that do not exist."""
    names = set(_url_names(get_resolver()))
    complaints = []
    for path in templates():
        text = _source(path)
        for match in STATIC.finditer(text):
            if finders.find(match[1]) is None:
                complaints.append(f"{place(path, _line(text, match.start()))}: no static file {match[1]}")
        for match in URL.finditer(text):
            if match[1] not in names:
                complaints.append(f"{place(path, _line(text, match.start()))}: no address is named {match[1]}")
    return complaints


def _exists(name: str) -> bool:
    try:
        engines["django"].get_template(name)
    except TemplateDoesNotExist as error:
        return str(error) != name  # the missing one may be its parent, of which another line complains
    except TemplateSyntaxError:
        return True  # that_do_not_compile says what is wrong with it
    return True


def missing_templates() -> list[str]:
    """Names of templates, in code and in other templates, that no room has."""
    complaints = []
    for path in [*files(".py", under=("shuangbai", "config")), *templates()]:
        text = _source(path)
        for match in (IN_CODE if path.suffix == ".py" else OTHER_TEMPLATE).finditer(text):
            if not _exists(match[1]):
                complaints.append(f"{place(path, _line(text, match.start()))}: no template {match[1]}")
    return complaints


def upward_templates() -> list[str]:
    """Templates that extend or include one of a room above or beside theirs."""
    heights = rooms()
    complaints = []
    for path in templates():
        own = path.relative_to(ROOT / "shuangbai").parts[0]
        text = _source(path)
        for match in OTHER_TEMPLATE.finditer(text):
            other = match[1].split("/")[0]
            if other != own and heights.get(other, -1) >= heights[own]:
                complaints.append(f"{place(path, _line(text, match.start()))}: {own} stands below {other}")
    return complaints


ALL = (that_do_not_compile, inline_behaviour, unprotected_forms, dead_references, missing_templates, upward_templates)
