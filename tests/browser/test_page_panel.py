"""The panel of a place or company: the answer first, then what is in force, then the rest."""

from __future__ import annotations

from itertools import pairwise

import pytest
from reader import panel, select

pytestmark = pytest.mark.browser

REVIEWED = "2026-11-22"
CLIPBOARD = "navigator.clipboard.readText()"

# the acts of every subject as its panel lists them on the shown day: (id, state, is it folded)
LISTED = """() => Object.fromEntries(FR.data.subjects.map(({ key }, number) => {
  const panel = FR.el("div", {}, FR.panel.panel(number).flat(9));
  const acts = [...panel.querySelectorAll(".acts > .act")].map((act) => [
    act.dataset.policy, act.className.replace("act state-", ""), act.closest(".more") !== null]);
  return [key, acts];
}))"""


@pytest.fixture
def opened(open_page, shipped):
    def panel_at(address, **options):
        return panel(open_page(shipped.page, f"#{address}", **options).page)

    return panel_at


@pytest.fixture
def page(open_page, small):
    return open_page(small.page).page


def panel_of(page, key):
    select(page, key)
    return panel(page)


ANSWERS = [
    # the chosen actor's rule
    ("2026-11-22/police/us-ma-boston",
     "Banned for police and other government agencies since 30 Jun 2020."),
    ("2026-11-22/schools/us-ma-boston",
     "Subject to approval or reporting for schools since Aug 2022."
     " For others: ban for police and other government agencies since 30 Jun 2020."),
    # no act names the chosen actor
    ("2026-11-22/police/us-fl", "Nothing for police; ban for schools since 12 May 2014."),
    # only bills were for the chosen actor
    ("2026-11-22/police/us-ny", "Nothing for police; ban for schools since 27 Sep 2023."),
    ("2026-11-22/schools/us-fl", "Banned for schools since 12 May 2014."),
    ("2026-11-22/anyone/us-fl", "Banned for schools since 12 May 2014."),
    ("2026-11-22/police/us-va", "Uncertain: ban or no rule for police."),
    ("2026-11-22/private/us-va", "Nothing for businesses and individuals;"
     " uncertain: ban or no rule for police."),
    ("2026-11-22/police/european-union",
     "Banned (scraping of faces only) for everyone since 2 Feb 2025."),
    ("2021-06-30/police/vendor-amazon",
     "Has paused offering face recognition to police since 10 Jun 2020."),
    ("2026-11-22/police/us-ca", "No rule in force for police."),
    ("2001-01-01/police/us-ma-boston", "No act on record as of this date."),
]  # fmt: skip


@pytest.mark.parametrize(("address", "words"), ANSWERS)
def test_it_opens_with_the_answer(opened, address, words):
    assert opened(address).locator(".answer").inner_text() == words


def test_what_is_in_force_comes_first_and_what_is_over_is_folded(open_page, shipped):
    page = open_page(shipped.page).page
    several = 0
    for key, acts in page.evaluate(LISTED).items():
        live = [act for act in acts if act[1] in ("in_force", "uncertain") and not act[2]]
        assert acts[: len(live)] == live, key
        assert all(folded for _, state, folded in acts if state in ("failed", "lapsed", "expired"))
        several += len(acts) > 1 and bool(live)
    assert several > 50


def test_an_act_introduced_by_some_day_is_not_the_oldest(opened):
    acts = opened("2026-11-22/police/us-ma").locator(".act")
    ids = acts.evaluate_all("all => all.map((act) => act.dataset.policy)")
    assert ids[0] == "us-ma-2020"
    assert ids.index("us-ma-2022-house") < ids.index("us-ma-2020-returned")


@pytest.mark.parametrize("width", [1440, 390])
def test_why_it_is_uncertain_is_on_the_first_screen(opened, width):
    panel = opened("2026-11-22/police/us-va", viewport={"width": width, "height": 900})
    doubts = panel.locator(".doubts")
    text = doubts.inner_text()
    assert "It is not established that the act exists or says this." in text
    assert "Copies of the code and the summaries of 2022 have the wording of 2021" in text
    box, top = doubts.bounding_box(), panel.bounding_box()["y"]
    assert box["y"] + box["height"] - top < 600
    assert panel.locator(".act").first.inner_text().count("Copies of the code") == 0


def test_an_act_has_its_words_its_proof_and_the_rest_behind_it(page):
    panel = panel_of(page, "us-ca-san-francisco")
    text = panel.inner_text()
    for words in (
        "city · California",
        "On 30 Jun 2021, under its own rules:",
        "ban for police, other agencies · in force",
        "Exceptions: The airport and the port",
        "decided 21 May 2019",
        "Ordinance 107-19",
        "no act on record",
    ):
        assert words.lower() in text.lower()
    assert "Example note." not in text
    panel.locator(".act summary").click()
    assert "Example note." in panel.inner_text()
    links = panel.locator(".sources a")
    assert [each.get_attribute("href") for each in links.all()] == [
        "https://example.org/us-ca-san-francisco-2019",
        "https://example.net/second?a=1&b=2",
    ]
    assert {each.get_attribute("rel") for each in links.all()} == {"noopener noreferrer"}


def test_the_text_of_the_law_is_a_link_of_its_own(opened):
    law = opened("2026-11-22/police/us-va").locator(".law a").first
    assert law.inner_text() == "Text of the law"
    assert law.get_attribute("href").startswith("https://instalawyer.io/")


