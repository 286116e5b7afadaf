"""Every template: short, strict about content policy, and leading only to pages that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from app.journey import nav
from app.journey.rules.stations import STATIONS
from app.journey.views import GOES

TEMPLATES = Path(__file__).parents[2] / "app" / "templates"
STATIC = TEMPLATES.parent / "static"
EVERY = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
MOST_LINES = 120


def text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", EVERY)
def test_a_template_is_short_and_carries_no_style_or_script(name: str) -> None:
    source = text(name)
    assert source.count("\n") <= MOST_LINES
    assert not re.search(r"<[^>{]*\s(style|on[a-z]+)=", source)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|javascript:", source)


@pytest.mark.parametrize("name", EVERY)
def test_a_template_brings_nothing_from_another_host(name: str) -> None:
    assert not re.search(r"""(src|href|action)=["']\s*(https?:)?//""", text(name))


@pytest.mark.parametrize("name", EVERY)
def test_every_address_in_a_template_is_a_page_of_the_portal(portal: Flask, name: str) -> None:
    source = text(name)
    asked = set(re.findall(r"""url_for\(\s*["']([a-z_.]+)["']""", source))
    assert asked - set(portal.view_functions) == set()


@pytest.mark.parametrize("name", EVERY)
def test_every_macro_that_a_template_asks_for_is_there(portal: Flask, name: str) -> None:
    env = portal.jinja_env
    for found in env.parse(text(name)).find_all(nodes.FromImport):
        if not isinstance(found.template, nodes.Const) or found.template.value.startswith("security/_macros"):
            continue
        module = env.parse(text(found.template.value))
        offered = {macro.name for macro in module.find_all(nodes.Macro)}
        asked = {one if isinstance(one, str) else one[0] for one in found.names}
        assert asked <= offered, found.template.value


@pytest.mark.parametrize("name", EVERY)
def test_a_form_that_changes_something_carries_its_token(name: str) -> None:
    for form in re.findall(r"<form\b.*?</form>", text(name), re.S):
        opening = form[: form.index(">")]
        if re.search(r"""method=["']post["']""", opening, re.I):
            assert re.search(r"csrf\(\)|csrf_token|hidden_tag", form), opening


def test_every_file_that_a_template_asks_for_is_served() -> None:
    for name in EVERY:
        for file in re.findall(r"""url_for\(["']static["'],\s*filename=["']([^"']+)["']\)""", text(name)):
            assert file.startswith("vendor/") or (STATIC / file).exists(), f"{name}: {file}"


def test_every_page_that_the_bar_and_the_lists_of_work_name_is_one_of_the_portal(portal: Flask) -> None:
    """These names stand in code, where a wrong one would only make a link disappear."""
    named = {name for _words, names in nav.OF_PROGRAM for name in names} | {name for _words, name in nav.PUBLIC}
    named |= {name for _title, names in GOES.values() for name in names.split()}
    named |= {name for station in STATIONS.values() for name in station.pages}
    assert named - set(portal.view_functions) == set()
