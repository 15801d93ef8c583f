"""Figures as files: inline SVG that follows the page's colours and font, and copies for slides."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from html import escape
from typing import Any
from xml.etree import ElementTree as Xml

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from nnexplain.errors import NnexplainError
from nnexplain.figures.describe import description
from nnexplain.palette import ROLES, variable

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_VARIABLES = {
    colour: f"var({variable(name)})"
    for name, role in ROLES.items()
    for colour in (role.light, role.dark)
}
_PNG = "data:image/png;base64,"
_DROPPED_STYLES = ("font-family", "stroke-miterlimit", "stroke-dashoffset", "image-rendering")
_NUMBER = re.compile(r"-?\d+\.\d+")
_REFERENCE = re.compile(r"#([\w.-]+)")
_COORDINATES = ("d", "x", "y", "width", "height", "points", "transform", "viewBox")
# A figure may grow to this multiple of its own size; beyond, its text would shout.
_LARGEST_ZOOM = 1.7


def laid_out(figure: Figure) -> Figure:
    """Return the figure with everything in its final place.

    Otherwise each file made of it would draw it twice, once only to find those places.
    """
    if figure.get_layout_engine() is not None:
        figure.draw_without_rendering()
        with mpl.rc_context({"figure.constrained_layout.use": False, "figure.autolayout": False}):
            figure.set_layout_engine(None)
        for ax in figure.axes:
            for axis in (ax.xaxis, ax.yaxis):
                place = axis.label.get_transform().transform(axis.label.get_position())
                axis.set_label_coords(*ax.transAxes.inverted().transform(place))
    return figure


def themed_svg(figure: Figure, prefix: str) -> str:
    """Return the figure as inline SVG whose colours are the page's `--nne-` variables.

    Arguments:
        figure: a figure with at least one axes that `nnexplain.figures` drew; their alternative
            texts become the label.
        prefix: a name unique on the page, put in front of every id; a letter, then letters, digits,
            - or _.

    Text stays text, in the page's font. A colour that is no role's stays as it is,
    except that unstyled black text takes the colour of text. The same figure gives the same bytes.
    Raises `NnexplainError` for a prefix that is no id and for a figure without description.

    >>> import nnexplain as nne
    >>> from nnexplain.figures import network_diagram
    >>> net = nne.Network([1, 1], "identity", {"w12": 2, "b2": 5})
    >>> svg = themed_svg(network_diagram(net).figure, "small")
    >>> svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"'), "var(--nne-ink)" in svg
    (True, True)

    """
    if not re.fullmatch(r"[A-Za-z][\w-]*", prefix, re.ASCII):
        raise NnexplainError(
            f"prefix {prefix!r} cannot begin an id; use a letter, then letters, digits, - or _"
        )
    label = _label(figure)
    root = Xml.fromstring(_saved(figure, "none", "none"))
    _rename_ids(root, prefix)
    for element in root.iter():
        _restyle(element)
        _compact(element)
    _unwrap(root)
    return _serialised(root, label)


def standalone_svg(figure: Figure) -> str:
    """Return the figure as an SVG file for slides: text as outlines, on its own ground.

    The same figure gives the same bytes.
    """
    return _saved(figure, "path", "auto")


def html_image(ax: Axes) -> str:
    """Return the figure of `ax` as HTML for a notebook: an image with its words.

    As an image the ids of several figures in one notebook cannot meet. Axes without description
    raise `NnexplainError`.

    >>> import nnexplain as nne
    >>> ax = nne.figures.network_diagram(nne.Network([1, 1], seed=0))
    >>> html_image(ax).startswith('<figure><img alt="')
    True
    """
    words = description(ax)
    figure = ax.get_figure()
    assert isinstance(figure, Figure)
    data = base64.b64encode(standalone_svg(figure).encode()).decode()
    image = f'<img alt="{escape(words.alt)}" src="data:image/svg+xml;base64,{data}">'
    return f"<figure>{image}<figcaption>{escape(words.caption)}</figcaption></figure>"


def png(figure: Figure, dpi: int = 200) -> bytes:
    """Return the figure as a PNG file on its own ground, `dpi` pixels an inch."""
    raw, data = io.BytesIO(), io.BytesIO()
    with mpl.rc_context({"savefig.bbox": None, "savefig.transparent": False}):
        figure.savefig(raw, format="rgba", dpi=dpi, facecolor="auto")
    width, height = (int(side * dpi) for side in figure.get_size_inches())
    # Nothing shines through the ground; without that channel this compression is as small as the
    # strongest with it, in half the time.
    image = Image.frombytes("RGBA", (width, height), raw.getvalue()).convert("RGB")
    image.save(data, "PNG", dpi=(dpi, dpi), compress_level=3)
    return data.getvalue()


def _saved(figure: Figure, fonttype: str, ground: str) -> str:
    text = io.StringIO()
    # The salt makes matplotlib's ids repeatable; a user's own savefig settings must not matter.
    settings: dict[Any, Any] = {
        "svg.fonttype": fonttype,
        "svg.hashsalt": "nnexplain",
        "savefig.bbox": None,
        "savefig.transparent": False,
    }
    with mpl.rc_context(settings):
        nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
        figure.savefig(text, format="svg", facecolor=ground, edgecolor="none", metadata=nothing)
    return text.getvalue()


def _label(figure: Figure) -> str:
    texts = []
    for ax in figure.axes:
        try:
            texts.append(description(ax).alt)
        except NnexplainError:
            continue  # a colour bar, or a neighbour drawn by somebody else
    if not texts:
        raise NnexplainError(
            "this figure has no alternative text: draw it with a function of nnexplain.figures, "
            "or call nnexplain.figures.describe(ax, Description(...)) first"
        )
    return " ".join(texts)


def _rename_ids(root: Xml.Element, prefix: str) -> None:
    """Rename, by number behind the prefix, the ids in use; drop the others."""
    used = {name for text in _values(root) for name in _REFERENCE.findall(text)}
    new: dict[str, str] = {}
    for element in root.iter():
        old = element.attrib.pop("id", None)
        if old is not None and old in used:
            new[old] = element.attrib["id"] = f"{prefix}-{len(new) + 1}"

    def renamed(match: re.Match[str]) -> str:
        return f"#{new.get(match[1], match[1])}"

    for element in root.iter():
        for key, value in element.attrib.items():
            if key == _HREF or "url(" in value:
                element.attrib[key] = _REFERENCE.sub(renamed, value)


def _values(root: Xml.Element) -> Iterator[str]:
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == _HREF or "url(" in value:
                yield value


def _restyle(element: Xml.Element) -> None:
    """Colours to variables, fonts to the page's; a text without a colour gets the text's."""
    is_text = element.tag == f"{_SVG}text"
    if "style" not in element.attrib and not is_text:
        return
    style = _style(element.get("style", ""))
    kept = {
        key: _VARIABLES.get(value, value)
        for key, value in style.items()
        if key not in _DROPPED_STYLES
    }
    if is_text and kept.get("fill", "#000000") == "#000000":
        kept["fill"] = _VARIABLES[ROLES["ink"].light]
    element.set("style", ";".join(f"{key}:{value}" for key, value in kept.items()))


def _style(text: str) -> dict[str, str]:
    pairs = (pair.split(":", 1) for pair in text.split(";") if pair.strip())
    style = {key.strip(): value.strip() for key, value in pairs}
    if "font" in style:
        # matplotlib 3.8 writes everything in one: font: italic 700 10px 'DejaVu Sans'.
        *words, size = style.pop("font").split("px")[0].split()
        style["font-size"] = f"{size}px"
        for word in words:
            style["font-style" if word in ("italic", "oblique") else "font-weight"] = word
    return style


def _compact(element: Xml.Element) -> None:
    """Two decimals are a hundredth of a point; line breaks in paths say nothing."""
    for key in _COORDINATES:
        # The transform of an image is a scale: its error is multiplied by hundreds of pixels.
        if key in element.attrib and (element.tag, key) != (f"{_SVG}image", "transform"):
            element.set(key, _NUMBER.sub(_rounded, " ".join(element.attrib[key].split())))
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    if _HREF in element.attrib:
        element.set("href", _repacked(element.attrib.pop(_HREF)))
    element.tail = None
    if element.text is not None and not element.text.strip():
        element.text = None


def _repacked(reference: str) -> str:
    """Store an image of few colours by their numbers: the same pixels, a third of the bytes."""
    if not reference.startswith(_PNG):
        return reference
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(reference[len(_PNG) :]))))
    colours, numbers = np.unique(pixels.reshape(-1, pixels.shape[-1]), axis=0, return_inverse=True)
    if len(colours) > 256 or colours.shape[1] != 4:
        return reference
    image = Image.fromarray(numbers.reshape(pixels.shape[:2]).astype(np.uint8), mode="P")
    image.putpalette(colours[:, :3].tobytes())
    data = io.BytesIO()
    image.save(data, "PNG", optimize=True, transparency=colours[:, 3].tobytes())
    return _PNG + base64.b64encode(data.getvalue()).decode()


def _rounded(match: re.Match[str]) -> str:
    text = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _unwrap(parent: Xml.Element) -> None:
    """Replace groups that carry nothing by what they hold, and drop what is empty or global."""
    children = []
    for child in list(parent):
        _unwrap(child)
        parent.remove(child)
        if child.tag == f"{_SVG}style":
            continue  # inside a page its rules would reach everything; _serialised repeats them
        bare = child.tag == f"{_SVG}g" and not child.attrib
        children += list(child) if bare else [child]
    parent.extend(child for child in children if not _invisible(child))


def _invisible(element: Xml.Element) -> bool:
    nothing = not len(element) and not element.attrib
    return nothing or (element.get("style") == "fill:none" and "id" not in element.attrib)


def _serialised(root: Xml.Element, label: str) -> str:
    width = float(root.attrib["viewBox"].split()[2])
    attributes = {
        "xmlns": _SVG.strip("{}"),
        "viewBox": root.attrib["viewBox"],
        "class": "nne-figure",
        "role": "img",
        "aria-label": label,
        "data-search-exclude": "",
        "style": f"width:100%;height:auto;max-width:{_LARGEST_ZOOM * width:.0f}px;"
        "stroke-linejoin:round;stroke-linecap:butt",
    }
    root.attrib.clear()
    root.attrib.update(attributes)
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
    return Xml.tostring(root, encoding="unicode")
