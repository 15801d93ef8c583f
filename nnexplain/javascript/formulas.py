"""The JavaScript reading of formulas: the same arithmetic, translated from the Python source text.

A formula (see `nnexplain.formula`) is parsed and written again with JavaScript's operators and
`Math`, whose functions treat nan and inf as NumPy's do; `where(c, a, b)` becomes `c ? a : b`.
Nobody types a formula twice, so page and package cannot disagree. What has no exact translation
raises when the text is generated, never in a reader's browser.
"""

from __future__ import annotations

import ast
import inspect
import json
import math
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from nnexplain.activations import Activation
from nnexplain.errors import NnexplainError
from nnexplain.formula import OPERATIONS, Formula
from nnexplain.losses import Loss

# Known by identity, so that `from numpy import exp as e` and `np.exp` are understood too.
_MATH: Mapping[Any, str] = {
    **{getattr(np, name): name for name in OPERATIONS if name != "where"},
    abs: "abs",
    np.maximum: "max",
    np.minimum: "min",
}
_RESERVED_WORDS = (
    "Math Infinity NaN undefined arguments await break case catch class const continue debugger "
    "default delete do else enum eval export extends false finally for function if implements "
    "import in instanceof interface let new null package private protected public return static "
    "super switch this throw true try typeof var void while with yield"
)
_RESERVED = frozenset(_RESERVED_WORDS.split())
_ALLOWED = (
    "a formula may use numbers, + - * /, ** with a number as exponent, one comparison at a time, "
    f"assignments to names, other formulas and {', '.join(OPERATIONS)}"
)


class _Level(IntEnum):
    """How tightly a piece of JavaScript holds together; the higher, the fewer parentheses."""

    CONDITIONAL = 0
    COMPARISON = 1
    SUM = 2
    PRODUCT = 3
    SIGN = 4
    POWER = 5
    ATOM = 6


class _Code(NamedTuple):
    """A JavaScript expression."""

    text: str
    level: _Level

    def within(self, level: int) -> str:
        return self.text if self.level >= level else f"({self.text})"


_BINARY = {
    ast.Add: ("+", _Level.SUM),
    ast.Sub: ("-", _Level.SUM),
    ast.Mult: ("*", _Level.PRODUCT),
    ast.Div: ("/", _Level.PRODUCT),
}
_COMPARISONS = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "===", ast.NotEq: "!==",
}  # fmt: skip
_SIGNS = {ast.USub: "-", ast.UAdd: "+"}


class Library:
    """JavaScript functions for formulas: each one, and all that it calls, written once.

    Their names begin with $, which no Python name does: nothing else can be hidden by them.

    >>> def cube(z):
    ...     return z * z * z
    >>> library = Library()
    >>> library.name(np.tanh)
    'Math.tanh'
    """

    def __init__(self) -> None:
        self._names: dict[Formula, str] = {}
        self._functions: list[str] = []

    def name(self, formula: Formula) -> str:
        """Return the JavaScript name of `formula`, translating it at the first call.

        Raises `NnexplainError` where the formula's source is missing or cannot be translated.
        """
        if formula in _MATH:
            return f"Math.{_MATH[formula]}"
        if formula not in self._names:
            translation = _Translation(formula, self)
            self._names[formula] = self._free_name(formula)
            self._functions.append(translation.function(self._names[formula]))
        return self._names[formula]

    @property
    def text(self) -> str:
        """All functions so far, callees first."""
        return "".join(self._functions)

    def _free_name(self, formula: Formula) -> str:
        base = name = "$" + formula.__name__.lstrip("_")
        count, taken = 1, set(self._names.values())
        while name in taken:
            count += 1
            name = f"{base}{count}"
        return name


