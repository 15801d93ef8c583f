"""Pictures of networks and derivatives: matplotlib figures with words, and SVG for pages."""

from nnexplain.figures.describe import Description, describe, description
from nnexplain.figures.factors import factor_bars
from nnexplain.figures.network import network_diagram

__all__ = ["Description", "describe", "description", "factor_bars", "network_diagram"]
