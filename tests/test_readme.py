"""The README: its picture is what the code draws, its snippet runs, its commands are CI's."""

from __future__ import annotations

import re
from pathlib import Path

import nnexplain as nne
from nnexplain.figures.svg import standalone_svg

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURE = ROOT / "docs" / "assets" / "readme.svg"


def drawn() -> str:
    example = nne.worked["han_kamber"]
    ax = nne.figures.network_diagram(example.network, example.x, example.y, highlight="w14")
    return standalone_svg(ax.get_figure())


def words(svg: str) -> list[str]:
    # matplotlib writes each text as a comment above its outlines.
    return re.findall(r"<!-- (.*?) -->", svg)


def test_the_picture_shows_what_the_code_draws_today() -> None:
    # Outlines differ in the last digits between versions of matplotlib; what they say must not.
    assert words(PICTURE.read_text(encoding="utf-8")) == words(drawn()), (
        'draw it again: python -c "from tests.test_readme import *; PICTURE.write_text(drawn())"'
    )


def snippet() -> str:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    return code


def test_the_snippet_runs() -> None:
    exec(compile(snippet(), "README.md", "exec"), {})


def test_the_mistake_is_named_as_the_comment_says() -> None:
    before, check, named = re.split(r"(^problem\.check.*?)  # ", snippet(), flags=re.MULTILINE)
    names: dict[str, object] = {}
    exec(before, names)
    assert named.startswith(f'"{eval(check, names).mistake}"')


def test_both_commands_make_their_own_environment() -> None:
    commands = re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)
    assert [c.rsplit(" && ", 1)[1] for c in commands] == [
        ".venv/bin/mkdocs serve",
        ".venv/bin/pytest",
    ]
