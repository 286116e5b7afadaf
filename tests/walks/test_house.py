"""Walks over the files: sizes, imports of templates, settings in the README, nothing half done."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = [*ROOT.glob("app/**/*.py"), *ROOT.glob("forms/**/*.py"), *ROOT.glob("storage/**/*.py")]
TEMPLATES = list(ROOT.glob("app/templates/**/*.html"))

FILE_LIMIT, FUNCTION_LIMIT, TEMPLATE_LIMIT = 300, 40, 120

# Exceptions, each with its reason.
LONGER: dict[str, str] = {}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_outgrows_its_limit() -> None:
    long = {_name(path): n for path in CODE if (n := path.read_text().count("\n")) > FILE_LIMIT}
    assert {name: n for name, n in long.items() if name not in LONGER} == {}


def test_no_function_outgrows_its_limit() -> None:
    long = []
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > FUNCTION_LIMIT and f"{_name(path)}:{node.name}" not in LONGER:
                    long.append(f"{_name(path)}:{node.name} ({lines})")
    assert long == []


def test_no_template_outgrows_its_limit() -> None:
    long = {_name(path): n for path in TEMPLATES if (n := path.read_text().count("\n")) > TEMPLATE_LIMIT}
    assert {name: n for name, n in long.items() if name not in LONGER} == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_every_import_of_a_template_is_used(path: Path) -> None:
    text = path.read_text()
    for names in re.findall(r"{%-?\s*from\s+\"[^\"]+\"\s+import\s+([^%]+?)(?:\s+with context)?\s*-?%}", text):
        for name in names.split(","):
            word = name.split(" as ")[-1].strip()
            assert len(re.findall(rf"\b{word}\b", text)) > 1, f"{word} is imported and not used"


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_no_template_breaks_the_content_policy(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|<script>|<style", text)
    assert not re.search(r"(?:src|href)=\"https?://(?!www\.w3\.org)", text.replace('rel="noopener', ""))


def test_every_setting_is_in_the_readme() -> None:
    settings = set(re.findall(r"QCP_[A-Z0-9_]+", (ROOT / "app/config.py").read_text()))
    readme = (ROOT / "README.md").read_text()
    assert [name for name in sorted(settings) if name not in readme] == []


def test_nothing_is_left_for_later_in_the_code() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    assert [_name(path) for path in [*CODE, *TEMPLATES] if marks.search(path.read_text())] == []


def test_the_lock_files_name_no_registry() -> None:
    for name in ("requirements.lock", "package-lock.json", ".npmrc"):
        for line in (ROOT / name).read_text().splitlines():
            if "funding" in line or '"url"' in line:  # who asks for support, not where a package comes from
                continue
            assert "://" not in line and "index-url" not in line, (name, line)
