"""The benchmark of planes runs and compares like with like; how fast it is, no test asserts."""

from __future__ import annotations

import pytest

from tests.benchmarks.landscape import PAIRS, main


def test_the_table_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    main(points=7, samples=3, rounds=1)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines[2:-1]] == [", ".join(pair) for pair in PAIRS]
    assert all(float(value) >= 0 for line in lines[2:-1] for value in line.split()[2:])
