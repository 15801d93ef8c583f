"""Numbers in sentences and code in fences: what a page's text becomes, and how it fails."""

from __future__ import annotations

from typing import Any

import pytest

from nnexplain.pages.expand import Sheet, results
from nnexplain.pages.pieces import PageError, Piece, joined, split


def page(text: str, **names: Any) -> str:
    sheet = Sheet(
        names,
        show_figure=lambda value, name, code, place: f"<figure id={name}>{value}</figure>",
        show_output=lambda value: f"$${value}$$" if isinstance(value, complex) else None,
    )
    parts = split(text, "learn/x.md")
    return joined(parts, results([part for part in parts if isinstance(part, Piece)], sheet))


def test_numbers_are_filled_into_sentences() -> None:
    assert page("J is {{ j }}, h {{ h:.2f }}.", j=0.13839645, h=-0.4738) == "J is 0.1384, h −0.47."


def test_a_colon_inside_an_expression_is_not_a_format() -> None:
    assert page("{{ d['a:b'] }} {{ t[1:2] }} {{ f(lambda: 3):.1f }}",
                d={"a:b": 1}, t="xyz", f=lambda g: g()) == "1 y 3.0"  # fmt: skip


def test_code_spans_and_other_fences_are_left_alone() -> None:
    text = "`{{ x }}` and ``{{ `x` }}``\n\n```text\n{{ x }}\n```\n\n```python\n{{ x }}\n```"
    assert page(text) == text


def test_a_slot_alone_on_its_line_keeps_the_indent_of_a_block() -> None:
    assert page("    {{ block }}", block="one\n\ntwo") == "    one\n\n    two"


def test_run_shows_the_code_and_its_true_output() -> None:
    shown = page("```python run\na = 6 * 7\nprint('a is', a)\na + 1\n```\n{{ a }}")
    assert "```python\na = 6 * 7\nprint('a is', a)\na + 1\n```" in shown
    assert "``` { .text .nne-output }\na is 42\n43\n```" in shown
    assert shown.endswith("42")


def test_run_shows_rich_values_richly() -> None:
    assert "$$2j$$" in page("```python run\n2j\n```")


def test_setup_leaves_no_trace_but_its_names() -> None:
    assert page("```python setup\nk = 2\n```\n{{ k }}") == "2"


def test_figure_hands_over_its_last_value() -> None:
    assert "<figure id=bars>3</figure>" in page("```python figure bars\n1 + 2\n```")


def test_an_indented_block_stays_indented() -> None:
    shown = page("!!! note\n\n    ```python run\n    print(1)\n    ```")
    assert all(line.startswith("    ") for line in shown.split("\n")[2:] if line)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("one\ntwo {{ 1/0 }}", r"learn/x.md:2: \{\{ 1/0 \}\}: ZeroDivisionError"),
        ("{{ nope }}", "learn/x.md:1: .*NameError: name 'nope'"),
        ("{{ [1] }}", "learn/x.md:1: .*cannot put a list into a sentence"),
        ("{{ 1 + }}", "learn/x.md:1: .*not a Python expression"),
        ("a\n```python run\nx = 1\ny = x / 0\n```", "learn/x.md:4: ZeroDivisionError"),
        ("a\n```python run\nx = (\n```", "learn/x.md:3: "),
        ("```python run\nimport warnings\nwarnings.warn('hm')\n```", "learn/x.md:3: UserWarning"),
        ("```python runn\n1\n```", "learn/x.md:1: a python fence cannot 'runn'; allowed: run"),
        ("```python figure\n1\n```", "learn/x.md:1: a figure fence needs one name"),
        ("a\n```python run\n1", "learn/x.md:2: the fence ``` is never closed"),
    ],
)
def test_errors_name_the_page_and_the_line(text: str, message: str) -> None:
    with pytest.raises(PageError, match=message):
        page(text)
