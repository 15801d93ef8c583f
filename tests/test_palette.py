"""The colours keep their promises: contrast by the WCAG formula, distance by CIEDE2000."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from nnexplain.palette import KINDS, ROLES, css, variable

PAGE = ("grid", "soft", "surface")
READABLE = [role for role in ROLES if role not in PAGE]

# Machado, Oliveira & Fernandes 2009, "A physiologically-based model for simulation of color vision
# deficiency", severity 1.0; they act on linear RGB.
VISIONS = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
# IEC 61966-2-1: linear sRGB to XYZ under D65.
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def linear(colour):
    s = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(s <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """(L1 + 0.05) / (L2 + 0.05): WCAG 2.2, success criterion 1.4.3."""
    low, high = sorted(float(TO_XYZ[1] @ linear(c)) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    t = TO_XYZ @ np.clip(rgb, 0, 1) / [0.95047, 1.0, 1.08883]
    x, y, z = np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def ciede2000(one, other):
    """Sharma, Wu & Dalal 2005, equations 2 to 22."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * np.sqrt(mean**7 / (mean**7 + 25**7))
    c1, c2 = np.hypot(a1 * stretch, b1), np.hypot(a2 * stretch, b2)
    h1 = np.degrees(np.arctan2(b1, a1 * stretch)) % 360
    h2 = np.degrees(np.arctan2(b2, a2 * stretch)) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    h = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    c, l = (c1 + c2) / 2, (l1 + l2) / 2  # noqa: E741
    t = (
        1
        - 0.17 * np.cos(np.radians(h - 30))
        + 0.24 * np.cos(np.radians(2 * h))
        + 0.32 * np.cos(np.radians(3 * h + 6))
        - 0.20 * np.cos(np.radians(4 * h - 63))
    )
    dl = (l2 - l1) / (1 + 0.015 * (l - 50) ** 2 / np.sqrt(20 + (l - 50) ** 2))
    dc = (c2 - c1) / (1 + 0.045 * c)
    dh = hue / (1 + 0.015 * c * t)
    rotation = 60 * np.exp(-(((h - 275) / 25) ** 2))
    cross = -2 * np.sqrt(c**7 / (c**7 + 25**7)) * np.sin(np.radians(rotation))
    return np.sqrt(dl**2 + dc**2 + dh**2 + cross * dc * dh)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_our_ciede2000_gives_the_published_test_data(one, other, expected):
    assert ciede2000(one, other) == pytest.approx(expected, abs=5e-5)


def test_contrast_of_black_and_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("role", READABLE)
def test_text_and_marks_stand_out(role, scheme):
    colour, page = getattr(ROLES[role], scheme), getattr(ROLES["surface"], scheme)
    assert contrast(colour, page) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("role", ["ink", "muted"])
def test_text_inside_a_unit_stands_out(role, scheme):
    assert contrast(getattr(ROLES[role], scheme), getattr(ROLES["soft"], scheme)) >= 4.5


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("roles", "least"), [(KINDS, 14), ((*KINDS, "forward", "backward"), 9)])
def test_roles_are_told_apart_by_everybody(vision, scheme, roles, least):
    seen = {r: lab(VISIONS[vision] @ linear(getattr(ROLES[r], scheme))) for r in roles}
    for one, other in itertools.combinations(roles, 2):
        assert ciede2000(seen[one], seen[other]) >= least, (one, other)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_two_roles_share_a_colour(scheme):
    # The figures are coloured by looking a light colour up.
    assert len({getattr(role, scheme) for role in ROLES.values()}) == len(ROLES)


def test_no_light_colour_is_another_roles_dark_one():
    # A figure drawn on a dark ground is coloured by looking a dark colour up in the same table.
    colours = [c for role in ROLES.values() for c in (role.light, role.dark)]
    assert len(set(colours)) == len(colours)


def test_every_factor_has_a_sign_of_its_own_besides_its_colour():
    signed = [ROLES[role] for role in (*KINDS, "forward", "backward")]
    assert len({role.mark for role in signed}) == len(signed)
    assert all(role.mark for role in signed)
    assert ROLES["backward"].dash
    assert not ROLES["forward"].dash


def test_the_kinds_follow_the_chain_from_the_loss_to_the_parameter():
    assert KINDS == ("error", "output_slope", "weight", "hidden_slope", "input")


def test_css_names_every_role_once_in_each_scheme():
    light, dark = css().split('[data-md-color-scheme="slate"]')
    for name, role in ROLES.items():
        assert light.count(f"  {variable(name)}: {role.light};") == 1
        assert dark.count(f"  {variable(name)}: {role.dark};") == 1


def test_a_role_cannot_be_changed_by_accident():
    with pytest.raises(TypeError):
        ROLES["error"] = ROLES["ink"]
