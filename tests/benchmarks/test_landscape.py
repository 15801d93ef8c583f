"""The benchmark of planes runs and compares like with like; how fast it is, no test asserts."""

from __future__ import annotations

import re

import pytest

from tests.benchmarks.landscape import PAIRS, main


def test_the_table_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    main(points=7, samples=3, rounds=1)
    lines = capsys.readouterr().out.splitlines()
    axes = [", ".join(pair) for pair in PAIRS]
    assert [line[:12].strip() for line in lines[2:-1]] == [*axes, "all pairs"]
    numbers = [re.findall(r"[\d.]+", line[12:]) for line in lines[2:-1]]
    assert [len(row) for row in numbers] == [6] * len(PAIRS) + [2]
    assert all(float(value) >= 0 for row in numbers for value in row)
