"""The record of a claim, and the register of all of them."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from nnexplain.errors import NnexplainError, UnknownNameError
from nnexplain.numbers import format_number


class Verdict(Enum):
    """What running a claim shows."""

    TRUE = "true"
    NEARLY = "nearly true"
    CONDITIONS = "true under conditions"
    FALSE = "false"


@dataclass(frozen=True)
class Evidence:
    """What a claim's function found: the verdict and the numbers for its sentence."""

    verdict: Verdict
    numbers: Mapping[str, float]


@dataclass(frozen=True)
class Claim:
    """A statement, whoever made it, with what is right and the function that shows it.

    `says` is the statement in our words, `source` who made it ("thread" or "nnexplain"), and
    `finding` the right statement with {slots} for the evidence's numbers. `references` are keys
    of the bibliography.

    >>> claims["A3"].judge().verdict
    <Verdict.TRUE: 'true'>
    """

    id: str
    source: str
    says: str
    finding: str
    evidence: Callable[[], Evidence]
    references: tuple[str, ...] = ()

    def judge(self) -> Evidence:
        """Run the evidence; raises if a slot of `finding` has no finite number."""
        evidence = self.evidence()
        slots = {name for _, name, _, _ in string.Formatter().parse(self.finding) if name}
        if slots != set(evidence.numbers):
            raise NnexplainError(
                f"claim {self.id}: its sentence has the slots {sorted(slots)}, "
                f"its evidence the numbers {sorted(evidence.numbers)}; make them agree"
            )
        return evidence

    def sentence(self, evidence: Evidence) -> str:
        """Return `finding` with its numbers, floats to four significant digits."""
        return self.finding.format(**{k: _written(v) for k, v in evidence.numbers.items()})


def _written(value: float) -> str:
    grouped = isinstance(value, int) and 10_000 <= abs(value) < 1_000_000
    return f"{value:,}" if grouped else format_number(value)


class Claims(Mapping[str, Claim]):
    """All claims by id.

    >>> claims["A44"]
    Traceback (most recent call last):
    nnexplain.errors.UnknownNameError: unknown claim 'A44'; did you mean 'A4'? Allowed: ...
    """

    def __init__(self) -> None:
        self._records: dict[str, Claim] = {}

    def __getitem__(self, id: str) -> Claim:  # noqa: A002
        """Return the claim called `id`."""
        if id not in self._records:
            raise UnknownNameError("claim", id, self._records)
        return self._records[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def register(
        self,
        id: str,  # noqa: A002
        *,
        source: str,
        says: str,
        finding: str,
        references: tuple[str, ...] = (),
    ) -> Callable[[Callable[[], Evidence]], Callable[[], Evidence]]:
        """Return a decorator that makes a function the evidence of a new claim."""
        if id in self._records:
            raise NnexplainError(f"claim {id!r} exists already; choose another id")

        def keep(evidence: Callable[[], Evidence]) -> Callable[[], Evidence]:
            self._records[id] = Claim(id, source, says, finding, evidence, references)
            return evidence

        return keep


claims = Claims()
