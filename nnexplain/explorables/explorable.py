"""The record of an explorable: everything about it but how it is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nnexplain.errors import NnexplainError, UnknownNameError

Start = Mapping[str, float | str]
"""A state: a number for every control, an allowed word for every choice."""

_LEAST_PART = 0.05


@dataclass(frozen=True)
class Control:
    """One number of the state, with a slider from `low` to `high` in steps of `step`.

    `name` stands in links, `label` before the slider, `words` are its name when read aloud. With
    `log` the slider moves in powers of ten, `step` is a part of one, and what it sets has two
    digits.

    >>> Control("eta", "η", "learning rate", 0.9, 0, 100, 0.05, log=True)
    Traceback (most recent call last):
    nnexplain.errors.NnexplainError: a slider of powers of ten needs low > 0 and steps of...
    """

    name: str
    label: str
    words: str
    value: float
    low: float
    high: float
    step: float
    log: bool = False

    def __post_init__(self) -> None:
        # With smaller steps two neighbours may round to the same digits: a key would do nothing.
        if self.log and (self.low <= 0 or self.step < _LEAST_PART):
            raise NnexplainError(
                f"a slider of powers of ten needs low > 0 and steps of at least {_LEAST_PART} "
                f"powers, got low {self.low:g} and step {self.step:g} for {self.name}"
            )

    def check(self, value: Any) -> None:
        """Raise unless `value` is a number in range."""
        number = isinstance(value, int | float) and math.isfinite(value)
        if not number or not self.low <= value <= self.high:
            raise NnexplainError(
                f"{self.name} goes from {self.low:g} to {self.high:g}, got {value!r}; "
                "choose a number in this range"
            )


@dataclass(frozen=True)
class Choice:
    """One word of the state, chosen from a list: `options` gives each word its text.

    `drawn` is False where the view itself draws what changes it, a box to tick for instance.

    >>> Choice("eta", "Learning rate", "slow", {"slow": "0.1", "fast": "10"}).check("quick")
    Traceback (most recent call last):
    nnexplain.errors.UnknownNameError: unknown eta 'quick'. Allowed: slow, fast
    """

    name: str
    words: str
    value: str
    options: Mapping[str, str]
    drawn: bool = True

    def check(self, value: Any) -> None:
        """Raise unless `value` is one of the options."""
        if value not in self.options:
            raise UnknownNameError(self.name, value, self.options)


@dataclass(frozen=True)
class Explorable:
    r"""An explorable, for `{{ explorable("name") }}` and for its page of its own.

    Arguments:
        name: in addresses; docs/assets/explorables/<name>.js draws it.
        label: its heading.
        groups: the sliders in groups, by the group's heading.
        choices: what else can be chosen.
        figure: from a state, the code of the figure that stands there without a script.
        modules: generated ES modules by file name, which the drawing module imports.
        formulas: displayed formulas in TeX by key; every \text{a.4} is a slot for a number of that
            path (`a[4]` of the module's `trace`, for instance).
        symbols: small formulas in TeX by key.
        data: whatever else the drawing module needs, as JSON.
        situations: changes of the initial state at which tests compare it with Python.

    """

    name: str
    label: str
    groups: Mapping[str, tuple[Control, ...]]
    choices: tuple[Choice, ...]
    figure: Callable[[Start], str]
    modules: Mapping[str, str]
    formulas: Mapping[str, str] = field(default_factory=dict)
    symbols: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    situations: tuple[Start, ...] = ({},)

    @property
    def entries(self) -> dict[str, Control | Choice]:
        """Every control and choice by name."""
        entries: list[Control | Choice] = [c for group in self.groups.values() for c in group]
        return {entry.name: entry for entry in (*entries, *self.choices)}

    def state(self, changes: Start) -> dict[str, float | str]:
        """Return the initial state with some of it changed.

        Raises `NnexplainError` for an unknown name and for a value that is not allowed.
        """
        entries = self.entries
        for name, value in changes.items():
            if name not in entries:
                raise UnknownNameError(f"part of {self.name}", name, entries)
            entries[name].check(value)
        return {name: entry.value for name, entry in entries.items()} | dict(changes)
