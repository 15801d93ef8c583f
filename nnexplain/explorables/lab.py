"""The constant-derivative lab: one network trained under six activations, side by side."""

from __future__ import annotations

from typing import Any

from nnexplain.experiments.side_by_side import ACTIVATIONS, NEAR, TASKS, Task, larger
from nnexplain.experiments.zero_slope import SOLVED
from nnexplain.explorables.explorable import Choice, Control, Explorable, Start
from nnexplain.figures.side_by_side import FIRST, LOOKS, RANGES
from nnexplain.javascript import descent_module, family_module, formula_module

_STEPS = 5000
_STARTS = 10
_PIXELS = 2  # width of a line
_CODE = """from nnexplain.experiments.side_by_side import side_by_side

nne.figures.activation_race(side_by_side("{data}", {start}, {rate}, {steps}))"""
# What the page says of a walk: of these words the first that is true.
_WORDS = {
    "diverged": "diverged: its steps were too large",
    "silent": "no signal: the hidden weights stand still",
    "line": "level with the best straight line",
    "start": "at the start",
    "uphill": "this step went uphill: it was too large",
    "rest": "at rest, and not solved",
    "learning": "learning",
}
_SOLVED = {
    "xor": f"solved: J below {SOLVED}",
    "plane": "better than any straight line",
}
_HOW = {
    "xor": "Each picture: h over the square of the two inputs, a deeper tint for a larger h, and "
    "the targets at its corners. In the chart, a mark stands where a walk ends or leaves it.",
    "plane": "Each picture: 20 samples, the target to the right, h upwards. On the line, h = y. "
    "In the chart, a mark stands where a walk ends or leaves it.",
}
# What a picture shows, from low to high: inputs of XOR; targets and predictions of the samples.
_BOXES = {"xor": (-0.25, 1.25), "plane": (-4.0, 4.0)}
# No line at ½: a surface that is ½ everywhere, to the last digits, has none there.
_LEVELS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def lab() -> Explorable:
    """Return the lab: exclusive or or 20 noisy samples, from one of ten starts."""
    return Explorable(
        name="lab",
        label="The constant-derivative lab",
        groups={
            "Steps taken": (
                Control("steps", "steps", "number of steps taken", 0.0, 0.0, float(_STEPS), 1.0),
            ),
            "Length of a step": (
                Control("rate", "learning rate", "learning rate", 0.02, 1e-3, 0.3, 0.1, log=True),
            ),
        },
        choices=(
            Choice("data", "Data", "xor", {"xor": "XOR", "plane": "20 noisy samples"}),
            Choice("start", "Start", "1", {str(k): str(k) for k in range(_STARTS)}),
        ),
        figure=_figure,
        modules={
            "descent.js": descent_module(),
            "lab-signal.js": formula_module({"larger": larger}),
            **{
                f"lab-{name}.js": family_module(
                    {key: task.network(key, 0).structure for key in ACTIVATIONS}
                )
                for name, task in TASKS.items()
            },
        },
        data={
            "first": FIRST,
            "tasks": {name: _task(name, task) for name, task in TASKS.items()},
            "activations": {
                key: {**look._asdict(), "dash": [_PIXELS * on for on in look.dash]}
                for key, look in LOOKS.items()
            },
        },
        situations=(
            {},
            {"steps": 3.0},
            {"steps": 400.0},
            {"steps": 5000.0},
            {"steps": 2000.0, "start": "3", "rate": 0.005},
            {"data": "plane", "rate": 0.005, "steps": 1000.0, "start": "4"},
            {"data": "plane", "rate": 0.1, "steps": 25.0},
        ),
    )


def _figure(start: Start) -> str:
    """Return the code of the figure: the whole walk, or the steps that a place asks for."""
    steps = int(start["steps"]) or _STEPS
    return _CODE.format(**{**start, "steps": steps})


def _task(name: str, task: Task) -> dict[str, Any]:
    net = task.network("identity", 0)
    hidden = set(net.layers[1])
    low, high = RANGES[name]
    x, y = task.data
    return {
        "xs": x.tolist(),
        "ys": y[:, None].tolist(),
        "starts": [task.network("identity", k).vector.tolist() for k in range(_STARTS)],
        # Where the weights in front of the hidden units stand among the parameters.
        "hidden": [
            k for k, each in enumerate(net.names)
            if net.locate(each)[1] in hidden and net.locate(each)[0] is not None
        ],
        "J": {"low": low, "high": high},
        "floor": task.floor,
        "near": [(1 - NEAR) * task.floor, (1 + NEAR) * task.floor],
        "solved": SOLVED if name == "xor" else (1 - NEAR) * task.floor,
        "words": {"solved": _SOLVED[name], **_WORDS},
        "how": _HOW[name],
        "box": _BOXES[name],
        "levels": _LEVELS,
    }  # fmt: skip
