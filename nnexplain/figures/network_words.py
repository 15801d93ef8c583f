"""What a network diagram says without being seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nnexplain.figures.describe import Description
from nnexplain.figures.labels import activation_name, factor_value, subscripted
from nnexplain.figures.view import View
from nnexplain.network import Network
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES

# A longer list read aloud helps nobody: the table has it.
_MOST_READ = 30


def words(view: View, unlabelled: Sequence[str]) -> Description:
    """Return alternative text, caption and table of a network diagram."""
    name = _name(view.net)
    alt = [f"Diagram of {name}: {_layers(view.net)}, then the loss J.", *_numbers(view)]
    whole = f"its {len(view.net.names)} parameters"
    shown = f"the way from {subscripted(view.highlight)} to J" if view.highlight else whole
    caption = [f"{name[0].upper()}{name[1:]} and {shown}."]
    if view.trace is not None:
        x = ", ".join(format_number(view.trace.a[u], view.digits) for u in view.net.layers[0])
        caption.append(f"→ marks values, forward from x = ({x}).")
    if view.backward:
        caption.append("← marks signals, backward: δ = ∂J/∂z, and ∂J/∂w at each weight.")
    if view.highlight:
        alt.append(_path(view))
        caption.append(f"Lit: every factor of ∂J/∂{subscripted(view.highlight)}.")
    if unlabelled:
        missing = f"No room for the labels of {', '.join(unlabelled)}: the table has them."
        alt.append(missing)
        caption.append(missing)
    return Description(" ".join(alt), " ".join(caption), _table(view))


def _name(net: Network) -> str:
    names = list(dict.fromkeys(record.name for record in net.structure.activations))
    return f"a {'-'.join(map(str, net.sizes))} network ({', '.join(names)})"


def _layers(net: Network) -> str:
    kinds = ["input"] + ["hidden"] * (len(net.sizes) - 2) + ["output"]
    return "; ".join(
        f"{kind} unit{'s' * (len(layer) > 1)} {', '.join(map(str, layer))}"
        for kind, layer in zip(kinds, net.layers, strict=True)
    )


def _numbers(view: View) -> list[str]:
    sentences = [_listed("Parameters", view.net.parameters, view)]
    if view.trace is not None:
        sentences.append(_listed("Values forward", _values(view), view))
    if view.backward:
        signals = {f"δ{unit}": value for unit, value in view.deltas.items()}
        signals |= {f"∂J/∂{name}": value for name, value in view.gradient.items()}
        sentences.append(_listed("Signals backward", signals, view))
    return sentences


def _values(view: View) -> dict[str, float]:
    """Return x, z, a, and with a target y and J, by name."""
    if view.trace is None:
        return {}
    values: dict[str, float] = {}
    for unit, a in view.trace.a.items():
        if unit in view.trace.z:
            values[f"z{unit}"] = view.trace.z[unit]
        values[activation_name(view.net, unit)] = a
    if view.loss is not None:
        values |= {**view.targets, "J": view.loss}
    return values


def _listed(title: str, values: Mapping[str, float], view: View) -> str:
    if len(values) > _MOST_READ:
        return f"{title}: {len(values)} numbers, in the table."
    return f"{title}: " + ", ".join(_said(name, v, view) for name, v in values.items()) + "."


def _path(view: View) -> str:
    if len(view.factors) > _MOST_READ:
        return f"Lit: the {len(view.factors)} factors of ∂J/∂{view.highlight}."
    factors = [f"{ROLES[f.kind].name} {_said(f.name, factor_value(f), view)}" for f in view.factors]
    return f"Lit, the factors of ∂J/∂{view.highlight}: {', '.join(factors)}."


def _said(name: str, value: float | None, view: View) -> str:
    return name if value is None else f"{name} = {format_number(value, view.digits)}"


def _table(view: View) -> tuple[tuple[str, ...], ...]:
    """Return name and value of every number and, where signals are shown, ∂J/∂(name)."""
    values = {**view.net.parameters, **_values(view)}
    rows = [(name, format_number(value, view.digits)) for name, value in values.items()]
    if not view.backward:
        return (("name", "value"), *rows)
    slopes = {**view.gradient, **{f"z{unit}": delta for unit, delta in view.deltas.items()}}
    signals = {name: format_number(slope, view.digits) for name, slope in slopes.items()}
    header = ("name", "value", "∂J/∂ name")
    return (header, *((name, text, signals.get(name, "")) for name, text in rows))
