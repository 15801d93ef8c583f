"""Docstrings as the reference shows them: examples as code and output, names of objects as links.

mkdocstrings reads the sources with griffe, and griffe lets `Docstrings` change what it has read.
"""

from __future__ import annotations

import ast
import builtins
import doctest
import importlib
import inspect
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import griffe

import nnexplain
from nnexplain import exercises, figures

_PARSER = doctest.DocTestParser()
_NAME = re.compile(
    r"(?<![`\[])`(?:nne\.|nnexplain\.)?(?P<name>[A-Za-z_][\w.]*)(?:\(\.\.\.\))?`(?!`)"
)
# Plain values have no docstring that can be asked for.
_OF_VALUES = {
    "exercises.lessons": "The names of the exercises of each lesson, by its number.",
    "exercises.names": "The names of all exercises, in the order of the lessons.",
}
_GROUPS = {"exercises": exercises, "figures": figures}


@cache
def public() -> Mapping[str, str]:
    """Return where each public object is defined, by the name that is written after `nne.`.

    >>> public()["derive"], public()["exercises.get"]
    ('nnexplain.derivation.sums.derive', 'nnexplain.exercises.get')
    """
    whole = {name: getattr(nnexplain, name) for name in nnexplain.__all__ if name not in _GROUPS}
    for group, module in _GROUPS.items():
        whole |= {f"{group}.{name}": getattr(module, name) for name in module.__all__}
    return {name: _identifier(name, value) for name, value in whole.items()}


def _identifier(name: str, value: Any) -> str:
    if inspect.isclass(value) or inspect.isfunction(value):
        return f"{value.__module__}.{value.__qualname__}"
    if type(value).__module__.startswith("nnexplain."):  # a mapping of records
        return f"{type(value).__module__}.{type(value).__qualname__}"
    return f"nnexplain.{name}"


def readable(docstring: str, module: str = "nnexplain", own: Container[str] = ()) -> str:
    r"""Return a docstring as Markdown: examples as the pages show code, known names as links.

    `module` is where it stands. The names in `own`, which it describes itself, are no links.

    >>> print(readable("See `derive`.\n\n>>> print(1)\n1"))
    See [`derive`][nnexplain.derivation.sums.derive].
    <BLANKLINE>
    ```python
    print(1)
    ```
    <BLANKLINE>
    ``` { .text .nne-output }
    1
    ```
    """
    return "\n\n".join(_shown(_PARSER.parse(docstring), module, own))


def _shown(parts: list[str | doctest.Example], module: str, own: Container[str]) -> Iterator[str]:
    """Yield text as it is, and after code that prints something its output."""
    imports = needed(module, [p.source for p in parts if isinstance(p, doctest.Example)])
    code = ""
    for part in [*parts, "\n"]:
        if isinstance(part, doctest.Example):
            code, imports = code + imports + standalone(part.source), ""
        if code and (part.want if isinstance(part, doctest.Example) else part):
            yield _fence("```python", code)
            code = ""
        if isinstance(part, doctest.Example):
            if part.want:
                yield _fence("``` { .text .nne-output }", part.want.replace("<BLANKLINE>", ""))
        elif part.strip():
            yield _linked(part, own).strip("\n")


def standalone(source: str) -> str:
    """Return an example's code as it runs for who has written `import nnexplain as nne`.

    Within its own module an example needs no prefix; whoever copies it does.

    >>> standalone("net = Network([1, 1], seed=0)  # doctest: +ELLIPSIS")
    'net = nne.Network([1, 1], seed=0)'
    >>> standalone("from nnexplain.network import Network")
    ''
    """
    if _is_known(ast.parse(source).body[0]):
        return ""
    source = re.sub(r"(?m) *# doctest: [\w+, ]+$", "", source)
    lines = source.encode().split(b"\n")  # syntax trees count bytes
    loaded = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name))
    for node in sorted(loaded, key=lambda node: node.col_offset, reverse=True):
        if node.id in _full() and isinstance(node.ctx, ast.Load):
            line, start = lines[node.lineno - 1], node.col_offset
            whole = f"nne.{_full()[node.id]}".encode()
            lines[node.lineno - 1] = line[:start] + whole + line[start + len(node.id) :]
    return b"\n".join(lines).decode()


