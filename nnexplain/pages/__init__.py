"""What turns the Markdown of docs/ into pages: nothing in the library imports it.

`expand` runs a page's code and fills in its numbers, `maths` turns TeX into MathML, `markdown`
makes both one Python-Markdown extension, `hooks` binds them to MkDocs, and `finish` completes what
Zensical has built.
"""
