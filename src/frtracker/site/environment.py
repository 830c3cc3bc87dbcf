"""What all templates share: where they are, and that every value is escaped and none is unknown."""

from __future__ import annotations

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from frtracker import look, wording
from frtracker.dates import in_words
from frtracker.markup import asset, web_link
from frtracker.vocabulary import MEASURES, SOURCE_KINDS, STATES

_STYLES = ("theme.css", "header.css", "site.css")


def environment() -> Environment:
    """A new environment for the templates of the site; an unknown name in one is an error."""
    made = Environment(
        loader=ChoiceLoader(
            [PackageLoader("frtracker.site"), PackageLoader("frtracker", "assets")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"web_link": web_link, "in_words": in_words}
    made.globals |= {
        "categories": look.CATEGORIES,
        "classes": look.classes,
        "measures": MEASURES,
        "source_kinds": SOURCE_KINDS,
        "states": STATES,
        "wording": wording,
    }
    return made


def stylesheet() -> str:
    """The look of all pages."""
    return "\n".join([look.style(), *map(asset, _STYLES)])