def _is_known(line: ast.stmt) -> bool:
    """Whether a line imports only what stands after `nne.`, or `nne` itself."""
    if isinstance(line, ast.Import):
        return ast.unparse(line) == "import nnexplain as nne"
    if not isinstance(line, ast.ImportFrom) or not (line.module or "").startswith("nnexplain"):
        return False
    return all(name.name in _full() for name in line.names)


def needed(module: str, examples: Iterable[str]) -> str:
    r"""Return the import of what examples use of their own module and what is not after `nne.`.

    >>> needed("nnexplain.descent.methods", ["Adam().name"])
    'from nnexplain.descent.methods import Adam\n'
    """
    nodes = [node for source in examples for node in ast.walk(ast.parse(source))]
    names = [node for node in nodes if isinstance(node, ast.Name)]
    made = {name.id for name in names if not isinstance(name.ctx, ast.Load)} | {
        alias.asname or alias.name
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    known = {"nne", "np", *made, *_full(), *vars(builtins)}
    there = vars(importlib.import_module(module))
    wanted = sorted({name.id for name in names if name.id not in known and name.id in there})
    return f"from {module} import {', '.join(wanted)}\n" if wanted else ""


@cache
def _full() -> Mapping[str, str]:
    """Return the names after `nne.` by their last part."""
    return {name.rpartition(".")[2]: name for name in public()}


def _fence(opening: str, text: str) -> str:
    return f"{opening}\n{text.rstrip()}\n```"


def _linked(text: str, own: Container[str]) -> str:
    """Return text with each public object that it names linked to where that is described."""

    def link(match: re.Match[str]) -> str:
        first, _, rest = match["name"].partition(".")
        found = public().get(match["name"]) or public().get(first)
        member = found and rest and match["name"] not in public()
        if found is None or match["name"] in own or (member and not _has(first, rest)):
            return match[0]
        return f"[{match[0]}][{found}{f'.{rest}' if member else ''}]"

    return _NAME.sub(link, text)


def _has(name: str, member: str) -> bool:
    """Whether a public class describes a member of that name."""
    value = getattr(nnexplain, name)
    return inspect.isclass(value) and bool(inspect.getdoc(vars(value).get(member)))


def described(*names: str) -> str:
    """Return what makes mkdocstrings describe the objects of these names.

    A name is a public one, as it is written after `nne.`, or the full one of what such an object
    returns. A class followed by () is one that readers make themselves, so its signature is shown.

    >>> print(described("Network()"))
    ::: nnexplain.network.Network
        options: {heading: nne.Network, toc_label: nne.Network, merge_init_into_class: true}
    """
    return "\n\n".join(map(_described, names))


def _described(name: str) -> str:
    made, name = name.endswith("()"), name.removesuffix("()")
    identifier = public().get(name, name)
    said = f"nne.{name}" if name in public() else name.rpartition(".")[2]
    # A list of contents is narrow: it leaves out what all names of a page begin with.
    short = said.rpartition(".")[2] if said.count(".") > 1 else said
    shown = f"heading: {said}, toc_label: {short}, merge_init_into_class: {str(made).lower()}"
    return f"::: {identifier}\n    options: {{{shown}}}"


def public_table() -> str:
    """Return all public objects as a Markdown table: name, linked, and first sentence."""
    rows = ['<div class="nne-public" markdown>', "", "| name | what it is |", "|---|---|"]
    for name, identifier in public().items():
        about = _summary(name).replace("|", r"\|")
        rows.append(f"| [`nne.{name}`][{identifier}] | {about} |")
    return "\n".join([*rows, "", "</div>"])


def _summary(name: str) -> str:
    """Return the first paragraph of what is said of a public object, on one line."""
    value: Any = nnexplain
    for part in name.split("."):
        value = getattr(value, part)
    said = _OF_VALUES.get(name) or inspect.getdoc(value) or ""
    return " ".join(said.split("\n\n")[0].split())


class Docstrings(griffe.Extension):
    """What mkdocstrings loads: `extensions: [nnexplain.pages.docstrings.Docstrings]`."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Make the docstring of every object readable."""
        if obj.docstring is not None:
            given = obj.parameters if isinstance(obj, griffe.Function) else ()
            own = {*obj.members, *(parameter.name for parameter in given)}
            obj.docstring.value = readable(obj.docstring.value, obj.module.path, own)
