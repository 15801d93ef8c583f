"""Pictures of networks and derivatives: matplotlib figures with words, and SVG for pages."""

from nnexplain.figures.backpropagation import cost_of_gradient, one_minimum
from nnexplain.figures.depth import (
    curve_and_slope,
    learning_curves,
    rounded_slope,
    signals_by_layer,
)
from nnexplain.figures.derivative_free import growing_prices, method_race, random_directions
from nnexplain.figures.descent import bowl_walks, loss_over_steps, start_outcomes, twin_units
from nnexplain.figures.describe import Description, describe, description
from nnexplain.figures.dropped_factor import dropped_factor
from nnexplain.figures.factors import factor_bars
from nnexplain.figures.forward import units_on_curve, xor_surfaces
from nnexplain.figures.gallery import activation_gallery
from nnexplain.figures.landscape import loss_contour
from nnexplain.figures.loss import loss_bowl, loss_over_parameter, loss_scales, losses_at_odds
from nnexplain.figures.network import network_diagram
from nnexplain.figures.nudge import loss_along
from nnexplain.figures.places import crossings, hidden_down, two_rulers
from nnexplain.figures.ramp import (
    approaches,
    balls,
    compass_readings,
    four_slices,
    loss_pulls,
    run_offs,
)
from nnexplain.figures.relu import recoveries, solved_by_depth, sum_of_bends
from nnexplain.figures.sensitivity import gap_against_nudge, microscope, steep_and_flat, tangents
from nnexplain.figures.side_by_side import activation_race
from nnexplain.figures.step_and_hash import (
    borrowed_slopes,
    hash_lottery,
    hash_microscope,
    quotients_against_nudge,
    staircase_of_steps,
)
from nnexplain.figures.straight_line import mode_curves, two_fits, valley_map, xor_diagonals
from nnexplain.figures.surface import loss_surface
from nnexplain.figures.terrain import walkers
from nnexplain.figures.value_and_slope import crossing_losses, twin_activations

__all__ = [
    "Description",
    "activation_gallery",
    "activation_race",
    "approaches",
    "balls",
    "borrowed_slopes",
    "bowl_walks",
    "compass_readings",
    "cost_of_gradient",
    "crossing_losses",
    "crossings",
    "curve_and_slope",
    "describe",
    "description",
    "dropped_factor",
    "factor_bars",
    "four_slices",
    "gap_against_nudge",
    "growing_prices",
    "hash_lottery",
    "hash_microscope",
    "hidden_down",
    "learning_curves",
    "loss_along",
    "loss_bowl",
    "loss_contour",
    "loss_over_parameter",
    "loss_over_steps",
    "loss_pulls",
    "loss_scales",
    "loss_surface",
    "losses_at_odds",
    "method_race",
    "microscope",
    "mode_curves",
    "network_diagram",
    "one_minimum",
    "quotients_against_nudge",
    "random_directions",
    "recoveries",
    "rounded_slope",
    "run_offs",
    "signals_by_layer",
    "solved_by_depth",
    "staircase_of_steps",
    "start_outcomes",
    "steep_and_flat",
    "sum_of_bends",
    "tangents",
    "twin_activations",
    "twin_units",
    "two_fits",
    "two_rulers",
    "units_on_curve",
    "valley_map",
    "walkers",
    "xor_diagonals",
    "xor_surfaces",
]
