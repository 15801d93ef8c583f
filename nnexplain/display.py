"""Rich display in notebooks: a network as its diagram, a derivation as formula and table.

Each of these objects also prints as plain text. The HTML here needs no style sheet: tables with
captions and headers, formulas between dollar signs for the notebook's own typesetting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any

import numpy as np

from nnexplain.checks import GradientCheck
from nnexplain.derivation import READABLE_ROWS, Derivation, DerivationAt, Factor
from nnexplain.errors import NnexplainError
from nnexplain.network import Network
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES


def html_table(caption: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return an HTML table: all arguments are text, and the first cell of a row is its header.

    >>> html_table("Sizes", ["layer", "units"], [["<in>", "3"]]).split("<tbody>")[1]
    '<tr><th scope="row">&lt;in&gt;</th><td>3</td></tr></tbody></table>'
    """
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f'<table class="nne-table"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def network_html(net: Network) -> str:
    """Return the diagram of a network, if it is small enough to draw, and the table of its layers.

    >>> "A 40-1-1 network with 43 parameters" in network_html(Network([40, 1, 1], seed=0))
    True
    """
    header = ("layer", "units", "activation", "parameters")
    records = ["none: inputs", *(record.name for record in net.structure.activations)]
    counts = [0, *(units * width for units, width in net.structure.shapes)]
    rows = [
        (str(k), _span(layer), record, str(count))
        for k, (layer, record, count) in enumerate(zip(net.layers, records, counts, strict=True))
    ]
    sizes = "-".join(map(str, net.sizes))
    caption = f"A {sizes} network with {len(net.names)} parameters; loss: {net.loss_function.name}"
    return _diagram(net) + html_table(caption, header, rows)


def _span(layer: tuple[int, ...]) -> str:
    return str(layer[0]) if len(layer) == 1 else f"{layer[0]} to {layer[-1]}"


def _diagram(net: Network) -> str:
    # Only who displays a network waits for matplotlib.
    from nnexplain.figures import network_diagram  # noqa: PLC0415
    from nnexplain.figures.svg import html_image  # noqa: PLC0415

    try:
        return html_image(network_diagram(net))
    except NnexplainError as too_large:
        return f"<p>{escape(str(too_large))}</p>"


def derivation_html(derivation: Derivation) -> str:
    """Return the formula and the table of its factors, with values after `.at(x, y)`.

    A sum too long to read is shown in delta form, without the table.
    """
    formula = f"<div>$$ {escape(derivation.latex())} $$</div>"
    if derivation.is_long:
        return f"{formula}<p>Written out: {derivation.size_in_words}.</p>"
    caption = f"The factors of ∂J/∂{derivation.parameter}"
    header = ["factor", "kind", "what it says"]
    rows = [[factor.name, _kind(factor), factor.words] for factor in derivation.factors]
    if isinstance(derivation, DerivationAt):
        caption, header, rows = _with_values(derivation, caption, header, rows)
    notation = "".join(f"<p>${escape(line)}$</p>" for line in derivation.notation)
    return formula + html_table(caption, header, rows) + notation


def _kind(factor: Factor) -> str:
    role = ROLES[factor.kind]
    return f"{role.mark} {role.name}"


def _with_values(
    at: DerivationAt, caption: str, header: list[str], rows: list[list[str]]
) -> tuple[str, list[str], list[list[str]]]:
    """Add a column of values for each sample, and the product along each path."""
    products = [
        [" → ".join(map(str, term.path)), "product", "the product along this path"]
        for term in at.terms
    ]
    values = [*(factor.value for factor in at.factors), *(term.value for term in at.terms)]
    count = np.size(at.per_sample)
    shown = min(count, READABLE_ROWS)
    titles = ["value"] if not at.sample else [f"sample {i + 1}" for i in range(shown)]
    if shown < count:
        caption += f", first {shown} of {count} samples"
    filled = [
        row + [format_number(v) for v in np.atleast_1d(value)[:shown].tolist()]
        for row, value in zip([*rows, *products], values, strict=True)
    ]
    return caption, [*header, *titles], filled


def check_html(report: GradientCheck) -> str:
    """Return a gradient check as a table, with its summary as the caption and the kinks below."""
    header, *rows = report.cells
    kinks = "".join(f"<li>{escape(kink)}</li>" for kink in report.kinks)
    said = f"<p>Kinks, where there is no derivative:</p><ul>{kinks}</ul>" if kinks else ""
    return html_table(report.summary, header, rows) + said


_DISPLAYED: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (Network, network_html),
    (Derivation, derivation_html),
    (GradientCheck, check_html),
)


def install() -> None:
    """Teach networks, derivations and checks to show themselves in notebooks.

    These modules lie below the figures and cannot import them; `import nnexplain` calls this once.
    """
    for shown, html in _DISPLAYED:
        shown._repr_html_ = html  # type: ignore[attr-defined]
