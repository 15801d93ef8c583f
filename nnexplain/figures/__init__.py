"""Pictures of networks and derivatives: matplotlib figures with words, and SVG for pages."""

from nnexplain.figures.describe import Description, describe, description
from nnexplain.figures.factors import factor_bars
from nnexplain.figures.forward import units_on_curve, xor_surfaces
from nnexplain.figures.loss import loss_bowl, loss_over_parameter, loss_scales, losses_at_odds
from nnexplain.figures.network import network_diagram
from nnexplain.figures.sensitivity import gap_against_nudge, microscope, steep_and_flat, tangents

__all__ = [
    "Description",
    "describe",
    "description",
    "factor_bars",
    "gap_against_nudge",
    "loss_bowl",
    "loss_over_parameter",
    "loss_scales",
    "losses_at_odds",
    "microscope",
    "network_diagram",
    "steep_and_flat",
    "tangents",
    "units_on_curve",
    "xor_surfaces",
]
