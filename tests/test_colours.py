"""The categories' colours are told apart, also with the common deficiencies of colour vision."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

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
TELLABLE = 20.0
"""CIE76 distance in L*a*b*. About 2.3 is just noticeable side by side; across a map, with letters
and patterns as a second sign, more than eight times that."""


def linear(colour):
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    scaled = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    low = scaled / (3 * (6 / 29) ** 2) + 4 / 29
    bent = np.where(scaled > (6 / 29) ** 3, np.cbrt(scaled), low)
    x, y, z = bent
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(one, other, sight):
    seen = [lab(SIGHT[sight] @ linear(colour)) for colour in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


def test_the_measure_of_distance_is_right():
    assert distance("#000000", "#ffffff", "full") == pytest.approx(100, abs=0.1)
    assert distance("#ff0000", "#00ff00", "full") == pytest.approx(170.6, abs=0.3)
    assert distance("#ff0000", "#808000", "deutan") < distance("#ff0000", "#808000", "full") / 2


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize(("one", "other"), list(combinations(MEASURES, 2)))
def test_two_measures_are_told_apart(one, other, sight):
    assert distance(MEASURES[one].colour, MEASURES[other].colour, sight) >= TELLABLE


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("code", [code for code in MEASURES if code != "none"])
def test_a_measure_is_told_from_the_land(code, sight):
    assert distance(MEASURES[code].colour, "#faf8f4", sight) >= TELLABLE


def test_a_letter_means_one_measure():
    letters = [term.letter for code, term in MEASURES.items() if code != "none"]
    assert all(letters)
    assert len(set(letters)) == len(letters)


@pytest.mark.parametrize(("measure", "ink"), [("ban", "#fff"), ("restriction", "#fff"),
                         ("moratorium", "#16130c"), ("oversight", "#16130c")])  # fmt: skip
def test_a_letter_is_read_on_its_colour(measure, ink):
    assert Look(rank_of(measure, general=True)).ink == ink
