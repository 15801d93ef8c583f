"""What the reproductions page shows: tests/test_worked.py judges the same digits independently."""

from __future__ import annotations

import math

import pytest

from nnexplain.experiments import reproductions as r
from nnexplain.worked import by_hand, worked


@pytest.mark.parametrize("lines", [r.mazur, r.nielsen, r.cs231n, r.goodfellow])
def test_every_printed_digit_is_reproduced(lines: r.Callable[[], r.Lines]) -> None:
    assert [line.quantity for line in lines() if not line.agrees] == []


def test_every_published_number_of_han_kamber_is_on_the_page() -> None:
    example = worked["han_kamber"]
    count = len(example.published) - 1 + len(example.published["new"])
    for ours in (r.exactly, by_hand):
        assert len(r.han_kamber(ours)) == count == 20


def test_every_published_number_of_mazur_is_on_the_page() -> None:
    plain = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
    names = [line.quantity.replace("∂J/∂", "dJ_d").translate(plain) for line in r.mazur()]
    printed = worked["mazur"].published
    rest = {"new", "J_after_one_step", "J_after_10000_steps", "outputs_after_10000_steps"}
    assert set(printed) - rest | {f"new {name}" for name in printed["new"]} == set(names)


def test_a_line_disagrees_when_one_digit_does() -> None:
    assert not r.Line("x", 0.1311, 0.13117).agrees
    assert r.Line("x", 0.1312, 0.13117).agrees
    assert r.Line("x", 0.0000351085, 0.000035085).printed_text == "0.0000351085"


def test_zeros_at_the_end_are_printed_digits() -> None:
    line = r.Line("x", 0.2, 0.206, 2)
    assert (line.printed_text, line.shown, line.agrees) == ("0.20", "0.21", False)
    assert [line.printed_text for line in r.nielsen()] == ["0.82", "0.09", "0.98", "0.20"]


def test_mazurs_two_runs() -> None:
    orders = r.mazur_orders()
    assert round(orders.together, 9) == 0.291027774 != orders.printed
    assert round(orders.outputs_first, 9) == orders.printed
    assert all(line.agrees for line in orders.outputs)
    assert not any(line.agrees for line in orders.outputs_together)
    assert orders.outputs[0].quantity == "a₅ after 10,000 steps"
    assert round(orders.follows, 9) == 0.000035085
    assert orders.follows != pytest.approx(orders.printed_final, rel=1e-4)


def test_saxes_gap_shrinks_with_the_rate_and_the_half_time_is_the_closed_forms() -> None:
    coarse, fine = r.saxe(1e-2), r.saxe(1e-3)
    assert coarse.gap / fine.gap == pytest.approx(10, rel=0.1)
    s, u0 = worked["saxe_linear"].constants["s"], worked["saxe_linear"].constants["u0"]
    assert fine.half_time(0) == pytest.approx(math.log(s / u0 - 1) / (2 * s), abs=0.01)
