"""What MkDocs calls: `hooks: [nnexplain/pages/hooks.py]` in mkdocs.yml.

MkDocs loads this file by its path, not as part of the package; it imports the package inside its
functions, so that a changed source is read anew while serving.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import File, Files
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
    # Matrices are small here, and every processor has a worker: more threads would only wait. Read
    # when NumPy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Give the theme the site's mark."""
    from nnexplain.pages import mark

    config.extra["mark"] = mark.inline()
    config.extra_css.remove(_reference_css(config))
    return config


def _reference_css(config: MkDocsConfig) -> str:
    """Return the style sheet that mkdocstrings adds to every page: assets/teaching.css is ours."""
    plugin: Any = config.plugins["mkdocstrings"]
    return str(plugin.css_filename)


def on_pre_build(config: MkDocsConfig) -> None:
    """Forget the imported package if its sources are newer than the import."""
    loaded = sys.modules.get("nnexplain")
    if loaded is not None and getattr(loaded, "_mkdocs_newest", 0) != _newest():
        for name in [n for n in sys.modules if n == "nnexplain" or n.startswith("nnexplain.")]:
            del sys.modules[name]
    import nnexplain

    setattr(nnexplain, "_mkdocs_newest", _newest())  # noqa: B010 - a mark, not part of the package
    from nnexplain.pages.cache import empty_if_large, places_of_claims
    from nnexplain.pages.fingerprint import fingerprint
    from nnexplain.pages.kept import keep_search
    from nnexplain.pages.markdown import current

    keep_search(_search_index(config))
    # Taken from the files once a build: the last build's answers may be out of date.
    fingerprint.cache_clear()
    places_of_claims.cache_clear()
    current.files.clear()
    empty_if_large()


def on_serve(server: LiveReloadServer, config: MkDocsConfig, **_: Any) -> LiveReloadServer:
    """Rebuild when the package or the claims' tests change."""
    server.watch(str(_PACKAGE))
    server.watch(str(_PACKAGE.parent / "tests" / "claims"))
    return server


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Begin to expand the pages; add the look, the explorables, the wheel, the labs to take home.

    The reference comes first: nothing on it has to be waited for.
    """
    from nnexplain.pages import labs, made
    from nnexplain.pages.lab_names import is_lab

    files = Files(sorted(files, key=lambda file: not file.src_uri.startswith("reference/")))
    _begin(files, config)
    added = dict(made.files(Path(config.docs_dir)))
    wheel = made.wheel_address(config.site_url or "")
    for file in files.documentation_pages():
        if is_lab(file.src_uri):
            text = file.content_string
            added |= labs.downloads(file.src_uri, text, config.site_url or "", wheel)
    for path, content in added.items():
        files.append(File.generated(config, path, content=content))
    return files


def _begin(files: Files, config: MkDocsConfig) -> None:
    """Begin to expand all pages that have changed, side by side and in the order of conversion."""
    from nnexplain.pages.cache import warm
    from nnexplain.pages.markdown import normalised, run_page

    sources = []
    for file in files.documentation_pages():
        markdown, _ = get_data(file.content_string)
        sources.append(_turn_to(file, markdown, config).source(normalised(markdown)))
    warm(sources, run_page)


def on_pre_page(page: Page, config: MkDocsConfig, files: Files) -> Page:
    """Convert a page only if it has changed.

    Lab sheets are rendered as all pages are: mkdocs-jupyter has a way, and a look, of its own.
    """
    from nnexplain.pages.kept import render
    from nnexplain.pages.lab_names import is_lab

    if is_lab(page.file.src_uri):
        del page.render
    vars(page)["render"] = partial(render, page)
    return page


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Tell the Markdown extension which page comes next."""
    from nnexplain.pages import labs
    from nnexplain.pages.lab_names import is_lab

    _turn_to(page.file, markdown, config)
    if is_lab(page.file.src_uri):
        page.meta.update(labs.about(markdown))
    return markdown


def _turn_to(file: File, markdown: str, config: MkDocsConfig) -> Any:
    from nnexplain.pages.markdown import current

    whole = file.content_string
    current.page, current.url = file.src_uri, file.url
    current.docs = Path(config.docs_dir)
    current.first_line = 1 + whole[: whole.find(markdown)].count("\n")
    return current


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Complete a page, and let the search read it."""
    from nnexplain.pages.kept import search_early

    content = _completed(html, page, config, files)
    search_early(_search_index(config), page, content)
    return content


def _search_index(config: MkDocsConfig) -> Any:
    plugin: Any = config.plugins["material/search"]
    return plugin.search_index


def _completed(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Say below the title how long a lesson takes to read, or where a lab's downloads are."""
    from nnexplain.pages import course, made
    from nnexplain.pages.kept import minutes
    from nnexplain.pages.lab_names import is_lab

    if page.file.src_uri == course.PAGE:
        return made.addressed(html, config.site_url or "")
    if is_lab(page.file.src_uri):
        return _lab(html, page, config, files)
    if not page.file.src_uri.startswith("learn/"):
        return html
    return made.timed(html, minutes(html))


def _lab(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Return a lab's page with its downloads, and add its slides to the site."""
    from nnexplain.pages import labs, made, slides

    html, shown = slides.cut(made.addressed(html, config.site_url or ""))
    base = "../" * page.url.count("/")
    template = config.theme.get_env().get_template("slides.html")
    deck = template.render(slides=shown, title=page.title, base=base, config=config)
    files.append(File.generated(config, f"{page.url}slides.html", content=_with_policy(deck)))
    return html.replace("</h1>", f"</h1>\n{labs.note(page.file.src_uri, base)}", 1)


def on_env(env: Any, config: MkDocsConfig, files: Files) -> Any:
    """Add the downloads of all figures, once every page has been converted; before the theme."""
    from nnexplain.pages.kept import templates
    from nnexplain.pages.markdown import current

    for path, kept in sorted(current.files.items()):
        files.append(File.generated(config, path, abs_src_path=str(kept.absolute())))
    _fill_course(files)
    env.bytecode_cache = templates()
    return env


def _fill_course(files: Files) -> None:
    """Write into the page for teachers what there is for each lesson."""
    from nnexplain.pages import course
    from nnexplain.pages.kept import minutes

    file = files.get_file_from_path(course.PAGE)
    if file is None or file.page is None:
        return
    html = {f.src_uri: f.page.content or "" for f in files.documentation_pages() if f.page}
    table = course.table(html, minutes)
    file.page.content = html[course.PAGE].replace(course.PLACE, table)


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

    (Path(config.site_dir) / _reference_css(config)).unlink()
    (bundle,) = Path(config.site_dir).glob("assets/javascripts/bundle.*.min.js")
    bundle.write_text(fetch_late(bundle.read_text(encoding="utf-8")), encoding="utf-8")
