"""The reference: every public object is described, its examples run where they are copied to."""

from __future__ import annotations

import doctest
import importlib
import inspect
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import nnexplain as nne
from nnexplain.pages.docstrings import needed, public, readable, standalone
from tests.site import ROOT, Site

_HEADING = re.compile(r'<h\d id="([\w.]+)" class="doc doc-heading">(.*?)</h\d>', re.S)
_GROUPS = ("exercises", "figures")
NAMES = [name for name in nne.__all__ if name not in _GROUPS] + [
    f"{group}.{name}" for group in _GROUPS for name in getattr(nne, group).__all__
]


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>|&para;", "", html).split())


@pytest.mark.xdist_group("site")
def test_every_public_object_is_described(site: Site) -> None:
    described: dict[str, str] = {}
    for path in site.folder.glob("reference/*/index.html"):
        html = path.read_text(encoding="utf-8")
        parts = _HEADING.split(html)
        for name, heading, below in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            described[text(heading)] = below
            assert name.startswith("nnexplain."), name
        assert "&gt;&gt;&gt;" not in html, path  # examples are code and output
    for name in NAMES:
        assert len(text(described[f"nne.{name}"])) > 40, name


@pytest.mark.xdist_group("site")
def test_the_first_page_leads_to_every_object(site: Site) -> None:
    html = (site.folder / "reference" / "index.html").read_text(encoding="utf-8")
    for name in NAMES:
        link = re.search(rf'<a [^>]*href="([^"]+)"[^>]*><code>nne\.{re.escape(name)}</code>', html)
        assert link is not None, name
        page, _, anchor = link[1].partition("#")
        target = site.folder / "reference" / page / "index.html"
        assert f'id="{anchor}"' in target.read_text(encoding="utf-8"), name


@pytest.mark.xdist_group("site")
def test_names_in_sentences_and_signatures_are_links(site: Site) -> None:
    html = (site.folder / "reference" / "derivation" / "index.html").read_text(encoding="utf-8")
    link = 'href="../network/#nnexplain.network.Network"'
    assert re.search(
        rf'class="doc-signature highlight"(?:(?!</pre>).)*{re.escape(link)}', html, re.S
    )
    html = (site.folder / "reference" / "descent" / "index.html").read_text(encoding="utf-8")
    link = 'href="../network/#nnexplain.network.Network.loss"'
    assert re.search(rf"<a [^>]*{re.escape(link)}[^>]*><code>Network.loss</code></a>", html)
    assert not (site.folder / "assets" / "_mkdocstrings.css").exists()


def objects() -> Iterator[tuple[str, Any]]:
    """Yield (name, object) of what is public, and of the described members of classes."""
    for name, identifier in public().items():
        value: Any = nne
        for part in name.split("."):
            value = getattr(value, part)
        if inspect.isclass(value) or inspect.isfunction(value):
            module, _, own = identifier.rpartition(".")
            assert getattr(importlib.import_module(module), own) is value
        else:
            value = type(value)
        yield name, value
        if inspect.isclass(value) and value.__module__.startswith("nnexplain."):
            members = vars(value).items()
            yield from ((f"{name}.{m}", v) for m, v in members if not m.startswith("_"))


def described_too() -> Iterator[tuple[str, Any]]:
    """Yield (name, object) of what the pages describe although it does not stand after `nne.`."""
    for page in (ROOT / "docs" / "reference").glob("*.md"):
        for name in re.findall(r'"(nnexplain\.[\w.]+)(?:\(\))?"', page.read_text(encoding="utf-8")):
            module, _, own = name.rpartition(".")
            value = getattr(importlib.import_module(module), own)
            yield name, value
            members = vars(value).items() if inspect.isclass(value) else ()
            yield from ((f"{name}.{m}", v) for m, v in members if not m.startswith("_"))


def test_every_public_object_has_an_example() -> None:
    without = {
        name
        for name, value in objects()
        if name in NAMES and ">>>" not in (inspect.getdoc(value) or "")
    }
    # Tuples and mappings of names, which the page of the exercise sheets prints.
    assert without == {"exercises.names", "exercises.lessons"}


def test_examples_run_where_only_the_package_is_imported() -> None:
    runner, ran = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False), 0
    for name, value in [*objects(), *described_too()]:
        about = inspect.getdoc(value) or ""
        examples = doctest.DocTestParser().get_examples(about)
        if name.startswith("figures.") or not examples:
            continue  # drawing functions: tests/figures/test_public.py
        module = getattr(inspect.unwrap(getattr(value, "fget", value)), "__module__", "nnexplain")
        imports = needed(module, [example.source for example in examples])
        for example in examples:
            example.source = standalone(example.source) or "pass\n"
        examples.insert(0, doctest.Example(imports or "pass\n", ""))
        runner.run(doctest.DocTest(examples, {"nne": nne, "np": np}, name, None, None, about))
        ran += 1
    assert runner.summarize(verbose=False).failed == 0
    assert ran > 40


def test_examples_are_shown_as_code_and_output() -> None:
    shown = readable("Say so.\n\n>>> x = 1\n>>> x + 1\n2\n\nSee `Network.loss` and `nobody.else`.")
    assert "```python\nx = 1\nx + 1\n```" in shown
    assert "``` { .text .nne-output }\n2\n```" in shown
    assert "[`Network.loss`][nnexplain.network.Network.loss] and `nobody.else`." in shown