class _Translation:
    """One formula on its way to JavaScript."""

    def __init__(self, formula: Formula, library: Library) -> None:
        self.formula, self.library = formula, library
        self.definition = _definition(formula)
        self.parameters = self._parameters()
        self.assigned = Counter(
            target.id
            for node in ast.walk(self.definition)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        )

    def function(self, name: str) -> str:
        """Return `function name(...) {...}`."""
        parameters = ", ".join(map(_identifier, self.parameters))
        body = "".join(f"  {line};\n" for line in self._body())
        return f"function {name}({parameters}) {{\n{body}}}\n"

    def _parameters(self) -> list[str]:
        a = self.definition.args
        if a.posonlyargs or a.vararg or a.kwonlyargs or a.kwarg or a.defaults:
            raise self._error(self.definition, "its parameters are not plain names")
        return [argument.arg for argument in a.args]

    def _body(self) -> Iterator[str]:
        known = set(self.parameters)
        statements = self.definition.body[ast.get_docstring(self.definition) is not None :]
        if not statements or not isinstance(statements[-1], ast.Return):
            raise self._error(self.definition, "it must end with return")
        for statement in statements:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    yield f"{self._declared(name, known)} = {self._code(value).text}"
                case ast.Return(value=ast.expr() as value):
                    yield f"return {self._code(value).text}"
                case _:
                    raise self._error(statement)

    def _declared(self, name: str, known: set[str]) -> str:
        if name in known:
            return _identifier(name)
        known.add(name)
        keyword = "const" if self.assigned[name] == 1 else "let"
        return f"{keyword} {_identifier(name)}"

    def _code(self, node: ast.expr) -> _Code:
        match node:
            case ast.Constant(value=value):
                return self._number(value, node)
            case ast.Name(id=name) if self._is_local(name):
                return _Code(_identifier(name), _Level.ATOM)
            case ast.Name() | ast.Attribute():
                return self._number(self._value(node), node)
        return self._operation(node)

    def _operation(self, node: ast.expr) -> _Code:
        match node:
            case ast.UnaryOp(op=op, operand=operand) if type(op) in _SIGNS:
                # Without parentheses - -x would read --x, and -x ** 2 is no JavaScript.
                return _Code(
                    _SIGNS[type(op)] + self._code(operand).within(_Level.ATOM), _Level.SIGN
                )
            case ast.BinOp(op=ast.Pow()):
                return self._power(node)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
                sign, level = _BINARY[type(op)]
                sides = self._code(left).within(level), self._code(right).within(level + 1)
                return _Code(f" {sign} ".join(sides), level)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
                sides = self._code(left).within(_Level.SUM), self._code(right).within(_Level.SUM)
                return _Code(f" {_COMPARISONS[type(op)]} ".join(sides), _Level.COMPARISON)
            case ast.Call(args=arguments, keywords=[]):
                return self._call(node, arguments)
        raise self._error(node)

    def _power(self, node: ast.BinOp) -> _Code:
        # A nan exponent is the one case where NumPy and JavaScript differ: 1 ** nan.
        exponent = self._code(node.right)
        if exponent.level < _Level.SIGN or not exponent.text.lstrip("-")[0].isdigit():
            raise self._error(node, "the exponent of ** must be a finite number")
        base = self._code(node.left).within(_Level.ATOM)
        return _Code(f"{base} ** {exponent.text}", _Level.POWER)

    def _call(self, node: ast.Call, arguments: list[ast.expr]) -> _Code:
        function = self._value(node.func)
        if function is np.where and len(arguments) == 3:
            return self._conditional(node, *arguments)
        if function not in _MATH and not isinstance(function, FunctionType):
            raise self._error(node, f"{ast.unparse(node.func)} is no formula")
        if len(arguments) != _arity(function):
            raise self._error(node, f"it takes {_arity(function)} arguments")
        inside = ", ".join(self._code(argument).text for argument in arguments)
        return _Code(f"{self.library.name(function)}({inside})", _Level.ATOM)

    def _conditional(
        self, node: ast.Call, condition: ast.expr, then: ast.expr, other: ast.expr
    ) -> _Code:
        # NumPy takes nan for true and JavaScript for false: only a comparison is a condition.
        if not isinstance(condition, ast.Compare):
            raise self._error(node, "write a comparison as the first argument of where")
        text = (
            f"{self._code(condition).text} ? {self._code(then).within(_Level.COMPARISON)}"
            f" : {self._code(other).within(_Level.COMPARISON)}"
        )
        return _Code(text, _Level.CONDITIONAL)

    def _is_local(self, name: str) -> bool:
        return name in self.parameters or name in self.assigned

    def _value(self, node: ast.expr) -> Any:
        """Return what a name outside the formula stands for: a number, a function, a module."""
        match node:
            case ast.Name(id=name) if not self._is_local(name):
                scopes = inspect.getclosurevars(self.formula)
                for scope in (scopes.nonlocals, scopes.globals, scopes.builtins):
                    if name in scope:
                        return scope[name]
                raise self._error(node, f"the name {name} is not defined")
            case ast.Attribute(value=base, attr=name):
                module = self._value(base)
                if isinstance(module, ModuleType) and hasattr(module, name):
                    return getattr(module, name)
        raise self._error(node)

    def _number(self, value: Any, node: ast.expr) -> _Code:
        if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
            raise self._error(node, f"{ast.unparse(node)} is not a number")
        number = int(value) if isinstance(value, int | np.integer) else float(value)
        if isinstance(number, int) and int(float(number)) != number:
            raise self._error(node, f"JavaScript cannot hold the integer {number}")
        text = "NaN" if math.isnan(number) else repr(number).replace("inf", "Infinity")
        return _Code(text, _Level.SIGN if text.startswith("-") else _Level.ATOM)

    def _error(self, node: ast.AST, what: str = "") -> NnexplainError:
        code = self.formula.__code__
        line = code.co_firstlineno + getattr(node, "lineno", 1) - 1
        shown = "" if node is self.definition else f" `{ast.unparse(node)}`"
        reason = f": {what}" if what else ""
        return NnexplainError(
            f"{code.co_filename}:{line}: formula {self.formula.__name__!r} cannot be written in "
            f"JavaScript{shown}{reason}; {_ALLOWED}"
        )


