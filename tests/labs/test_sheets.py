"""The lab sheets: each task can be answered, each answer is judged, each download runs."""

from __future__ import annotations

import ast
import json
import multiprocessing
import os
import re
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import nbformat
import pytest

from nnexplain.handwork import Comparison
from nnexplain.pages import labs
from nnexplain.pages.cache import Source
from nnexplain.pages.lab_run import run
from nnexplain.pages.pieces import PageError
from tests.labs.sheets import LABS, verdicts
from tests.site import ROOT

SITE, WHEEL = "https://example.org/nn/", "https://example.org/nn/assets/wheels/w.whl"
EACH = pytest.mark.parametrize("path", LABS, ids=lambda path: path.stem)


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A reader without a screen, who does not watch a bar."""
    monkeypatch.setenv("TQDM_DISABLE", "1")
    with mpl.rc_context({"backend": "agg"}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="FigureCanvasAgg is non-interactive")
        yield
    plt.close("all")


@pytest.mark.usefixtures("quiet")
@EACH
def test_every_check_says_no_before_the_solution_and_yes_after_it(path: Path) -> None:
    pairs = list(verdicts(path.read_text(encoding="utf-8")))
    assert len(pairs) >= 3
    for before, after in pairs:
        assert isinstance(before, Comparison)
        assert "Not answered yet" in str(before)
        assert after, after


@EACH
def test_a_sheet_says_what_to_do_and_what_to_take_home(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    sheet = labs.read(f"labs/{path.name}", text).notebook
    prose = "\n".join(cell.source for cell in sheet.cells if cell.cell_type == "markdown")
    assert re.search(r"about (3[05]|4[05]) minutes", prose)
    assert "**Predict" in prose or "## 3. Predict" in prose or "## 2. Predict" in prose
    assert prose.rindex("## What to take home") > prose.rindex("**Task")
    tasks = re.findall(r"\*\*Task (\d)\.\*\*", prose)
    assert tasks == [str(k + 1) for k in range(len(tasks))]
    assert all(f"Solution of task {task}" in prose for task in tasks)
    imported = {
        alias.name.split(".")[0]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert imported <= {"nnexplain", "numpy", "matplotlib"}
    assert "nnexplain." not in text  # the public API is what `nne` has


@EACH
def test_downloads_are_whole_and_the_same_each_time(path: Path) -> None:
    page, text = f"labs/{path.name}", path.read_text(encoding="utf-8")
    made = labs.downloads(page, text, SITE, WHEEL)
    assert made == labs.downloads(page, text, SITE, WHEEL)
    notebook, script = (made[f"assets/labs/{path.stem}.{end}"] for end in ("ipynb", "py"))
    nbformat.validate(nbformat.reads(notebook, as_version=4))
    ast.parse(script)
    for text in (notebook, script):
        assert f'wheel = \\"{WHEEL}\\"' in text or f'wheel = "{WHEEL}"' in text
        links = re.findall(r"\]\(([^)\s]+)\)", text)
        assert links
        assert [link for link in links if not link.startswith(SITE)] == []
    first = next(c for c in json.loads(notebook)["cells"] if c["cell_type"] == "code")
    assert "except ModuleNotFoundError" in "".join(first["source"])


def test_links_of_downloads_lead_to_pages_that_exist() -> None:
    for path in LABS:
        made = labs.downloads(f"labs/{path.name}", path.read_text(encoding="utf-8"), SITE, WHEEL)
        for link in re.findall(r"\]\(([^)\s]+)\)", made[f"assets/labs/{path.stem}.py"]):
            page = link.removeprefix(SITE).partition("#")[0].rstrip("/") or "index"
            assert any((ROOT / "docs" / f"{page}{end}").exists() for end in (".md", ".py")), link


START = "# %% [markdown]\n# # T\n#\n# About.\n\n# %%\nimport nnexplain as nne\n\n# %%\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("print(1)", "labs/x.py:1: a lab sheet begins with a cell"),
        ("# %%\nprint(1)", "labs/x.py:1: the first code cell of a lab sheet is"),
        (START + "# %% [markdown]\n# {{ nne.nope }}", "labs/x.py:10: Jupyter fills in no"),
    ],
)
def test_what_is_no_sheet_is_refused(text: str, message: str) -> None:
    with pytest.raises(PageError) as caught:
        labs.read("labs/x.py", text)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("nne.Network([1, 1], seed=0).forward([1])\nnne.nope", "labs/x.py:10: AttributeError"),
        ("import warnings\nwarnings.warn('old')", "labs/x.py:10: the cell warns"),
        (
            "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
            "labs/x.py:10: NnexplainError: who cannot see a plot needs its words",
        ),
    ],
)
def test_a_cell_that_fails_warns_or_draws_without_words_fails_the_build(
    code: str, message: str
) -> None:
    source = Source("labs/x.py", "labs/x/", 1, ROOT / "docs", f"{START}{code}\n")
    with pytest.raises(PageError) as caught:
        run(source)
    assert message in str(caught.value)


def test_a_sheet_becomes_markdown_with_what_its_cells_show() -> None:
    code = (
        'net = nne.Network([1, 1], "identity", {"w12": 2, "b2": 5})\n'
        'print("a", net.loss([10], 24))\nnet.forward([1]).output\n\n'
        '# %% slideshow={"slide_type": "slide"}\n'
        'nne.derive(net, "w12")\n\n# %%\nnne.figures.network_diagram(net)\n\n# %%\n'
        "nne.gradient_check(net, [10], 24)\n\n# %%\nimport matplotlib.pyplot as plt\n"
        'figure, ax = plt.subplots()\nax.plot([1, 2], [3, 5], label="line")\n'
        'ax.set_title("Rise")\nax.set(xlabel="x", ylabel="y")\nplt.show()\n'
    )
    text, files = run(Source("labs/x.py", "labs/x/", 1, ROOT / "docs", START + code))
    assert "``` { .text .nne-output }\na 0.5\n```" in text
    assert "``` { .text .nne-output }\n7.0\n```" in text
    assert "<!-- nne-cell slide -->\n\n```python\nnne.derive(net" in text
    assert "$$\n" in text
    assert '<div class="nne-table" tabindex="0"><table' in text
    assert 'aria-label="Rise. y over x; line: from 3 at 1 to 5 at 2."' in text
    assert text.count('<figure class="nne-figure"') == 2
    assert 'href="../../assets/figures/labs-x-figure-1.svg"' in text
    assert sorted(files) == [
        f"assets/figures/labs-x-figure-{k}.{end}" for k in (1, 2) for end in ("png", "svg")
    ]
    assert files["assets/figures/labs-x-figure-1.png"].startswith(b"\x89PNG")


def test_kernels_side_by_side_do_not_hear_each_other(capfd: pytest.CaptureFixture[str]) -> None:
    """Each has sockets of its own, not of one name in the folder that the build runs in."""
    before = set(Path.cwd().iterdir())
    texts = [f"{START}print({k})" for k in range(3)]
    sheets = [Source("labs/x.py", "labs/x/", 1, ROOT / "docs", text) for text in texts]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(3, mp_context=context) as pool:
        shown = [text for text, _ in pool.map(run, sheets)]
    assert [text.split("\n")[-2] for text in shown] == ["0", "1", "2"]
    assert capfd.readouterr().err == ""
    assert not [path for path in set(Path.cwd().iterdir()) - before if path.is_socket()]


def test_a_worker_has_one_kernel_and_a_sheet_finds_nothing_of_the_one_before() -> None:
    width = "plt.rcParams['lines.linewidth']"
    leave, look = f"left = 1\n{width} = 9", f"'left' in globals(), {width}"
    begin, show = "import os\nimport matplotlib.pyplot as plt\n", "\n# %%\nos.getpid()"
    texts = [START + begin + code + show for code in (leave, look)]
    sheets = [Source("labs/x.py", "labs/x/", 1, ROOT / "docs", text) for text in texts]
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        first, second = (text.split("\n") for text, _ in pool.map(run, sheets))
    assert "(False, 1.5)" in second
    kernel = first[-2]
    assert kernel == second[-2], "the same process"
    with pytest.raises(ProcessLookupError):  # it went when its worker went
        os.kill(int(kernel), 0)
