"""What a network diagram says without being seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from nnexplain.figures.describe import Description
from nnexplain.figures.labels import error_symbol, slope_symbol
from nnexplain.figures.view import View
from nnexplain.network import Network, weight_name
from nnexplain.palette import ROLES

# A longer list read aloud helps nobody: the table has it.
_MOST_READ = 30


def words(view: View, unlabelled: Sequence[str]) -> Description:
    """Return alternative text, caption and table of a network diagram."""
    name = _name(view.net)
    alt = [f"Diagram of {name}: {_layers(view.net)}, then the loss J.", *_numbers(view)]
    caption = [f"{name[0].upper()}{name[1:]} and its {len(view.net.names)} parameters."]
    if view.trace is not None:
        caption.append(f"→ marks values, forward from x = {_tuple(view, view.x)}.")
    if view.backward:
        caption.append("← marks signals, backward: δ = ∂J/∂z, and ∂J/∂w at each weight.")
    if view.highlight:
        alt.append(_path(view))
        caption.append(f"Lit: every factor of ∂J/∂{view.highlight}.")
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
    values: dict[str, float] = {}
    for unit, a in view.trace.a.items():
        if unit in view.trace.z:
            values |= {f"z{unit}": view.trace.z[unit], f"a{unit}": a}
        else:
            values[f"x{unit}"] = a
    if view.loss is not None:
        single = len(view.targets) == 1
        values |= {"y" if single else f"y{unit}": y for unit, y in view.targets.items()}
        values["J"] = view.loss
    return values


def _listed(title: str, values: Mapping[str, float], view: View) -> str:
    if len(values) > _MOST_READ:
        return f"{title}: {len(values)} numbers, in the table."
    return f"{title}: " + ", ".join(f"{k} = {view.number(v)}" for k, v in values.items()) + "."


def _path(view: View) -> str:
    """Return the lit factors, in the order from J to the parameter."""
    factors = [*_errors(view), *_slopes(view), *_weights(view), _input(view)]
    if len(factors) > _MOST_READ:
        return f"Lit: the {len(factors)} factors of ∂J/∂{view.highlight}."
    return f"Lit, the factors of ∂J/∂{view.highlight}: {', '.join(factors)}."


def _errors(view: View) -> Iterable[str]:
    single = view.net.sizes[-1] == 1
    for unit in view.net.layers[-1]:
        if view.lit.get(unit) == "output_slope":
            name = error_symbol(view.net.loss_function, None if single else unit)
            value = None if view.loss is None else view.errors()[unit]
            yield _factor("error", name, value, view)


def _slopes(view: View) -> Iterable[str]:
    for unit, kind in reversed(view.lit.items()):
        if kind != "input":
            record = view.net.activation_of(unit)
            value = None if view.trace is None else record.df(view.trace.z[unit])
            yield _factor(kind, slope_symbol(record, unit), value, view)


def _weights(view: View) -> Iterable[str]:
    for unit in view.lit:
        for source in view.net.incoming(unit):
            if view.lights((source, unit)):
                name = weight_name(source, unit)
                yield _factor("weight", name, view.net.parameters[name], view)


def _input(view: View) -> str:
    assert view.parameter_edge is not None
    source, _ = view.parameter_edge
    if source is None:
        return _factor("input", "the 1 of a bias", None, view)
    value = None if view.trace is None else view.trace.a[source]
    name = f"{'a' if view.net.depth(source) else 'x'}{source}"
    return _factor("input", name, value, view)


def _factor(kind: str, name: str, value: float | None, view: View) -> str:
    said = "" if value is None else f" = {view.number(value)}"
    return f"{ROLES[kind].name} {name}{said}"


def _table(view: View) -> tuple[tuple[str, ...], ...]:
    """Return name and value of every number and, where signals are shown, ∂J/∂(name)."""
    values = dict(view.net.parameters) | ({} if view.trace is None else _values(view))
    rows = [(name, view.number(value)) for name, value in values.items()]
    if not view.backward:
        return (("name", "value"), *rows)
    slopes = view.gradient | {f"z{unit}": value for unit, value in view.deltas.items()}
    return (
        ("name", "value", "∂J/∂ name"),
        *((name, text, view.number(slopes[name]) if name in slopes else "") for name, text in rows),
    )


def _tuple(view: View, values: Iterable[float]) -> str:
    return f"({', '.join(view.number(float(value)) for value in values)})"
