"""The page of a record without places in the United States, and of one without rows."""

from __future__ import annotations

from datetime import date

import pytest
from reader import PHONE

import records
from conftest import recorded
from frtracker.record import load
from frtracker.record.columns import FILES

pytestmark = pytest.mark.browser


def page_of(countries, folder):
    """The page of the rules that the test record has in ``countries``."""
    rows = [row for row in records.rows("map", "policies") if row["country"] in countries]
    rows = [row | {"supersedes": "", "relates_to": ""} for row in rows]
    for table in FILES:
        records.write(folder, table, [])
    records.write(folder, "policies", rows)
    people = {row["subject"] for row in rows}
    subjects = [row for row in records.rows("map", "subjects") if row["subject"] in people]
    records.write(folder, "subjects", [row | {"within": ""} for row in subjects])
    ids = {row["policy_id"] for row in rows}
    sources = [row for row in records.rows("map", "sources") if row["policy_id"] in ids]
    records.write(folder, "sources", sources)
    tables = load.read(folder / "policies.csv")
    return len(rows), recorded(tables, date(2021, 6, 30), "2021-06", folder).page


@pytest.mark.parametrize("options", [{}, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("countries", [(), ("BE", "MA")], ids=["nothing", "abroad"])
def test_it_opens_on_the_world(open_page, tmp_path, countries, options):
    number, path = page_of(countries, tmp_path)
    assert bool(number) is bool(countries)
    page = open_page(path, **options).page
    assert page.locator('.views [aria-pressed="true"]').get_attribute("data-view") == "world"
    said = page.locator("#as-decided").inner_text()
    assert said.startswith("Record last reviewed" if number else "No act is on record.")
    assert page.locator(".late").count() == bool(number)
    assert page.evaluate("location.hash") == ""
    for view, address in (("us", "#2021-06/anyone//us"), ("world", "#2021-06/anyone")):
        page.click(f"[data-view={view}]")
        assert page.evaluate("location.hash") == address
    page.reload()
    assert page.locator('.views [aria-pressed="true"]').get_attribute("data-view") == "world"
