"""What a network may be made of, checked before it is made.

Every refusal says what was given, what is allowed and how to mend it; nothing is coerced silently.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import SupportsIndex

import numpy as np
import numpy.typing as npt

from nnexplain.activations import Activation, activations
from nnexplain.errors import NnexplainError, UnknownNameError, real_array, whole_number
from nnexplain.losses import Loss, losses
from nnexplain.numbering import Numbering

Array = npt.NDArray[np.float64]
INITIALISATIONS = ("normal", "xavier", "he")


def dashed(sizes: Sequence[int]) -> str:
    """Return sizes as people say them.

    >>> dashed((3, 2, 1))
    '3-2-1'
    """
    return "-".join(map(str, sizes))


def layer_sizes(sizes: Iterable[SupportsIndex]) -> tuple[int, ...]:
    """Return sizes as a tuple of at least two whole numbers of 1 or more.

    >>> layer_sizes([3, 2, 0])
    Traceback (most recent call last):
    nnexplain.errors.NnexplainError: sizes must be at least two whole numbers of 1 or more, ...
    """
    try:
        whole = tuple(whole_number(size, "a size", 1) for size in sizes)
    except (TypeError, NnexplainError):
        whole = ()
    if len(whole) < 2:
        raise NnexplainError(
            "sizes must be at least two whole numbers of 1 or more, inputs first, "
            f"for instance [3, 2, 1]; got {sizes!r}"
        )
    return whole


def activation_records(
    given: str | Activation | Iterable[str | Activation], count: int
) -> tuple[Activation, ...]:
    """Return one record for each of `count` layers of parameters, from one name or a list of them.

    >>> [record.name for record in activation_records("tanh", 2)]
    ['tanh', 'tanh']
    """
    if isinstance(given, str | Activation):
        return (_activation(given),) * count
    if not isinstance(given, Iterable):
        raise NnexplainError(
            f"activation must be a name, a record or a list of them, got {given!r}; "
            f"allowed names: {', '.join(activations)}"
        )
    records = tuple(map(_activation, given))
    if len(records) != count:
        raise NnexplainError(
            f"activation must be one name or one for each of the {count} layers of parameters, "
            f"got {len(records)}; the inputs have none"
        )
    return records


def _activation(given: str | Activation) -> Activation:
    return given if isinstance(given, Activation) else activations[given]


def loss_record(given: str | Loss) -> Loss:
    """Return the record of a loss given by name or as a record.

    >>> loss_record("mse").name
    'mse'
    """
    return given if isinstance(given, Loss) else losses[given]


def parameter_vector(parameters: Mapping[str, float], numbering: Numbering) -> Array:
    """Return the values of all parameters in the order of their names; none missing, none surplus.

    >>> parameter_vector({"b2": 5, "w12": 2}, Numbering((1, 1)))
    array([2., 5.])
    """
    check_mapping(parameters, numbering)
    if tuple(parameters) != numbering.names:
        _check_names(parameters, numbering)
    values = [parameters[name] for name in numbering.names]
    # A finite sum proves that all are finite; what is no plain float is looked at one by one.
    if all(type(value) is float for value in values) and math.isfinite(sum(values)):
        return np.array(values)
    return np.array(list(map(_number, values, numbering.names)))


def check_mapping(parameters: Mapping[str, float], numbering: Numbering) -> None:
    """Raise unless parameters are given as a mapping.

    >>> check_mapping([2, 5], Numbering((1, 1)))
    Traceback (most recent call last):
    nnexplain.errors.NnexplainError: parameters must map names to values, for instance ...; got list
    """
    if not isinstance(parameters, Mapping):
        raise NnexplainError(
            "parameters must map names to values, for instance "
            f"{{{numbering.names[0]!r}: 0.2, ...}}; got {type(parameters).__name__}"
        )


def _check_names(parameters: Mapping[str, float], numbering: Numbering) -> None:
    for name in parameters:
        numbering.locate(name)
    missing = [name for name in numbering.names if name not in parameters]
    if missing:
        raise NnexplainError(
            f"missing parameters: {', '.join(missing)}; this {dashed(numbering.sizes)} network "
            f"needs {', '.join(numbering.names)}"
        )


def _number(value: float, name: str) -> float:
    array = real_array(value, f"parameter {name}")
    if array.ndim:
        raise NnexplainError(
            f"parameter {name} must be one number, got shape {array.shape}; "
            "for many parameter sets at once see gradients_at"
        )
    return float(array)


def drawn_vector(
    shapes: Iterable[tuple[int, int]], seed: SupportsIndex, initialisation: str
) -> Array:
    """Draw the matrices (W | b) of the given shapes from a seed; see `Network` for the choices.

    >>> drawn_vector([(1, 3)], seed=0, initialisation="he").round(2)
    array([ 0.13, -0.13,  0.  ])
    """
    if initialisation not in INITIALISATIONS:
        raise UnknownNameError("initialisation", initialisation, INITIALISATIONS)
    rng = np.random.default_rng(whole_number(seed, "seed", 0))
    matrices = []
    for units, width in shapes:
        matrix = rng.standard_normal((units, width))
        if initialisation != "normal":
            fan = width - 1 + (units if initialisation == "xavier" else 0)
            matrix *= math.sqrt(2 / fan)
            matrix[:, -1] = 0.0
        matrices.append(matrix.ravel())
    return np.concatenate(matrices)


def sample_rows(x: npt.ArrayLike, sizes: Sequence[int]) -> tuple[Array, bool]:
    """Return x as feature-major samples (n, N), and whether it was a single sample.

    >>> sample_rows([[1, 2], [3, 4], [5, 6]], (2, 1))[0].shape
    (2, 3)
    """
    array, n = real_array(x, "x"), sizes[0]
    if array.ndim == 2 and array.shape[1] == n:
        if len(array) == 0:
            raise NnexplainError(f"x has no samples: shape {array.shape}; give at least one row")
        return array.T, False
    if array.shape == (n,):
        return array[:, None], True
    raise NnexplainError(
        f"x must have shape ({n},) for one sample or (N, {n}) for N samples of this "
        f"{dashed(sizes)} network, got {array.shape}"
    )


def target_rows(y: npt.ArrayLike, outputs: int, count: int, single: bool, loss: Loss) -> Array:
    """Return the targets y of `count` samples feature-major, (outputs, N).

    >>> target_rows([0, 1], 1, 2, False, losses["mse"])
    array([[0., 1.]])
    """
    array = real_array(y, "y")
    full = (outputs,) if single else (count, outputs)
    if array.shape != full and (outputs > 1 or array.shape != full[:-1]):
        allowed = str(full) if outputs > 1 else f"{full} or {full[:-1]}"
        raise NnexplainError(
            f"y must have shape {allowed} for this x and "
            f"{outputs} output{'s' * (outputs > 1)}, got {array.shape}"
        )
    loss.check_targets(array)
    return array.reshape(1, count) if outputs == 1 else array.reshape(count, outputs).T


def parameter_points(points: npt.ArrayLike, names: Sequence[str], what: str = "points") -> Array:
    """Return parameter sets (..., count), each in the order of `names`; `what` is the argument.

    >>> parameter_points([[2, 5], [2, 4]], ["w12", "b2"]).shape
    (2, 2)
    """
    array = real_array(points, what)
    if array.ndim == 0 or array.shape[-1] != len(names):
        raise NnexplainError(
            f"{what} must have shape (..., {len(names)}), the last axis in the order "
            f"{', '.join(names)}; got {array.shape}"
        )
    return array


def starting_points(starts: npt.ArrayLike, names: Sequence[str]) -> Array:
    """Return parameter sets (P, count) to start from, at least one.

    >>> starting_points([[2, 5]], ["w12", "b2"]).shape
    (1, 2)
    """
    array = parameter_points(starts, names, "starts")
    if array.ndim != 2 or len(array) == 0:
        raise NnexplainError(
            f"starts must have shape (P, {len(names)}) with at least one parameter set, "
            f"got {array.shape}"
        )
    return array
