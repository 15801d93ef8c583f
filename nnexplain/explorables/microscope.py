"""The microscope: zoom into a curve until it is its tangent, and nudge its point meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from nnexplain.activation import Activation
from nnexplain.activations import activations
from nnexplain.experiments.magnify import kinks, magnified
from nnexplain.experiments.sensitivity import SQUARE
from nnexplain.explorables.explorable import Choice, Control, Explorable, Start
from nnexplain.formula import Formula
from nnexplain.javascript.formulas import table_module
from nnexplain.palette import ROLES

# x² first: the one function that every reader has differentiated.
RECORDS: Mapping[str, Activation] = {SQUARE.name: SQUARE, **activations}
_CODE = """from nnexplain.experiments.sensitivity import {needs}zoom

nne.figures.microscope(zoom({function}, z={z:g}, nudges=({a:g}, {b:g}, {c:g})))"""
_REACH = 3.8  # of the nudge, as seen in the view


def microscope() -> Explorable:
    """Return the microscope, over the running example's z4 on the sigmoid at first."""
    return Explorable(
        name="microscope",
        label="The microscope",
        groups={
            "Point": (Control("z", "z", "point z on the curve", -0.7, -4.0, 4.0, 0.1),),
            "Zoom": (Control("zoom", "times", "zoom", 1.0, 1.0, 1e6, 0.1, log=True),),
            "Nudge": (Control("nudge", "nudge × zoom", "nudge times zoom: the nudge as it looks in "
                              "the view", 3.0, -_REACH, _REACH, 0.1),),
        },
        choices=(Choice("activation", "Function", "sigmoid", _OPTIONS),),
        figure=_figure,
        modules={"microscope-curves.js": table_module(
            "curves", {name: _formulas(record) for name, record in RECORDS.items()}
        )},
        data={
            "kinks": {name: [asdict(kink) for kink in kinks(r)] for name, r in RECORDS.items()},
            "heights": {name: _heights(record) for name, record in RECORDS.items()},
            "marks": {name: role.mark for name, role in ROLES.items() if role.mark},
        },
        situations=(
            {},
            {"activation": "square", "z": 1.0, "zoom": 10.0, "nudge": 1.0},
            {"activation": "tanh", "z": 0.0, "zoom": 1e6, "nudge": -3.8},
            {"activation": "softsign", "z": -0.1, "zoom": 32.0, "nudge": 3.8},
            {"activation": "relu", "z": 0.0, "zoom": 1e4, "nudge": 2.0},
            {"activation": "step", "z": 0.0, "zoom": 100.0, "nudge": -1.0},
            {"activation": "hard_tanh", "z": 1.5, "zoom": 1.0, "nudge": -2.0},
            {"activation": "gaussian", "z": 0.0, "zoom": 1000.0, "nudge": 1.0},
            {"nudge": 0.0},
        ),
    )  # fmt: skip


_OPTIONS = {name: "square, z²" if name == SQUARE.name else name for name in RECORDS}


def _formulas(record: Activation) -> dict[str, Formula]:
    view = magnified(record)
    return {
        "f": record.formula, "df": record.slope, "foretold": view.foretold, "change": view.change,
        "gap": view.gap, "percent": view.percent,
    }  # fmt: skip


def _heights(record: Activation) -> tuple[float, float]:
    """Return the lowest and highest value that the small map of the whole curve shows."""
    seen = record.f([step / 10 for step in range(-40, 41)])
    margin = max(0.2, 0.1 * float(seen.max() - seen.min()))
    return float(seen.min()) - margin, float(seen.max()) + margin


def _figure(start: Start) -> str:
    square = start["activation"] == SQUARE.name
    # A nudge of 0 has no picture of its own: that of the first state is shown.
    reach = float(start["nudge"]) or 3.0
    return _CODE.format(
        needs="SQUARE, " if square else "",
        function="SQUARE" if square else f'"{start["activation"]}"',
        z=float(start["z"]), a=reach, b=reach / 10, c=reach / 100,
    )  # fmt: skip
