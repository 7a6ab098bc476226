"""The shape of the files: names that say nothing, lengths, the web layer, and words that do not belong here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from checks import ROOT, files, place

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
LONGEST_FILE = 600
LONGEST_FUNCTION = 40
LONGEST_VIEW = 25

# A longer one is a question; the answer stands here: "path:function" and why.
ANSWERED: dict[str, str] = {}

# Modules that meet the web. Everything else is called by a page, a spreadsheet, a phone or a command alike.
WEB_MODULES = {"urls", "views", "middleware", "context", "backends", "templatetags", "again", "locks", "apps"}
WEB_PACKAGES = ("django.http", "django.shortcuts", "django.contrib.messages", "django.views", "django_htmx")

# The two halves are joined here so that this file does not complain of itself.
FOREIGN_WORDS = tuple("".join(pair) for pair in [("pypi", ".org"), ("python", "hosted.org"), ("/wo", "rk/")])


def _folders(path: Path) -> tuple[str, ...]:
    return path.relative_to(ROOT).parts[:-1] if path.is_relative_to(ROOT) else ()


def empty_names() -> list[str]:
    """Files and folders whose name would take anything in."""
    # Folders of this repository only: where somebody keeps their clone is their business.
    named = [path for path in files(".py", ".js", ".css", ".html") if EMPTY_NAMES & {path.stem, *_folders(path)}]
    return [f"{place(path)}: the name says nothing about what is in it" for path in named]


def long_files() -> list[str]:
    """Files over 600 lines; migrations are written by a machine."""
    complaints = []
    for path in files(".py", ".js", ".css", ".html"):
        count = len(path.read_text(encoding="utf-8").splitlines())
        if count > LONGEST_FILE and "migrations" not in path.parts:
            complaints.append(f"{place(path)}: {count} lines, more than {LONGEST_FILE}")
    return complaints


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of code from `def` to the end, without the docstring."""
    whole = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        whole -= (first.end_lineno or first.lineno) - first.lineno + 1
    return whole


def _is_view(path: Path, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    arguments = function.args.args
    return "views" in (path.stem, path.parent.name) and bool(arguments) and arguments[0].arg == "request"


def long_functions() -> list[str]:
    """Functions over 40 lines, views over 25, that ANSWERED does not explain; and answers to no question."""
    complaints, asked = [], set()
    for path in files(".py", under=("shuangbai", "config", "checks", "bench")):
        if "migrations" in path.parts:
            continue
        for function in _functions(ast.parse(path.read_text(encoding="utf-8"))):
            limit = LONGEST_VIEW if _is_view(path, function) else LONGEST_FUNCTION
            length = _length(function)
            key = f"{place(path)}:{function.name}"
            if length > limit:
                asked.add(key)
                if key not in ANSWERED:
                    complaints.append(f"{place(path, function.lineno)}: {function.name} has {length} lines of {limit}")
    complaints += [f"checks/tree.py: ANSWERED explains {key}, which is short or gone" for key in set(ANSWERED) - asked]
    return complaints


def _imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # `from django.contrib import messages` names a module too
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def web_below_views() -> list[str]:
    """Imports of the web's modules outside views and what stands beside them."""
    complaints = []
    for path in files(".py", under=("shuangbai",)):
        if WEB_MODULES & {path.stem, path.parent.name}:
            continue
        for name, line in _imported(ast.parse(path.read_text(encoding="utf-8"))):
            package = next((web for web in WEB_PACKAGES if name == web or name.startswith(f"{web}.")), None)
            if package:
                complaints.append(f"{place(path, line)}: {package} belongs to views")
    return complaints


def foreign_words() -> list[str]:
    """Registry hosts and paths of somebody's machine, in any text of the repository."""
    tops = [path for path in ROOT.iterdir() if path.is_file() and path.name != ".git"]  # a worktree's .git is a file
    folders = ("requirements", ".ci", "shuangbai", "config", "tests", "checks", "bench", "docs")
    inside = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    complaints = []
    for path in sorted(tops + inside):
        if "__pycache__" in path.parts:
            continue
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # pictures and archives
        for number, line in enumerate(lines, 1):
            complaints += [f"{place(path, number)}: names {word}" for word in FOREIGN_WORDS if word in line]
    return complaints


ALL = (empty_names, long_files, long_functions, web_below_views, foreign_words)