def _definition(formula: Formula) -> ast.FunctionDef:
    """Return the parsed source text of a formula."""
    if not isinstance(formula, FunctionType):
        raise NnexplainError(
            f"{formula!r} has no source text to translate; write the formula as a Python function"
        )
    try:
        tree: Any = ast.parse(textwrap.dedent(inspect.getsource(formula)))
    except OSError as error:
        raise NnexplainError(
            f"the source text of formula {formula.__name__!r} cannot be found; define it in a file "
            "or in a notebook cell, not with exec"
        ) from error
    except SyntaxError:
        tree = None  # the lines around a lambda need not be a statement
    definition = tree.body[0] if tree else None
    if not isinstance(definition, ast.FunctionDef) or definition.decorator_list:
        raise NnexplainError(
            f"formula {formula.__name__!r} is a lambda or has a decorator; write it as a plain "
            "function: def f(z): ..."
        )
    return definition


def _arity(function: Any) -> int:
    if isinstance(function, FunctionType):
        return function.__code__.co_argcount
    return int(getattr(function, "nin", 1))


def _identifier(name: str) -> str:
    return f"{name}$" if name in _RESERVED else name


def javascript(formula: Formula, name: str) -> str:
    """Return JavaScript text that defines `name` as the function `formula` and all that it calls.

    `formula` is a formula of `nnexplain.formula`, from a file or a notebook cell; `name` is made of
    letters, digits and underscores.

    Raises `NnexplainError` for a name that JavaScript does not allow, and for a formula without
    source text or with Python that has no exact translation; the message says which and where.

    >>> from nnexplain.activations import activations
    >>> print(javascript(activations["sigmoid"].slope, "slope"))
    function $sigmoid_slope(z) {
      const e = Math.exp(-Math.abs(z));
      return e / ((1 + e) * (1 + e));
    }
    const slope = $sigmoid_slope;
    <BLANKLINE>
    """
    if not name.isidentifier() or name in _RESERVED:
        raise NnexplainError(
            f"{name!r} cannot name a JavaScript function; use letters, digits and underscores, "
            "and no reserved word"
        )
    library = Library()
    value = library.name(formula)
    return f"{library.text}const {name} = {value};\n"


def activation_module(records: Iterable[Activation]) -> str:
    """Return an ES module that exports `activations`: by name, f and its slope df.

    The same records give the same text, byte for byte. Errors are those of `javascript`.

    >>> from nnexplain.activations import activations
    >>> print(activation_module([activations["identity"]]).splitlines()[-2])
      "identity": {f: $identity, df: $one},
    """
    return _module(
        "activations",
        {record.name: {"f": record.formula, "df": record.slope} for record in records},
    )


def loss_module(records: Iterable[Loss]) -> str:
    """Return an ES module that exports `losses`: by name, the functions of its record.

    Each has `formula` and `slope` of (y, h), and where the record has them `from_logit` and
    `logit_slope` of (y, z). Errors are those of `javascript`.

    >>> from nnexplain.losses import losses
    >>> print(loss_module([losses["linear"]]).splitlines()[-2])
      "linear": {formula: $linear, slope: $linear_slope},
    """
    parts = ("formula", "slope", "from_logit", "logit_slope")
    return _module(
        "losses",
        {
            record.name: {part: getattr(record, part) for part in parts if getattr(record, part)}
            for record in records
        },
    )


def _module(export: str, records: Mapping[str, Mapping[str, Formula]]) -> str:
    library = Library()
    rows = []
    for name, formulas in records.items():
        members = ", ".join(f"{part}: {library.name(f)}" for part, f in formulas.items())
        rows.append(f"  {json.dumps(name, ensure_ascii=False)}: {{{members}}},\n")
    return (
        "// Generated by nnexplain.javascript from the Python formulas; edit those.\n"
        f"{library.text}export const {export} = {{\n{''.join(rows)}}};\n"
    )
