"""The categories' colours are told apart, also with the common deficiencies of colour vision."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from frtracker import look
from frtracker.pictures.canvas import Look
from frtracker.timeline.rules import rank_of
from frtracker.vocabulary import MEASURES

# Machado, Oliveira and Fernandes 2009, "A Physiologically-based Model for Simulation of Color
# Vision Deficiency", table 1, severity 1.0: on linear RGB.
SIGHT = {
    "full": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array(  # IEC 61966-2-1 (sRGB), white point D65
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
)
WHITE = TO_XYZ.sum(axis=1)
STEP = 11.0
"""Lightness (L* of 100) from one measure to the next. About 2.3 is just noticeable side by side;
across a map, with letters as a second sign, nearly five times that."""


RANKED = [code for code in MEASURES if code != "none"]


def linear(colour):
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    scaled = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    low = scaled / (3 * (6 / 29) ** 2) + 4 / 29
    bent = np.where(scaled > (6 / 29) ** 3, np.cbrt(scaled), low)
    x, y, z = bent
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def lightness(colour, sight):
    return lab(SIGHT[sight] @ linear(colour))[0]


def test_the_measure_of_lightness_is_right():
    assert lightness("#000000", "full") == pytest.approx(0, abs=0.1)
    assert lightness("#ffffff", "full") == pytest.approx(100, abs=0.1)
    assert lightness("#777777", "full") == pytest.approx(50, abs=0.5)


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize(("stricter", "milder"), list(pairwise(RANKED)))
def test_the_stricter_the_darker_and_on_a_dark_page_the_brighter(stricter, milder, sight):
    """One order, which is read in grey and with every deficiency of colour vision."""
    light, dark = (
        [lightness(getattr(MEASURES[code], name), sight) for code in (stricter, milder)]
        for name in ("colour", "dark_colour")
    )
    assert light[1] - light[0] >= STEP
    assert dark[0] - dark[1] >= STEP


@pytest.mark.parametrize("sight", SIGHT)
def test_no_rule_is_paler_than_any(sight):
    *rules, none = (lightness(term.colour, sight) for term in MEASURES.values())
    assert none - max(rules) >= STEP / 2


def contrast(one, other):
    """WCAG 2.2: of two colors, from 1 to 21."""
    shades = sorted(float(linear(each) @ [0.2126, 0.7152, 0.0722]) for each in (one, other))
    return (shades[1] + 0.05) / (shades[0] + 0.05)


@pytest.mark.parametrize("code", MEASURES)
@pytest.mark.parametrize("name", ["colour", "dark_colour"])
def test_a_letter_can_be_read_on_light_and_dark_pages(code, name):
    color = getattr(MEASURES[code], name)
    letter = look.ink(color).replace("#fff", "#ffffff")
    assert contrast(color, letter) >= 4.5
    light, dark = look.style().split("@media")
    assert f".letter.is-{code}{{--on:{look.ink(color)}}}" in (light if name == "colour" else dark)


def test_a_letter_means_one_measure():
    letters = [term.letter for code, term in MEASURES.items() if code != "none"]
    assert all(letters)
    assert len(set(letters)) == len(letters)


@pytest.mark.parametrize(("measure", "ink"), [("ban", "#fff"), ("moratorium", "#fff"),
                         ("restriction", "#16130c"), ("oversight", "#16130c")])  # fmt: skip
def test_a_letter_is_read_on_its_colour(measure, ink):
    assert Look(rank_of(measure, general=True)).ink == ink
