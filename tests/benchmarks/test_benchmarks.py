"""The benchmark runs and compares like with like; how fast anything is, no test asserts."""

from __future__ import annotations

import numpy as np
import pytest

from nnexplain import Network
from tests.benchmarks.__main__ import main
from tests.benchmarks.contenders import CONTENDERS, NAMES


def test_contenders_compute_our_gradient() -> None:
    net = Network([3, 2, 1], seed=0)
    rng = np.random.default_rng(1)
    assert net.names == NAMES
    for samples in (1, 32):
        x, y = rng.standard_normal((samples, 3)), rng.random(samples)
        theirs = CONTENDERS["plain NumPy"](net)(x, y)
        assert theirs == pytest.approx(net.gradient(x, y), rel=1e-12)


def test_the_table_is_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only the contender that is always there: the others take seconds to load.
    for name in set(CONTENDERS) - {"plain NumPy"}:
        monkeypatch.delitem(CONTENDERS, name)
    main(samples=(1, 32), count=3, budget=1e-4)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["our", "time", "/", "theirs", "N", "=", "1", "32"]
    assert [line.split()[0] for line in lines[1:]] == ["plain", "asked"]
    assert all(float(ratio) > 0 for ratio in lines[1].split()[2:])
