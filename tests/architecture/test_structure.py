"""The structure that the rooms promise; `make check` asks the same functions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState
from django.utils import translation

from checks import pages, personal, static, tables, templates, tree

pytestmark = pytest.mark.nodb

CHECKS = [check for module in (tree, templates, static, tables, personal, pages) for check in module.ALL]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: f"{check.__module__.split('.')[1]}-{check.__name__}")
def test_no_complaints(check: Callable[[], list[str]]) -> None:
    assert check() == []


def test_migrations_are_up_to_date() -> None:
    loader = MigrationLoader(None)
    with translation.override(None):  # migrations hold the source words, as makemigrations does
        detector = MigrationAutodetector(
            loader.project_state(), ProjectState.from_apps(apps), NonInteractiveMigrationQuestioner()
        )
        changes = detector.changes(graph=loader.graph)
    assert changes == {}


def test_a_rooms_first_migration_makes_its_tables_in_one() -> None:
    """Or each table, index and constraint has all models rendered anew: ten seconds for every fresh database."""
    loader = MigrationLoader(None)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("shuangbai.")}
    found = {key[0]: one for key, one in loader.disk_migrations.items() if key[0] in ours and one.initial}
    assert len(found) > 30
    apart = (CreateModel, AddField, AddIndex, AddConstraint)
    assert [label for label, one in found.items() if any(isinstance(step, apart) for step in one.operations)] == []


def test_django_has_no_complaints() -> None:
    call_command("check", fail_level="WARNING", verbosity=0)


def test_rooms_are_layered(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """import-linter's contracts, as in pyproject.toml."""
    from importlinter.cli import lint_imports

    # Its own settings would silence every logger that there is, for all tests after this one.
    monkeypatch.setattr("importlinter.cli.logging_config.dictConfig", lambda _: None)
    assert lint_imports(config_filename=str(tree.ROOT / "pyproject.toml"), no_cache=True) == 0, capfd.readouterr().out