def test_what_is_for_the_chosen_actor_comes_first(opened):
    acts = opened("2026-11-22/police/us-or-portland").locator(".act .what strong")
    assert acts.first.inner_text() == "Ban for police, other agencies"
    acts = opened("2026-11-22/private/us-or-portland").locator(".act .what strong")
    assert acts.first.inner_text() == "Ban for private users"


def test_a_state_names_the_places_in_it(opened):
    shown = opened("2026-11-22/police/us-ma")
    inside = shown.locator("details.more").first
    assert inside.inner_text().startswith("Places and agencies here with rules of their own (")
    inside.locator("summary").click()
    names = inside.locator("b").all_inner_texts()
    assert names[0] == "Boston, Suffolk County, Massachusetts"
    assert "Cambridge, Middlesex County, Massachusetts" in names
    inside.locator(".opener").first.click()
    assert shown.locator("h2").inner_text() == "Boston"


def test_what_comes_next(page):
    text = panel_of(page, "us-ma").inner_text()
    assert "Next: 1 Jul 2021: restriction for police" in text
    assert text.index("Adopted, not yet in effect") < text.index("1 earlier or failed")


@pytest.mark.parametrize(("address", "whose"), [
    ("us-wa-seattle", ["Washington"]),
    ("us-ma-boston", ["Boston Police Department", "Massachusetts"]),
    ("ES", ["European Union"]),
])  # fmt: skip
def test_all_that_applies_there_is_in_its_place(opened, address, whose):
    panel = opened(f"{REVIEWED}/anyone/{address}")
    names = panel.locator(".above h4 .opener")
    assert [name.inner_text().split("\n")[0].strip() for name in names.all()] == whose
    names.last.click()
    assert panel.locator("h2").inner_text() == whose[-1]


def test_a_country_lists_its_agencies(page):
    text = panel_of(page, "us").locator(".above").inner_text()
    assert "Federal Example Service" in text


def test_what_is_in_force_elsewhere_for_all_actors_is_said_once(opened):
    panel = opened("2026-11-22/police/vendor-clearview-ai")
    assert panel.locator(".positions").inner_text().count("ban in Australia") == 1


@pytest.mark.parametrize(("code", "words"), [
    ("US-NV", "No act of its own on record: its law was searched on 29 Nov 2026 and none was"
     " found. That does not show that there is none."
     " No rule of another government on record applies here."),
    ("TD", "No act on record here, and this place was not searched."
     " No rule of another government on record applies here."),
])  # fmt: skip
def test_a_place_without_an_act_says_whether_it_was_searched(opened, code, words):
    panel = opened(f"{REVIEWED}/police/{code}")
    assert panel.locator(".answer").inner_text() == words


def test_it_is_copied_in_five_ways(open_page, shipped):
    page = open_page(shipped.page, "#2026-11-22/police/us-ma-boston").page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    live = page.locator("#live")
    live.filter(has_text="places and agencies").wait_for(state="attached")

    def copied(name, what):
        button = page.locator(f"#panel [data-copy={name}]").first
        button.click()
        live.filter(has_text=f"{what}: copied.").wait_for(state="attached")
        assert button.inner_text() == "Copied"
        return page.evaluate(CLIPBOARD)

    cite = copied("copy_citation", "Cite")
    assert cite.endswith("Boston, Suffolk County, Massachusetts on 22 Nov 2026.")
    text = copied("copy_text", "Copy text").splitlines()
    assert text[:4] == [
        "Boston, Suffolk County, Massachusetts",
        "On 22 Nov 2026, under its own rules:",
        "Banned for police and other government agencies since 30 Jun 2020.",
        "Rules of Massachusetts apply here as well: see below.",
    ]
    assert text[-1] == cite
    (ban,) = (line for line in text if line.startswith("- ban for police, other agencies: City"))
    assert " Exceptions: Evidence on a specific crime" in ban
    assert "https://" in ban
    assert copied("copy_link", "Copy link") == page.url
    frame = copied("copy_embed", "Embed")
    assert f'src="{page.url.replace("#", "?embed#")}"' in frame
    page.locator(".act summary").first.click()
    report = copied("copy_report", "Copy an error report")
    assert report.startswith("us-ma-boston-2020, edition 2026.")
    assert "shown for 22 Nov 2026\nban for police, other agencies, in force:" in report


def test_where_copying_is_not_allowed_the_text_is_selected(open_page, shipped):
    page = open_page(shipped.page, "#2026-11-22/police/us-ma-boston").page
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
    page.locator("#panel [data-copy=copy_citation]").click()
    field = page.locator("#panel textarea")
    field.wait_for()
    value = field.input_value()
    assert value.endswith("on 22 Nov 2026.")
    assert page.evaluate("getSelection().toString()") == value
    assert "copying is not allowed here" in page.locator("#live").inner_text()


def test_headings_are_in_order_and_targets_are_large_enough(opened):
    panel = opened("2026-11-22/police/us-ma-boston", viewport={"width": 390, "height": 844})
    levels = panel.locator("h2, h3, h4").evaluate_all("all => all.map((it) => +it.tagName[1])")
    assert levels[0] == 2
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for target in panel.locator("button, summary").all():
        if target.is_visible():
            box = target.bounding_box()
            assert min(box["width"], box["height"]) >= 24, target.inner_text()
