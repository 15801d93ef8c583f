"""What lab sheets are called, for those who need not wait for Jupyter to know it."""

from __future__ import annotations

FOLDER = "labs/"
DOWNLOADS = "assets/labs"
# Stands for the wheel's address, which only the build of a site knows.
WHEEL = "NNEXPLAIN_WHEEL"


def is_lab(page: str) -> bool:
    """Whether a path in docs/ is a lab sheet.

    >>> is_lab("labs/xor.py"), is_lab("learn/loss.md")
    (True, False)
    """
    return page.startswith(FOLDER) and page.endswith(".py")


def name_of(page: str) -> str:
    """Return the name of a lab sheet.

    >>> name_of("labs/xor.py")
    'xor'
    """
    return page.removeprefix(FOLDER).removesuffix(".py")


def mark(slide_type: str) -> str:
    """Return the comment that stands before each cell of an executed sheet.

    >>> mark("slide")
    '<!-- nne-cell slide -->'
    """
    return f"<!-- nne-cell {slide_type} -->"
