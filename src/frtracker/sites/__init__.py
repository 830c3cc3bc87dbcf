"""Where a place lies, from itself up to its country."""

from frtracker.sites.located import Site, country_name, of_point, of_subject, of_us_place
from frtracker.sites.named import resolve

__all__ = ["Site", "country_name", "of_point", "of_subject", "of_us_place", "resolve"]
