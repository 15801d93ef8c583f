"""The glossary: entries that are whole, and links at the first use, in running text only."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from markdown import Markdown

from nnexplain.errors import NnexplainError
from nnexplain.pages.glossary import Entry, GlossaryTreeprocessor, listed, read_glossary

DOCS = Path(__file__).parents[2] / "docs"
ENTRIES = {
    "slope": Entry("slope", "slope", ("slope", "slopes"), "Steepness.", "learn/sensitivity.md"),
    "loss": Entry("loss", "loss", ("loss",), "J.", "learn/loss.md"),
    "chain-rule": Entry("chain-rule", "chain rule", ("chain rule",), "Rates.", "learn/x.md"),
}


def page(text: str, own: str = "learn/here.md", entries: Mapping[str, Entry] = ENTRIES) -> str:
    md = Markdown(extensions=["attr_list"])
    links = GlossaryTreeprocessor(md, entries, "../glossary.md", own)
    md.treeprocessors.register(links, "glossary", 7)
    return md.convert(text)


def test_only_the_first_use_is_linked_in_any_form() -> None:
    html = page("Slopes matter. The slope is a slope.\n\nA slope.")
    assert html.count("<a ") == 1
    assert '<a class="nne-term" href="../glossary.md#slope">Slopes</a> matter.' in html


def test_a_term_is_not_linked_inside_a_longer_one_that_is_linked_already() -> None:
    rule = {"rule": Entry("rule", "rule", ("rule",), "A law.", "learn/x.md")}
    html = page("The chain rule. The chain rule again, a rule.", entries=ENTRIES | rule)
    last = '<a class="nne-term" href="../glossary.md#rule">rule</a>'
    assert html.endswith(f"rule</a>. The chain rule again, a {last}.</p>")


def test_several_terms_in_one_text_keep_their_order_and_the_text_between() -> None:
    html = page("The loss, the chain rule and the slope of it.")
    assert html == (
        '<p>The <a class="nne-term" href="../glossary.md#loss">loss</a>, the '
        '<a class="nne-term" href="../glossary.md#chain-rule">chain rule</a> and the '
        '<a class="nne-term" href="../glossary.md#slope">slope</a> of it.</p>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "# The slope",
        "A `slope`",
        "[slope](x.md)",
        "*slope*",
        "slopestyle",
        "pre-slope, slope-like",
        "a <b class=x>slope</b>",
        "the slope\n{ .nne-question }",
    ],
)
def test_headings_code_links_and_parts_of_words_are_left_alone(text: str) -> None:
    assert "nne-term" not in page(text)


def test_text_behind_bold_words_and_in_list_items_is_running_text() -> None:
    assert 'the <a class="nne-term"' in page("**So:** the slope")
    assert "nne-term" in page("- a slope\n- b")


def test_the_page_that_explains_a_term_does_not_link_it() -> None:
    assert "nne-term" not in page("A slope.", own="learn/sensitivity.md")


def test_the_sites_own_glossary_is_whole() -> None:
    entries = read_glossary(DOCS / "glossary.toml")
    text = listed(entries)
    for entry in entries.values():
        assert f"{{ #{entry.id} }}" in text
        assert len(entry.text.split()) <= 40, f"{entry.id} is an essay"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[a]\ntext = 'x'", "a lacks page"),
        (
            "[a]\ntext='x'\npage='p'\nalso=['b']\n[b]\ntext='y'\npage='p'",
            "more than one entry for b",
        ),
    ],
)
def test_a_broken_glossary_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "glossary.toml"
    path.write_text(text)
    with pytest.raises(NnexplainError, match=message):
        read_glossary(path)
