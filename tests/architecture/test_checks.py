"""The checks find what they are there to find: each line below is a defect planted in a template or a module."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks import static, templates, tree

pytestmark = pytest.mark.nodb


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('<p style="color: red">', "inline style"),
        ("<style>p {}</style>", "style element"),
        ("<script>alert(1)</script>", "script with a body"),
        ('<button onclick="go()">', "on… handler"),
        ('<div hx-on:click="go()">', "script in an attribute"),
        ('<img src="//cdn.example/x.png" alt="">', "outside this server"),
        ('<link rel="stylesheet" href="https://cdn.example/x.css">', "outside this server"),
        ("{{ story|safe }}", "unescaped"),
        ('<img src="x.png">', "without alt"),
    ],
)
def test_inline_behaviour_is_found(line: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"{{# style= in a comment is fine #}}\n{line}\n", encoding="utf-8")
    monkeypatch.setattr(templates, "templates", lambda: [page])
    (found,) = templates.inline_behaviour()
    assert found.startswith(f"{page}:2: ")
    assert complaint in found


@pytest.mark.parametrize(
    "line",
    [
        '<script type="module" src="{% static \'core/js/dirty.js\' %}"></script>',
        '<a href="https://www.example.org/">a link may lead out</a>',
        '<p class="one" data-style="x">{% if a > b %}on = "x"{% endif %}</p>',
        '<img src="x.png" alt="">',
    ],
)
def test_sound_markup_passes(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.html"
    page.write_text(line, encoding="utf-8")
    monkeypatch.setattr(templates, "templates", lambda: [page])
    assert templates.inline_behaviour() == []


def test_broken_template_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.html"
    page.write_text("{% if x %}", encoding="utf-8")
    monkeypatch.setattr(templates, "templates", lambda: [page])
    (found,) = templates.that_do_not_compile()
    assert "endif" in found


def test_form_without_token_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.html"
    page.write_text('<form method="post"></form>\n<form method="post">{% csrf_token %}</form>', encoding="utf-8")
    monkeypatch.setattr(templates, "templates", lambda: [page])
    (found,) = templates.unprotected_forms()
    assert found.startswith(f"{page}:1: ")


def test_dead_references_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.html"
    page.write_text("{% static 'no/such.css' %}\n{% url 'no-such' pk=1 %}", encoding="utf-8")
    monkeypatch.setattr(templates, "templates", lambda: [page])
    assert [sentence.rpartition(": ")[2] for sentence in templates.dead_references()] == [
        "no static file no/such.css",
        "no address is named no-such",
    ]


def test_shape_of_modules_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / "utils.py"
    body = "\n".join(f"    x{number} = {number}" for number in range(610))
    module.write_text(f"from django.contrib import messages\n\ndef long():\n{body}\n", encoding="utf-8")
    monkeypatch.setattr(tree, "files", lambda *suffixes, **where: [module])
    assert len(tree.empty_names()) == 1
    assert len(tree.long_files()) == 1
    assert len(tree.long_functions()) == 1
    assert "django.contrib.messages belongs to views" in tree.web_below_views()[0]


def test_module_imports_are_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "a.js"
    script.write_text('import { b } from "./b.js";\nel.setAttribute("style", "x");\n', encoding="utf-8")
    monkeypatch.setattr(static, "files", lambda *suffixes, **where: [script])
    imported, blocked = static.scripts()
    assert "./b.js" in imported
    assert blocked.startswith(f"{script}:2: ")
