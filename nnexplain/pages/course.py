"""What teachers find: all that there is for each lesson, read off the built pages, and citations.

The table is made when every page has been converted, because only then it is known what they hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path

import yaml

from nnexplain.exercises.lesson import LESSONS, Lesson
from nnexplain.explorables import explorables
from nnexplain.pages.exercise import SHEET_SEEDS, SHEETS
from nnexplain.pages.lab_names import is_lab, name_of
from nnexplain.pages.search import readable

PAGE = "teach/course.md"
CITATION = "CITATION.cff"
# In the page: where the table goes, and what stands for the site's address in code to be copied.
PLACE = '<div id="lessons"></div>'
SITE = "NNEXPLAIN_SITE"
_NOTE = re.compile(r'<p class="nne-minutes".*?</p>\n?')
_TOP = "../../"
_HEADS = ("To move", "Exercises", "Lab", "Figures")
_QUESTION = re.compile(r'<p class="nne-question">(.*?)</p>', re.S)
_EXPLORABLE = re.compile(r'data-explorable="([\w-]+)" data-start="([^"]*)"')
_FIGURE = re.compile(
    r'<figure class="nne-figure" id="([\w-]+)">.*?'
    r'href="[./]*(assets/figures/[\w-]+)\.svg" download',
    re.S,
)
_EXERCISE = re.compile(r'<section class="nne-exercise"')
_TITLE = re.compile(r"<h1[^>]*>(.*?)(?:<a class=\"headerlink\"|</h1>)", re.S)
_LESSON = re.compile(r'href="[./]*(learn/[\w-]+)/')


@dataclass(frozen=True)
class Pages:
    """The converted pages by their path in docs/, and the minutes that a lesson takes."""

    html: Mapping[str, str]
    minutes: Mapping[str, int]


def table(html: Mapping[str, str], minutes: Callable[[str], int]) -> str:
    """Return what there is for each lesson as an HTML table.

    `html` has the converted pages by their path in docs/; `minutes` counts how long one takes.
    """
    lessons = [lesson.page for lesson in LESSONS.values() if lesson.page in html]
    # Their own note of the minutes is no text to be read.
    pages = Pages(html, {page: minutes(_NOTE.sub("", html[page])) for page in lessons})
    return "\n".join([
        '<div class="nne-course"><table><thead><tr>',
        *(f'<th scope="col">{head}</th>' for head in ("Lesson", *_HEADS)),
        "</tr></thead><tbody>",
        *(_row(number, lesson, pages) for number, lesson in LESSONS.items()),
        "</tbody></table></div>",
    ])  # fmt: skip


def _row(number: int, lesson: Lesson, pages: Pages) -> str:
    html = pages.html.get(lesson.page, "")
    cells = [
        _explorables(html),
        _exercises(number, html),
        _labs(lesson, pages),
        _figures(lesson, html),
    ]
    return "\n".join([
        f'<tr><th scope="row">{_lesson(number, lesson, html, pages)}</th>',
        *(f'<td data-head="{h}">{cell or "–"}</td>' for h, cell in zip(_HEADS, cells, strict=True)),
        "</tr>",
    ])  # fmt: skip


def _lesson(number: int, lesson: Lesson, html: str, pages: Pages) -> str:
    question = _QUESTION.search(html)
    said = f"<br><em>{escape(_plain(question[1]), quote=False)}</em>" if question else ""
    time = pages.minutes.get(lesson.page)
    minutes = f"<br>{time} minute{'s' * (time > 1)}" if time else ""
    return f"{_link(_address(lesson.page), f'{number}. {lesson.title}')}{said}{minutes}"


def _explorables(html: str) -> str:
    links = (
        _link(
            f"explorables/{name}/{f'#{unescape(start)}' if start else ''}", explorables[name].label
        )
        for name, start in _EXPLORABLE.findall(html)
    )
    return "<br>".join(links)


def _exercises(number: int, html: str) -> str:
    count = len(_EXERCISE.findall(html))
    path = f"{SHEETS}/lesson-{number}-{SHEET_SEEDS[0]}"
    sheet = _link(f"{path}.html", "sheet", f"Lesson {number}: exercise sheet")
    solved = _link(f"{path}-solutions.html", "solutions", f"Lesson {number}: solutions")
    return f"{count}: {sheet}, {solved}" if count else ""


def _labs(lesson: Lesson, pages: Pages) -> str:
    return "<br>".join(
        f"{_link(f'labs/{name_of(page)}/', title.split('.')[0], title)}, "
        f"{_link(f'labs/{name_of(page)}/slides.html', 'slides', f'Slides: {title}')}"
        for page, title in _labs_of(lesson, pages)
    )


def _labs_of(lesson: Lesson, pages: Pages) -> Iterator[tuple[str, str]]:
    """Yield (page, title) of each lab that names the lesson as its own."""
    for page, html in sorted(pages.html.items()):
        title = _TITLE.search(html)
        if is_lab(page) and title and lesson.page.removesuffix(".md") in _LESSON.findall(html):
            yield page, _plain(title[1])


def _figures(lesson: Lesson, html: str) -> str:
    rows = []
    for id_, path in _FIGURE.findall(html):
        name = id_.replace("-", " ")
        files = (_link(f"{path}.{e}", e.upper(), f"{name}: {e.upper()}") for e in ("svg", "png"))
        rows.append(f"<li>{name}: {', '.join(files)}</li>")
    summary = f'<summary aria-label="{escape(lesson.title)}: figures">{len(rows)} figures</summary>'
    listed = f"<ul>{''.join(rows)}</ul>"
    return f'<details class="nne-figure-more">{summary}{listed}</details>' if rows else ""


def _link(path: str, text: str, name: str = "") -> str:
    label = f' aria-label="{escape(name)}"' if name else ""
    return f'<a href="{escape(_TOP + path)}"{label}>{escape(text, quote=False)}</a>'


def _plain(html: str) -> str:
    """Return the text of a piece of HTML, its formulas as one would type them."""
    return unescape(" ".join(re.sub(r"<[^>]+>", "", readable(html)).split()))


def _address(page: str) -> str:
    return page.removesuffix(".md").removesuffix("index") + ("" if page == "index.md" else "/")


def bibtex(docs: Path) -> str:
    """Return CITATION.cff as a block of BibTeX, the site's address still to be filled in."""
    about = yaml.safe_load((docs.parent / CITATION).read_text(encoding="utf-8"))
    authors = " and ".join(f"{{{author['name']}}}" for author in about["authors"])
    return "\n".join([
        "```bibtex",
        "@software{nnexplain,",
        f"  author = {{{authors}}},",
        f"  title = {{{about['title']}}},",
        f"  version = {{{about['version']}}},",
        f"  url = {{{SITE}}},",
        "}",
        "```",
    ])  # fmt: skip
