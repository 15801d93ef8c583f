"""A lab sheet as a reader works through it: run its cells, then each solution and its check."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import jupytext

from tests.site import ROOT

LABS = sorted((ROOT / "docs" / "labs").glob("*.py"))
_CODE = re.compile(r"```python\n(.*?)```", re.S)


def execute(code: str, names: dict[str, Any]) -> Any:
    """Run code as a notebook does and return the value of its last expression."""
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "sheet", "exec"), names)
    if last is None:
        return None
    assert isinstance(last, ast.Expr)
    return eval(compile(ast.Expression(last.value), "sheet", "eval"), names)


def verdicts(text: str) -> Iterator[tuple[Any, Any]]:
    """Yield what each check says before and after the solution that stands behind it."""
    names: dict[str, Any] = {}
    code = ""
    said: dict[str, Any] = {}
    for cell in jupytext.reads(text, "py:percent").cells:
        if cell.cell_type == "code":
            code = cell.source
            said[code] = execute(code, names)
            continue
        for solution in _CODE.findall(cell.source):
            execute(solution, names)
            yield said[code], execute(code, names)
