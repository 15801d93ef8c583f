"""One visual language: a colour and a sign for every kind of factor, in a light and a dark scheme.

Text and marks of every role but `grid`, `soft` and `surface` have a contrast of at least 4.5:1 with
the page (WCAG 2). The five `KINDS` of factors differ from one another by at least 14
(CIEDE2000) for usual vision and for simulated protanopia, deuteranopia and tritanopia
(Machado2009); with `forward` and `backward` added, by at least 9. The sign repeats what the colour
says, so that nothing rests on colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Role:
    """What one colour stands for.

    `name` is the meaning in words; `light` and `dark` the colour on the light and the dark page;
    `mark` the sign that carries the meaning without colour; `dash` the line style (lengths on and
    off in line widths; empty = solid).

    >>> ROLES["weight"].name, ROLES["weight"].mark
    ('weight on the path', '■')
    """

    name: str
    light: str
    dark: str
    mark: str = ""
    dash: tuple[float, ...] = ()


# The order is the order of the chain, from J back to the parameter.
_FACTORS = {
    "error": Role("error", "#971021", "#f4604c", "◆"),
    "output_slope": Role("slope of the output unit", "#a16400", "#ffbd41", "▲"),
    "weight": Role("weight on the path", "#3769e7", "#9cbff3", "■"),
    "hidden_slope": Role("slope of the hidden unit", "#00655c", "#48f4e0", "▼"),
    "input": Role("input of the weight", "#6c1b88", "#a874f4", "●"),
}
_OTHERS = {
    "forward": Role("value, forward", "#587c49", "#a9d48c", "→"),
    "backward": Role("signal, backward", "#b7216f", "#f288ba", "←", (3.0, 1.5)),
    "ink": Role("text", "#1c2029", "#e7e9ee"),
    "muted": Role("quiet text and lines", "#5c6370", "#a3aab8"),
    "grid": Role("grid line", "#d5d9e0", "#39404e"),
    "soft": Role("face of a unit", "#f4f5f8", "#1f242f"),
    "surface": Role("page", "#ffffff", "#14171f"),
}

ROLES: Mapping[str, Role] = MappingProxyType({**_FACTORS, **_OTHERS})
KINDS: tuple[str, ...] = tuple(_FACTORS)


def variable(role: str) -> str:
    """Return the CSS custom property that carries a role's colour.

    >>> variable("hidden_slope")
    '--nne-hidden-slope'
    """
    return f"--nne-{role.replace('_', '-')}"


def css() -> str:
    """Return the style sheet that gives every role its colour in both schemes; paper is light.

    >>> css().splitlines()[:2]
    [':root {', '  --nne-error: #971021;']
    """
    light = "".join(f"  {variable(name)}: {role.light};\n" for name, role in ROLES.items())
    dark = "".join(f"  {variable(name)}: {role.dark};\n" for name, role in ROLES.items())
    slate = f'[data-md-color-scheme="slate"] {{\n{dark}}}'
    return f":root {{\n{light}}}\n@media screen {{\n{slate}\n}}\n"
