"""Landscapes and directions: axes, ranges, projections, and what may not be asked."""

from __future__ import annotations

import subprocess
import sys

import mpmath as mp
import numpy as np
import pytest

import nnexplain as nne
from nnexplain.landscape import Landscape
from nnexplain.worked import worked

HAN = worked["han_kamber"]


@pytest.fixture
def net() -> nne.Network:
    return HAN.network


@pytest.fixture
def view(net: nne.Network) -> Landscape:
    return nne.landscape(net, HAN.x, HAN.y, "w14", "w46", points=11)


def test_the_function_is_what_the_package_calls_landscape() -> None:
    code = (
        "import nnexplain as nne, nnexplain.landscape, nnexplain.curvature\n"
        "from nnexplain.landscape import Landscape\n"
        "net = nne.Network([1, 1], seed=0)\n"
        "assert isinstance(nne.landscape(net, [1], 1, 'w12', 'b2', points=2), Landscape)\n"
        "nne.curvature(net, [1], 1)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_axes_are_values_of_the_parameters(net: nne.Network, view: Landscape) -> None:
    assert view.names == ("w14", "w46")
    assert view.centre == (0.2, -0.3)
    assert (view.first[0], view.first[-1]) == (-4.8, 5.2)
    for i, j in ((0, 0), (3, 7), (10, 10)):
        changed = net.replace(parameters={"w14": view.first[i], "w46": view.second[j]})
        assert view.loss[i, j] == pytest.approx(changed.loss(HAN.x, HAN.y), rel=1e-13)
        assert view.network_at(view.first[i], view.second[j]).parameters == changed.parameters


def test_the_lowest_grid_point(view: Landscape) -> None:
    first, second, loss = view.lowest
    assert loss == view.loss.min()
    assert view.network_at(first, second).loss(HAN.x, HAN.y) == pytest.approx(loss, rel=1e-13)


def test_directions_count_from_the_network(net: nne.Network) -> None:
    rng = np.random.default_rng(0)
    one, other = (nne.Direction(f"d{k}", rng.standard_normal(11)) for k in range(2))
    view = nne.landscape(net, HAN.x, HAN.y, one, other, points=3)
    assert view.centre == (0.0, 0.0)
    assert view.loss[1, 1] == pytest.approx(net.loss(HAN.x, HAN.y), rel=1e-13)
    corner = net.vector - 5 * one.vector + 5 * other.vector
    assert view.loss[0, 2] == pytest.approx(net.losses_at(corner, HAN.x, HAN.y), rel=1e-13)


def test_projection_is_the_nearest_point_also_on_oblique_axes(net: nne.Network) -> None:
    rng = np.random.default_rng(1)
    one = nne.Direction("one", rng.standard_normal(11))
    other = nne.Direction("other", one.vector + 0.3 * rng.standard_normal(11))
    view = nne.landscape(net, HAN.x, HAN.y, one, other, points=2)
    beside = rng.standard_normal((4, 11))
    nearest = view.point(*view.project(beside).T)
    rest = beside - nearest
    assert abs(rest @ one.vector).max() < 1e-12
    assert abs(rest @ other.vector).max() < 1e-12
    assert view.distance(beside) == pytest.approx(np.linalg.norm(rest, axis=1), rel=1e-12)
    inside = view.point([0.5, 2.0], [1.0, -3.0])
    assert view.project(inside) == pytest.approx(np.array([[0.5, 1.0], [2.0, -3.0]]))
    assert view.distance(inside).max() < 1e-12


def test_cover_keeps_a_path_in_view(net: nne.Network) -> None:
    path = net.vector + np.linspace(0, 1, 20)[:, None] * np.linspace(-8, 30, 11)
    view = nne.landscape(net, HAN.x, HAN.y, "w14", "w46", cover=path, points=5)
    seen = view.project(path)
    assert seen[0] == pytest.approx(view.centre)
    for values, column in ((view.first, seen.T[0]), (view.second, seen.T[1])):
        assert values[0] < column.min() < column.max() < values[-1]


def test_slopes_are_the_gradient_along_the_axes(net: nne.Network, view: Landscape) -> None:
    slopes = view.slopes()
    gradient = view.network_at(view.first[2], view.second[9]).gradient(HAN.x, HAN.y)
    assert slopes[2, 9] == pytest.approx([gradient["w14"], gradient["w46"]], rel=1e-12)


def test_profile_is_a_row_of_the_plane(net: nne.Network) -> None:
    line = nne.profile(net, HAN.x, HAN.y, "w46", value_range=(-3, 3), points=7)
    view = nne.landscape(net, HAN.x, HAN.y, "w46", "w14", first_range=(-3, 3),
                         second_range=(0.2, 1), points=7)  # fmt: skip
    assert line.values.tolist() == view.first.tolist()
    assert line.loss == pytest.approx(view.loss[:, 0], rel=1e-13)
    assert (line.name, line.centre) == ("w46", -0.3)
    assert line.points[0] == pytest.approx(net.replace(parameters={"w46": -3}).vector)


def test_steepest_is_steepest_among_directions_of_its_length(net: nne.Network) -> None:
    rng = np.random.default_rng(2)
    gradient = np.array(list(net.gradient(HAN.x, HAN.y).values()))
    lengths = rng.uniform(0.1, 10, 11)
    for scale in (None, lengths):
        way = nne.steepest_direction(net, HAN.x, HAN.y, lengths=scale).vector
        size = np.ones(11) if scale is None else scale
        assert np.linalg.norm(size * way) == pytest.approx(1)
        others = rng.standard_normal((10_000, 11))
        others /= np.linalg.norm(size * others, axis=1, keepdims=True)
        assert gradient @ way < (others @ gradient).min()
    # Another length, another steepest direction.
    plain = nne.steepest_direction(net, HAN.x, HAN.y).vector
    assert way @ plain / np.linalg.norm(way) < 0.99


def direction_by_mpmath(net: nne.Network, lengths: list[float]) -> list[float]:
    """-∇J/l² with the length 1, where neither over- nor underflows."""
    slopes = [mp.mpf(g) for g in net.gradient([1], 0).values()]
    way = [-g / mp.mpf(size) ** 2 for g, size in zip(slopes, lengths, strict=True)]
    length = mp.sqrt(sum((mp.mpf(size) * d) ** 2 for d, size in zip(way, lengths, strict=True)))
    return [float(d / length) for d in way]


@pytest.mark.parametrize(
    ("activation", "weight", "lengths"),
    [
        ("identity", 1e160, None),
        ("sigmoid", 400.0, None),
        ("identity", 2.0, [1e-200, 1.0]),
        ("identity", 2.0, [1e200, 1e200]),
        ("identity", 1e160, [1e-160, 1e-150]),
    ],
)
def test_steepest_also_where_squares_are_no_floats(
    activation: str, weight: float, lengths: list[float] | None
) -> None:
    net = nne.Network([1, 1], activation, {"w12": weight, "b2": 5.0})
    way = nne.steepest_direction(net, [1], 0, lengths=lengths).vector
    assert way == pytest.approx(direction_by_mpmath(net, lengths or [1.0, 1.0]), rel=1e-15, abs=0)


def test_filter_normalised_directions_have_the_network_s_lengths() -> None:
    net = nne.Network([3, 4, 2], seed=5)
    way = nne.random_direction(net, seed=1)
    for moved, own in zip(*map(net.structure.matrices, (way.vector, net.vector)), strict=True):
        lengths = np.linalg.norm(moved[:, :-1], axis=1)
        assert lengths == pytest.approx(np.linalg.norm(own[:, :-1], axis=1), rel=1e-14)
        assert not moved[:, -1].any()
    plain = nne.random_direction(net, seed=1, filter_normalised=False)
    assert np.linalg.norm(plain.vector) == pytest.approx(1)
    assert plain.vector[0] / plain.vector[1] == pytest.approx(way.vector[0] / way.vector[1])


def test_filter_normalisation_undoes_a_rescaling_of_relu_units() -> None:
    # A ReLU unit's weights times 10 and its outgoing weight by 10 make the same function (Li2018).
    net = nne.Network([1, 1, 1], "relu", {"w12": 0.5, "b2": 0, "w23": 2, "b3": 0})
    same = net.replace(parameters={"w12": 5, "w23": 0.2})
    x, y = [[1], [2]], [0, 1]
    losses = [
        nne.profile(one, x, y, nne.random_direction(one, seed=3), value_range=(-1, 1)).loss
        for one in (net, same)
    ]
    assert losses[0] == pytest.approx(losses[1], rel=1e-12)


def test_principal_directions_against_the_covariance() -> None:
    rng = np.random.default_rng(4)
    path = rng.standard_normal((30, 2)) @ np.diag([5.0, 1.0]) @ rng.standard_normal((2, 11))
    one, other = nne.principal_directions(path)
    moved = path - path[-1]
    values, vectors = np.linalg.eigh(moved.T @ moved)
    for way, k in ((one, -1), (other, -2)):
        assert abs(way.vector @ vectors[:, k]) == pytest.approx(1)
        assert way.note == f"{100 * values[k] / values.sum():.0f}% of the squared movement"
        assert way.vector[abs(way.vector).argmax()] > 0


def infinite() -> nne.Network:
    return nne.Network([1, 1, 1], "identity", {"w12": 1e200, "b2": 0, "w23": 1e100, "b3": 0})


def flat() -> nne.Network:
    return nne.Network([1, 1], "step", {"w12": 1, "b2": 0})


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda n: nne.landscape(n, HAN.x, HAN.y, "w41", "w46"), "did you mean 'w46'|did you mean"),
        (lambda n: nne.landscape(n, HAN.x, HAN.y, "w14", "w14"), "not parallel, got 'w14' and"),
        (lambda n: nne.landscape(n, HAN.x, HAN.y, "w14", 3), "a parameter's name or a Direction"),
        (lambda n: nne.landscape(n, HAN.x, HAN.y, "w14", nne.Direction("d", np.zeros(11))),
         "not be zero"),
        (lambda n: nne.landscape(n, HAN.x, HAN.y, "w14", nne.Direction("d", np.ones(3))),
         r"must have shape \(11,\)"),
        (lambda n: nne.landscape(n, HAN.x, HAN.y, "w14", "w46", points=1), "2 or more, got 1"),
        (lambda n: nne.landscape(n, HAN.x, HAN.y, "w14", "w46", points=2.5), "2 or more, got 2.5"),
        (lambda n: nne.landscape(n, HAN.x, HAN.y, "w14", "w46", first_range=(1, 1)), "low < high"),
        (lambda n: nne.landscape(n, HAN.x, HAN.y, "w14", "w46", second_range=(0, np.inf)),
         "must be finite"),
        (lambda n: nne.landscape(n, [1, 2], HAN.y, "w14", "w46"), "x must have shape"),
        (lambda n: nne.landscape(n, HAN.x, HAN.y, "w14", "w46", cover=np.ones((3, 4))),
         r"cover must have shape \(\.\.\., 11\)"),
        (lambda n: nne.landscape(n, HAN.x, HAN.y, "w14", "w46", cover=np.empty((0, 11))),
         r"cover must hold at least one parameter set, got shape \(0, 11\); leave it out"),
        (lambda n: nne.principal_directions(np.ones((2, 11))), "at least 3 points"),
        (lambda n: nne.principal_directions(np.outer(range(5), np.ones(11))), "straight line"),
        (lambda n: nne.steepest_direction(n, HAN.x, HAN.y, lengths=np.zeros(11)), "positive"),
        (lambda n: nne.steepest_direction(flat(), [1], 0), "no direction is the steepest"),
        (lambda n: nne.steepest_direction(n, HAN.x, HAN.y, lengths=[1e-310] * 11), "positive"),
        (lambda n: nne.steepest_direction(infinite(), [9], 0), "derivative is inf here: no dir"),
        (lambda n: nne.random_direction(n, seed=-1), "seed must be"),
    ],
)  # fmt: skip
def test_errors_say_how_to_mend(call: object, says: str, net: nne.Network) -> None:
    with pytest.raises(nne.NnexplainError, match=says):
        call(net)


def test_places_of_the_plane_come_in_pairs(view: Landscape) -> None:
    with pytest.raises(nne.NnexplainError, match=r"got the shapes \(2,\) and \(3,\)"):
        view.point([1, 2], [0, 1, 2])
    with pytest.raises(nne.NnexplainError, match="first must be one number, got"):
        view.network_at([1, 2], [0, 1])  # type: ignore[arg-type]
