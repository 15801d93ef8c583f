"""The posts of the thread: all of its claims, each in the place where it was made."""

from __future__ import annotations

import pytest

from nnexplain.claims import Verdict, claims
from nnexplain.claims.thread import POSTS, post_of
from nnexplain.errors import UnknownNameError

# As one reads the thread from top to bottom.
IN_ORDER = [
    *("Q1", "Q2", "Q3", "Q4"),
    *("K1", "K2"),
    *("A1", "A2", "A3", "A4", "A5"),
    *("B1", "B2", "B3", "B4", "B5", "B6", "B7"),
    *("M1", "B8"),
    *("C1", "C2", "C3", "C4"),
]


def test_the_posts_hold_every_claim_of_the_thread_once_and_in_order() -> None:
    assert [name for post in POSTS for name in post.claims] == IN_ORDER
    assert {name for name in claims if claims[name].source == "thread"} == set(IN_ORDER)


def test_what_all_three_answers_say_of_a_constant_derivative_does_not_stand() -> None:
    # The page of claims says so before it lists them.
    assert all(claims[name].judge().verdict is Verdict.FALSE for name in ("A5", "B6", "C4"))


def test_a_claim_that_nobody_made_has_no_post() -> None:
    with pytest.raises(UnknownNameError, match="unknown claim of the thread 'L9-xor'"):
        post_of("L9-xor")
