"""What MkDocs calls: `hooks: [nnexplain/pages/hooks.py]` in mkdocs.yml.

MkDocs loads this file by its path, not as part of the package; it imports the package inside its
functions, so that a changed source is read anew while serving.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.meta import get_data

_PACKAGE = Path(__file__).parents[1]
# What mkdocs was called for; its server adds a script of its own to every page.
_command = ["build"]


def _newest() -> int:
    return max(path.stat().st_mtime_ns for path in _PACKAGE.rglob("*.py"))


def on_startup(command: str, **_: Any) -> None:
    """Remember whether pages are built or served."""
    _command[0] = command


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Give the theme the site's mark."""
    from nnexplain.pages import mark

    config.extra["mark"] = mark.inline()
    return config


def on_pre_build(config: MkDocsConfig) -> None:
    """Forget the imported package if its sources are newer than the import."""
    loaded = sys.modules.get("nnexplain")
    if loaded is not None and getattr(loaded, "_mkdocs_newest", 0) != _newest():
        for name in [n for n in sys.modules if n == "nnexplain" or n.startswith("nnexplain.")]:
            del sys.modules[name]
    import nnexplain

    setattr(nnexplain, "_mkdocs_newest", _newest())  # noqa: B010 - a mark, not part of the package
    from nnexplain.pages.cache import places_of_claims
    from nnexplain.pages.fingerprint import fingerprint

    # Both are read off the files once a build: the last build's answers may be out of date.
    fingerprint.cache_clear()
    places_of_claims.cache_clear()


def on_serve(server: LiveReloadServer, config: MkDocsConfig, **_: Any) -> LiveReloadServer:
    """Rebuild when the package or the claims' tests change."""
    server.watch(str(_PACKAGE))
    server.watch(str(_PACKAGE.parent / "tests" / "claims"))
    return server


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the files made at build: colours, the font, the site's pictures and the explorables."""
    from nnexplain.pages import card, explorable, mark
    from nnexplain.pages.maths import maths_font
    from nnexplain.palette import css

    made: dict[str, str | bytes] = {
        "assets/nnexplain-palette.css": css(),
        "assets/fonts/stix-two-math.woff2": maths_font(),
        "assets/favicon.svg": mark.favicon(),
        "assets/card.png": card.card(),
        **explorable.files(),
    }
    for path, content in made.items():
        files.append(File.generated(config, path, content=content))
    return files


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    """Expand all pages that have changed, side by side, before they are converted one by one."""
    from nnexplain.pages.cache import warm
    from nnexplain.pages.markdown import expand_page, normalised

    sources = []
    for page in nav.pages:
        markdown, _ = get_data(page.file.content_string)
        sources.append(_turn_to(page.file, markdown, config).source(normalised(markdown)))
    warm(sources, expand_page)
    return nav


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Tell the Markdown extension which page comes next."""
    _turn_to(page.file, markdown, config)
    return markdown


def _turn_to(file: File, markdown: str, config: MkDocsConfig) -> Any:
    from nnexplain.pages.markdown import current

    whole = file.content_string
    current.page, current.url = file.src_uri, file.url
    current.docs = Path(config.docs_dir)
    current.first_line = 1 + whole[: whole.find(markdown)].count("\n")
    return current


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Say below the title of a lesson how long it takes to read."""
    from nnexplain.pages.reading_time import minutes

    if not page.file.src_uri.startswith("learn/"):
        return html
    note = f'<p class="nne-minutes" data-search-exclude>{minutes(html)} minutes to read</p>'
    return html.replace("</h1>", f"</h1>\n{note}", 1)


def on_env(env: Any, config: MkDocsConfig, files: Files) -> Any:
    """Add the downloads of all figures, once every page has been converted."""
    from nnexplain.pages.markdown import current

    for path, content in sorted(current.files.items()):
        files.append(File.generated(config, path, content=content))
    current.files.clear()
    return env


_whole: dict[str, str] = {}


@event_priority(100)
def _before_search(context: Any, /, page: Page, **_: Any) -> Any:
    """Show the search plugin, which reads the page now, what can be read."""
    from nnexplain.pages.search import readable

    _whole[page.url] = page.content or ""
    page.content = readable(page.content or "")
    return context


@event_priority(-100)
def _after_search(context: Any, /, page: Page, **_: Any) -> Any:
    """Give the theme the whole page again."""
    page.content = _whole.pop(page.url)
    return context


on_page_context = CombinedEvent(_before_search, _after_search)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Add the page's Content-Security-Policy."""
    return _with_policy(output)


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """Add a policy to the page that says that there is no such page."""
    return _with_policy(output_content) if template_name.endswith(".html") else output_content


def _with_policy(html: str) -> str:
    from nnexplain.pages.policy import with_policy

    return html if _command[0] == "serve" else with_policy(html)


def on_post_build(config: MkDocsConfig) -> None:
    """Let the theme's script fetch the search index when somebody searches, not before."""
    from nnexplain.pages.search import fetch_late

    (bundle,) = Path(config.site_dir).glob("assets/javascripts/bundle.*.min.js")
    bundle.write_text(fetch_late(bundle.read_text(encoding="utf-8")), encoding="utf-8")
