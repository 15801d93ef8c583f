"""The figure of a step without a factor: what the artists hold, and what the words say."""

from __future__ import annotations

from typing import Any

import pytest

import nnexplain as nne
from nnexplain.experiments.dropped_factor import step_without
from nnexplain.figures import description, dropped_factor, svg
from nnexplain.numbers import format_number

from .conftest import overlapping

EXAMPLE = nne.worked["han_kamber"]


def derived(name: str, **parameters: float) -> Any:
    net = EXAMPLE.network.replace(parameters=parameters)
    return nne.derive(net, name).at(EXAMPLE.x, EXAMPLE.y)


@pytest.mark.parametrize(
    ("at", "missing", "rate"),
    [
        (derived("w14"), ("w46",), 0.9),
        (derived("w14"), (), 0.9),
        (derived("w14"), ("hidden_slope", "input"), 90.0),
        (derived("w35", w56=4.0, b5=-3.0), ("weight",), 5.0),
        (derived("b6"), ("error",), 2.0),
        (derived("w24"), ("input",), 0.9),
    ],
)
def test_both_steps_stand_where_they_end(at: Any, missing: tuple[str, ...], rate: float) -> None:
    ax = dropped_factor(at, *missing, learning_rate=rate)
    steps = [step_without(at, learning_rate=rate)]
    if missing:
        steps.append(step_without(at, *missing, learning_rate=rate))
    ends = [line.get_xydata().tolist() for line in ax.lines if line.get_marker() in ("o", "X")]
    assert ends == [[[step.end, step.after]] for step in steps]
    assert overlapping(ax) == ([], [])
    words = description(ax)
    for step, row in zip(steps, words.table[1:], strict=True):
        assert row[1] == format_number(step.slope)
        assert (row[-1] == "uphill") == (step.after > step.before)
        assert (row[-1] == "downhill") == (step.after < step.before)
    assert len(svg.themed_svg(ax.figure, "x")) < 60_000


@pytest.mark.parametrize("rate", [-1, 0])
def test_a_step_needs_a_learning_rate_above_0(rate: float) -> None:
    with pytest.raises(nne.NnexplainError, match=f"learning_rate must be above 0, got {rate}"):
        dropped_factor(derived("w14"), learning_rate=rate)
