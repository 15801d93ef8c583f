"""The printed facts of the activations: one row each, no cell torn by a bar, every formula set."""

from __future__ import annotations

import re

import markdown
import pytest

from nnexplain.activations import activations
from nnexplain.pages.maths import mathml
from nnexplain.pages.show import activation_table


@pytest.fixture(scope="module")
def rows() -> list[str]:
    html = markdown.markdown(activation_table(), extensions=["tables"])
    return re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)[1:]


def test_every_activation_has_a_row_of_five_cells(rows: list[str]) -> None:
    assert [re.search(r"<strong>(\w+)", row)[1] for row in rows] == list(activations)
    assert {row.count("<td") for row in rows} == {5}


def test_facts_are_those_of_the_record(rows: list[str]) -> None:
    by_name = dict(zip(activations, rows, strict=True))
    assert "z ≤ 0" in by_name["relu"]
    assert "f′(0) = 0" in by_name["relu"]
    assert "it fades as |z| grows" in by_name["sigmoid"]
    assert "0.25" in by_name["sigmoid"]
    assert "none" in by_name["tanh"]


def test_every_formula_can_be_set(rows: list[str]) -> None:
    for row in rows:
        assert "<math" in mathml(
            re.search(r"\$(.*?)\$", row)[1].replace("&gt;", ">"), display=False
        )
