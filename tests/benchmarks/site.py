"""Print how the site's build compares with a plain one: python -m tests.benchmarks.site.

The plain build is Material for MkDocs with the same theme settings, extensions and search, without
anything of nnexplain, on the same pages as they are once their code has run: all numbers, formulas
in TeX, figures and tables are in them. Ours is timed cold (empty cache, everything runs) and again
(nothing has changed). Each build is a process of its own; the ratios are medians over rounds.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from mkdocs.utils.meta import get_data

from nnexplain.pages.cache import Source
from nnexplain.pages.markdown import normalised, run_page
from tests.site import build, copy_project

ASKED_AGAIN, ASKED_COLD = 1.3, 4.0
_OURS = (
    r"^  - nnexplain  #.*\n",  # the extension
    r"(?s)^hooks:\n.*?(?=^\S)",
    r"(?s)^watch:\n.*?(?=^\S)",
    r"^  custom_dir: .*\n",
    r"(?s)^  - mkdocs-jupyter:.*?(?=^\S|^  - |^\n)",
)


def seconds(project: Path) -> float:
    start = time.perf_counter()
    done = build(project, project / "site")
    assert done.returncode == 0, done.stderr
    return time.perf_counter() - start


def plain_project(project: Path, target: Path) -> Path:
    """Return a project of the same pages in which nothing of ours is left to do.

    `project` has been built: its cache holds what its pages have become.
    """
    docs = project / "docs"
    shutil.copytree(docs / "assets", target / "docs" / "assets")
    here = Path.cwd()
    os.chdir(project)  # where the cache is
    for path in [*docs.rglob("*.md"), *docs.glob("labs/*.py")]:
        uri = str(path.relative_to(docs))
        text, meta = get_data(path.read_text(encoding="utf-8"))
        url = "./" if uri == "index.md" else f"{uri.rpartition('.')[0]}/"
        source = Source(uri, url, 1, docs, normalised(text))
        page, _ = source.expanded(run_page)
        to = (target / "docs" / uri).with_suffix(".md")
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(f"---\ntitle: {meta.get('title', uri)!r}\n---\n\n{page}", encoding="utf-8")
    os.chdir(here)
    config = (project / "mkdocs.yml").read_text(encoding="utf-8")
    for pattern in _OURS:
        config, count = re.subn(pattern, "", config, flags=re.M)
        assert count == 1, pattern
    config = re.sub(r"(labs/\S+)\.py", r"\1.md", config).replace("strict: true", "strict: false")
    (target / "mkdocs.yml").write_text(config, encoding="utf-8")
    return target


def main(rounds: int = 5) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = copy_project(Path(folder, "ours"))
        cold = seconds(project)
        plain = plain_project(project, Path(folder, "plain"))
        seconds(plain)
        times = [(seconds(project), seconds(plain)) for _ in range(rounds)]
        shutil.rmtree(project / ".cache")
        cold = min(cold, seconds(project))
    again = statistics.median(ours / theirs for ours, theirs in times)
    base = statistics.median(theirs for _, theirs in times)
    print(f"plain build {base:.2f} s; ours / plain")
    print(f"{'again':8}{again:8.2f}   asked {ASKED_AGAIN}")
    print(f"{'cold':8}{cold / base:8.2f}   asked {ASKED_COLD}")


if __name__ == "__main__":
    main()
