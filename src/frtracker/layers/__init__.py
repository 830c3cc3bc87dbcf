"""Which rules of which subjects bind a place, and what they come to together.

Three readings of a place: *own* (all rules of its subject), *inside* it (the subjects that lie in
it), and *all that binds*: its own agencies, itself, and of every government above it the rules that
reach down. Pure: tables in, plain dataclasses out; no clock.

Unknown days belong to single rules, and a rule to one layer: the layers are independent, so what
is possible together is the highest that each may have, and what is certain together the highest
that one of them surely has.
"""

from frtracker.layers.combined import Run, Stretch, combined, next_change, on_day, run_of
from frtracker.layers.layers import Layer, governments, inside, layers
from frtracker.layers.readings import Readings

__all__ = [
    "Layer",
    "Readings",
    "Run",
    "Stretch",
    "combined",
    "governments",
    "inside",
    "layers",
    "next_change",
    "on_day",
    "run_of",
]
