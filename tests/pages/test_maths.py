"""TeX becomes MathML in the colours of the palette; the font stretches its braces."""

from __future__ import annotations

import io
import re

import pytest
from fontTools.ttLib import TTFont
from markdown import Markdown

from nnexplain.latex import coloured
from nnexplain.pages.maths import MathsTreeprocessor, mathml, maths_font
from nnexplain.palette import KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_factor_gets_the_class_of_its_kind_and_no_fixed_colour(kind: str) -> None:
    html = mathml(coloured(kind, r"\frac{\partial J}{\partial h}"), display=True)
    assert f'class="nne-{kind.replace("_", "-")}"' in html
    assert "style" not in html


def test_a_colour_outside_the_palette_is_refused() -> None:
    with pytest.raises(ValueError, match="#123456 is not the colour of a factor"):
        mathml(r"\textcolor[HTML]{123456}{x}", display=False)


def test_tex_that_cannot_be_read_is_shown() -> None:
    with pytest.raises(ValueError, match=r"\\frac\{1\}"):
        mathml(r"\frac{1}", display=False)


def test_a_minus_of_prose_is_a_minus() -> None:
    assert mathml("\N{MINUS SIGN}0.7", display=False) == mathml("-0.7", display=False)


@pytest.mark.parametrize("tex", [r"\sigma'", r"\mathrm{relu}'", r"{(x^2 + f')}''"])
def test_a_prime_is_set_as_the_font_draws_it(tex: str) -> None:
    html = mathml(tex, display=False)
    assert "′" in html or "″" in html
    assert not re.search("<mo>[′″]", html)
    assert html.count("<mrow>") == html.count("</mrow>")
    assert html.count("<msup>") == html.count("</msup>")


def test_punctuation_stays_with_its_formula() -> None:
    md = Markdown(extensions=["pymdownx.arithmatex"],
                  extension_configs={"pymdownx.arithmatex": {"generic": True}})  # fmt: skip
    md.treeprocessors.register(MathsTreeprocessor(md, "x.md"), "maths", 15)
    html = md.convert("Take $x$, or ($y$).")
    assert re.search(r"<mi>x</mi></math>,</span> or", html)
    assert re.search(r"<mi>y</mi></math>\)\.</span></p>", html)


def test_the_font_is_small_whole_and_always_the_same() -> None:
    font = TTFont(io.BytesIO(maths_font()))
    assert "MATH" in font, "without this table braces and roots do not stretch"
    assert {ord(c) for c in "∂σ′∑η−×⏟{"} | {0x1D465} <= set(font.getBestCmap())
    assert len(maths_font()) < 45_000
    first = maths_font()
    maths_font.cache_clear()
    assert maths_font() == first
