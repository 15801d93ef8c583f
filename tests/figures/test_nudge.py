"""J along one weight: the drawn curve, tangent and words against the textbook's network."""

from __future__ import annotations

import numpy as np
import pytest

from nnexplain.experiments.loss import sweep
from nnexplain.figures import description, loss_along
from nnexplain.worked import worked
from tests.explorables.test_nudge import truth
from tests.figures.conftest import overlapping

EXAMPLE = worked["han_kamber"]
GRID = np.linspace(-8, 8, 161)


@pytest.mark.parametrize("w14", [-8.0, 0.2, 0.9, 8.0])
def test_the_curve_and_its_tangent(w14: float) -> None:
    net = EXAMPLE.network.replace(parameters={"w14": w14})
    ax = loss_along(sweep(net, [EXAMPLE.x], [EXAMPLE.y], "w14", GRID))
    line, tangent, point = ax.lines
    assert line.get_ydata() == pytest.approx([truth(w)[0] for w in GRID], rel=1e-12)
    J, slope = truth(w14)
    (x0, x1), (y0, y1) = tangent.get_data()
    assert (y1 - y0) / (x1 - x0) == pytest.approx(slope, rel=1e-9)
    assert (point.get_xdata()[0], point.get_ydata()[0]) == pytest.approx((w14, J))
    assert overlapping(ax) == ([], [])


def test_its_words_have_the_numbers() -> None:
    ax = loss_along(sweep(EXAMPLE.network, [EXAMPLE.x], [EXAMPLE.y], "w14", GRID))
    about = description(ax)
    assert "J goes from 0.126 to 0.166" in about.alt
    assert "slope 0.00872" in about.alt
    assert "partial derivative, 0.00872" in about.caption
    assert len(about.table) == 10
