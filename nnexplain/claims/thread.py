"""Who says what in the thread: its posts in the order in which they stand there."""

from __future__ import annotations

from dataclasses import dataclass

from nnexplain.errors import UnknownNameError


@dataclass(frozen=True)
class Post:
    """A question, answer or comment of the thread, with the ids of what is claimed in it.

    `speaker` says who speaks, `about` what the post is about.
    """

    speaker: str
    about: str
    claims: tuple[str, ...]


POSTS: tuple[Post, ...] = (
    Post("The question", "derivatives, constants and hashes", ("Q1", "Q2", "Q3", "Q4")),
    Post("Comments on the question", "what a loss is for", ("K1", "K2")),
    Post("The first answer", "the formulas", ("A1", "A2", "A3", "A4", "A5")),
    Post("The second answer", "the landscape", ("B1", "B2", "B3", "B4", "B5", "B6", "B7")),
    Post("A comment on the second answer", "many minima?", ("M1",)),
    Post("The second answer's author", "one minimum", ("B8",)),
    Post("The third answer", "the gradient", ("C1", "C2", "C3", "C4")),
)


def post_of(claim: str) -> Post:
    """Return the post that makes a claim; raises `UnknownNameError` if none does.

    >>> post_of("B8").speaker
    "The second answer's author"
    """
    by_claim = {name: post for post in POSTS for name in post.claims}
    if claim not in by_claim:
        raise UnknownNameError("claim of the thread", claim, by_claim)
    return by_claim[claim]
