"""Hash versus sigmoid: one nudge under both, at any zoom, and what a step downhill by it does."""

from __future__ import annotations

from nnexplain.activations import activations
from nnexplain.experiments.hash_function import HASH, SIGMOID, Nudged, nudged
from nnexplain.explorables.explorable import Choice, Control, Explorable, Start
from nnexplain.javascript.nudges import FINEST, NEAR, nudge_module

NAMES = {"smooth": SIGMOID, "hash": HASH}
_CODE = """from nnexplain.experiments.hash_function import views

nne.figures.hash_microscope(views({z:g}, reaches={reaches}, points={points}))"""


def hash_versus_sigmoid() -> Explorable:
    """Return the sigmoid beside SHA-256, both nudged at the same z.

    Every z is a whole number of eighths and every nudge a power of two, so that all places shown
    are floats and page and package hash the same bytes.
    """
    return Explorable(
        name="hash-versus-sigmoid",
        label="Hash versus sigmoid",
        groups={
            "Place": (Control("z", "z", "place z", 0.5, -4.0, 4.0, 0.125),),
            "Nudge": (Control("halvings", "halvings", "how often the nudge of 1 is halved",
                              0.0, 0.0, float(FINEST), 1.0),),
        },
        choices=(
            Choice("heights", "Heights", "full", {
                "full": "0 to 1", "magnified": "magnified too",
            }),
        ),
        figure=_figure,
        modules={"hash-versus-sigmoid-nudges.js": nudge_module(activations["sigmoid"])},
        data={"finest": FINEST},
        situations=(
            {},
            {"halvings": 10.0},
            {"halvings": 30.0, "z": -4.0, "heights": "magnified"},
            {"halvings": 20.0, "z": 1.875},
            {"halvings": 7.0, "z": 0.0, "heights": "magnified"},
        ),
    )  # fmt: skip


def _figure(start: Start) -> str:
    # Below the state itself stands the closest view, which a reader without scripts cannot reach.
    reaches = {2 * 2.0 ** -float(start["halvings"]), 2 * 2.0**-FINEST}
    return _CODE.format(
        z=float(start["z"]), reaches=sorted(reaches, reverse=True), points=4 * NEAR + 1
    )


def shown(state: Start) -> dict[str, Nudged]:
    """Return what the explorable measures in a state, for the sigmoid and for the hash.

    >>> shown(hash_versus_sigmoid().state({"halvings": 2.0}))["smooth"].nudge
    0.25
    """
    z, nudge = float(state["z"]), 2.0 ** -float(state["halvings"])
    return {name: nudged(record, z, nudge) for name, record in NAMES.items()}


def promises_kept(z: float) -> dict[str, int]:
    """Return how many of all nudges lead to a step that does, within a tenth, what it promised.

    >>> promises_kept(0.5)
    {'smooth': 29, 'hash': 1}
    """
    steps = {
        name: [nudged(record, z, 2.0**-k) for k in range(FINEST + 1)]
        for name, record in NAMES.items()
    }
    return {
        name: sum(abs(step.happened - step.promised) <= -0.1 * step.promised for step in taken)
        for name, taken in steps.items()
    }
