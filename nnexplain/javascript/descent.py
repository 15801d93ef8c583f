"""Gradient descent as an ES module: the rule θ ← θ - η ∂J/∂θ, and walks of one prediction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nnexplain.javascript.formulas import Library, loss_module
from nnexplain.losses import Loss


def step(value: Any, learning_rate: Any, slope: Any) -> Any:
    """θ - η ∂J/∂θ: where a step of gradient descent leads; a formula.

    >>> step(2.0, 0.5, -1.0)
    2.5
    """
    return value - learning_rate * slope


def walk_module(records: Iterable[Loss]) -> str:
    """Return an ES module whose `walk` lets a prediction h descend any of these losses.

    It exports `losses` as `loss_module` does, `step`, and `walk(name, y, h, learningRate, steps)`:
    the array of steps + 1 predictions h ← h - η ∂J/∂h, the first of them h. Errors are those of
    `javascript`.

    >>> from nnexplain.losses import losses
    >>> walk_module([losses["linear"]]).count("export")
    3
    """
    library = Library()
    name = library.name(step)
    return f"""{loss_module(records)}{library.text}const step = {name};
export function walk(name, y, h, learningRate, steps) {{
  const path = [h];
  for (let k = 0; k < steps; k += 1) {{
    path.push(step(path[k], learningRate, losses[name].slope(y, path[k])));
  }}
  return path;
}}
export {{step}};
"""
