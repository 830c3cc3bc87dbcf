"""The search field: what a reader means by what they type, and the answer where nothing is."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from reader import PHONE, panel

from frtracker import page as webmap
from frtracker import timeline
from frtracker.page.places import MIN_PEOPLE
from frtracker.places.gazetteer import us_places
from frtracker.places.names import resolve
from frtracker.places.subjects import NameNotUnderstood
from frtracker.record import load
from frtracker.record.tables import slug, subject_key

pytestmark = pytest.mark.browser

FIRST = (
    # exact names: states and countries before towns, what is on record before what is not
    ("Massachusetts", "us-ma"),
    ("washington", "us-wa"),
    ("Georgia", "us-ga"),
    ("New York", "us-ny"),
    ("new york city", "us-ny-new-york-city"),
    ("Lebanon", "LB"),
    ("Nashville", "us-tn-nashville"),
    ("springfield", "us-ma-springfield"),
    ("london", "us-ky-london"),
    # codes: a state before a country
    ("MA", "us-ma"),
    ("CA", "us-ca"),
    ("US-MA", "us-ma"),
    ("AZ", "US-AZ"),
    ("UK", "gb"),
    ("USA", "us"),
    ("UAE", "AE"),
    ("DEU", "DE"),
    ("d.c.", "us-dc"),
    ("Mass", "us-ma"),
    # aliases
    ("NYC", "us-ny-new-york-city"),
    ("LAPD", "us-ca-los-angeles-police-department"),
    ("Facebook", "vendor-meta"),
    ("kings cross", "company-king-s-cross-central"),
    ("Zürich", "ch-zh-zurich"),
    ("Sao Paulo", "br-sp-sao-paulo"),
    ("Deutschland", "DE"),
    ("Suomi", "fi"),
    ("日本", "JP"),
    # places without an act
    ("Phoenix", "us-az-phoenix"),
    ("Las Vegas", "us-nv-las-vegas"),
    ("Reno", "us-nv-reno"),
    ("coeur dalene", "us-id-coeur-d-alene"),
    ("St. Paul", "us-mn-saint-paul"),
    ("gibraltar", "GI"),
    ("Puerto Rico", "US-PR"),
    ("Cook County", "us-il-cook-county"),
    ("county of los angeles", "us-ca-los-angeles-county"),
    ("caddo parish, la", "us-la-caddo-parish"),
    ("King County", "us-wa-king-county"),
    # places inside a city that is a whole county
    ("San Francisco County", "us-ca-san-francisco"),
    ("kings county, ny", "us-ny-new-york-city"),
    ("Queens", "us-ny-new-york-city"),
    ("brooklyn", "us-ny-new-york-city"),
    ("Washington DC", "us-dc"),
    # with the state or country
    ("Boston, MA", "us-ma-boston"),
    ("portland or", "us-or-portland"),
    ("Portland, ME", "us-me-portland"),
    ("Portland, Oregon", "us-or-portland"),
    ("boston massachusetts", "us-ma-boston"),
    ("boston massach", "us-ma-boston"),
    ("Phoenix, Ariz.", "us-az-phoenix"),
    ("phoenix az usa", "us-az-phoenix"),
    ("reno, nevada, united states", "us-nv-reno"),
    ("queens ny", "us-ny-new-york-city"),
    ("zurich, switzerland", "ch-zh-zurich"),
    # with what it is
    ("city of boston", "us-ma-boston"),
    ("City of Phoenix", "us-az-phoenix"),
    ("town of brookline", "us-ma-brookline"),
    ("kansas city", "us-mo-kansas-city"),
    # beginnings: the own name before an alias
    ("san franc", "us-ca-san-francisco"),
    ("phoe", "us-az-phoenix"),
    ("clearv", "vendor-clearview-ai"),
    ("new jer", "us-nj"),
    # a word inside
    ("bernardino", "us-ca-san-bernardino"),
    # one typing error
    ("massachusets", "us-ma"),
    ("San Fransisco", "us-ca-san-francisco"),
    ("Bostn", "us-ma-boston"),
    ("bostom", "us-ma-boston"),
    ("Pheonix", "us-az-phoenix"),
    ("chicgo", "us-il-chicago"),
    ("portlandd", "us-me-portland"),
    ("portland orgon", "us-or-portland"),
    ("san fransis", "us-ca-san-francisco"),
    ("gemrany", "DE"),
)

NOTHING = ("FBI", "xyz", "paris, france", "London, UK", "msachusets", "bxstn", "!!")


@pytest.fixture
def page(open_page, shipped):
    return open_page(shipped.page).page


@pytest.mark.parametrize(
    ("asked", "selected"),
    [("Boston", "us-ma-boston"), ("Washington", "us-wa"), ("Springfield", ""), ("Portland", "")],
)
def test_an_address_opens_what_it_asks_for_unless_that_is_several(
    open_page, shipped, asked, selected
):
    page = open_page(shipped.page, f"?find={asked}").page
    assert page.evaluate("FR.view.selected") == selected
    assert (page.get_by_role("option").count() > 2) == (not selected)


def search(page, text):
    page.fill("#search", text)
    return page.get_by_role("option")


def governments_of(page):
    """Whose rules apply in the opened place besides its own."""
    names = panel(page).locator(".above h4 .opener")
    return [each.inner_text().split("\n")[0].strip() for each in names.all()]


def test_the_first_result_is_what_is_meant(page):
    first = "text => FR.search.matching(text)[0]?.key"
    found = [(text, page.evaluate(first, text)) for text, _ in FIRST]
    assert found == list(FIRST)


@pytest.fixture(scope="module")
def record():
    return load.read(None)


ALIKE = """LaSalle, IL; De Kalb, IL; Mc Allen, TX; O Fallon, MO; Coeur dAlene, ID; St Louis, MO
Winston Salem, NC; Kailua Kona, HI; Hawai'i; Nassau County; Nassau County, NY; Sanfrancisco; BOSTON
San Francisco City and County; Town of Brookline; Brookline town, MA; Washington, D.C.; Boston, US
Portland Oregon; portland or; Portland; Lebanon; Mexico; Jersey; Georgia; Georgia, USA; US-GA; Peru
Holland; Jordan; New York; New York, NY; Washington; Korea; Cote d Ivoire; MA; VT; CA; São Paulo
us-ny-nyc; vendor-facebook; us-ca-san-francisco; us-ca-nowhere"""


def test_a_name_means_on_the_page_what_it_means_in_commands(page, record):
    """Neither takes a name that could mean two places for one of them."""

    def meant(name):
        try:
            place = resolve(record, name)
        except NameNotUnderstood:
            return ""
        key = subject_key(place.country, place.region, place.level, place.name)
        return place.key or key

    asked = [name for line in ALIKE.splitlines() for name in line.split("; ")]
    sure = "text => FR.search.sure(FR.search.matching(text))?.key || ''"
    found = {name: page.evaluate(sure, name).lower() for name in asked}
    assert found == {name: meant(name) for name in asked}


def test_what_is_no_name_finds_nothing(page):
    assert [it for it in NOTHING if page.evaluate("text => FR.search.matching(text)", it)] == []


def test_a_code_of_a_state_and_a_country_offers_both(page):
    keys = page.evaluate("FR.search.matching('CA').map(({ key }) => key)")
    assert keys[:2] == ["us-ca", "CA"]
    assert len(keys) == len(set(keys)) <= 12


def test_a_result_says_what_it_is(page):
    assert search(page, "portl").all_inner_texts()[:2] == [
        "Portland\ncity in Maine",
        "Portland\ncity in Oregon",
    ]
    asked = "phoenix", "queens", "brentwood ca"
    assert [search(page, text).first.inner_text() for text in asked] == [
        "Phoenix\ncity in Arizona · no act on record",
        "Queens\npart of New York City",
        "Brentwood\ncity in Contra Costa County, California · no act on record",
    ]


def test_an_empty_answer_says_what_was_searched(page):
    options = search(page, " xyz ")
    assert options.count() == 0
    remark = page.locator("#remark").inner_text()
    for words in (
        "No place or company named “xyz”.",
        "US places of 5,000 people or more",
        "Towns outside the United States are not in the list. Try the country.",
    ):
        assert words in remark
    assert page.get_attribute("#search", "aria-expanded") == "false"
    page.fill("#search", "")
    assert not page.locator("#found").is_visible()


def test_of_a_zip_code_it_is_said_that_none_is_searched(page):
    assert search(page, "02139").count() == 0
    assert page.locator("#remark").inner_text().startswith("ZIP codes are not searched")


@pytest.mark.parametrize(("text", "warns"), [("london", True), ("phoenix", False), ("gb", False)])
def test_a_small_town_comes_with_a_word_on_towns_abroad(page, text, warns):
    assert search(page, text).count() > 0
    assert ("Towns outside" in page.locator("#remark").inner_text()) == warns


def test_the_keyboard_chooses(page):
    field = page.get_by_role("combobox")
    field.type("Portl")
    assert field.get_attribute("aria-expanded") == "true"
    assert field.get_attribute("aria-activedescendant") == "result-0"
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == "result-1"
    field.press("Enter")
    assert field.input_value() == "Portland, Multnomah County, Oregon"
    assert page.evaluate("FR.view.selected") == "us-or-portland"
    assert page.evaluate("document.activeElement.textContent") == "Portland"
    field.fill("bost")
    field.press("Escape")
    assert not page.locator("#found").is_visible()
    assert page.evaluate("FR.view.selected") == "us-or-portland"


def test_a_place_without_an_act_says_what_applies_there(page):
    search(page, "reno").first.click()
    text = panel(page).inner_text()
    for words in ("Reno", "city · Nevada", "No act of its own on record."):
        assert words in text
    search(page, "chicago").first.click()
    text = panel(page).inner_text()
    for words in ("Rules of other governments that apply here", "Illinois"):
        assert words in text
    assert page.url.endswith("/us-il-chicago")


def test_towns_of_a_county_with_rules_have_them(open_page, tables, tmp_path):
    is_county = tables.policies["policy_id"] == "us-wa-king-county-2021"
    reach = tables.policies["reach"].mask(is_county, "below")
    binding = dataclasses.replace(tables, policies=tables.policies.assign(reach=reach))
    path = tmp_path / "map.html"
    when = timeline.build(binding.policies)
    path.write_text(webmap.render(binding, when, date(2022, 6, 30)), encoding="utf-8")
    for town, governments in {
        "Bellevue": ["King County", "Washington"],
        "Spokane": ["Washington"],
    }.items():
        page = open_page(path, f"#2022-06/police/us-wa-{town.lower()}").page
        assert panel(page).locator("h2").inner_text() == town
        assert governments_of(page) == governments


def test_a_place_inside_a_city_opens_the_city(page):
    search(page, "queens").first.click()
    assert page.evaluate("FR.view.selected") == "us-ny-new-york-city"
    assert panel(page).locator("h2").inner_text() == "New York City"


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("us-az-phoenix", ["us-az-phoenix", "US-AZ", "Phoenix", "Phoenix, Arizona", "city", 1]),
        ("US-AZ", ["US-AZ", "US-AZ", "Arizona", "Arizona", "state", 0]),
        ("DE", ["DE", "DE", "Germany", "Germany", "country", 0]),
        ("us-az-nowhere", None),
        ("constructor", None),
        ("", None),
    ],
)
def test_a_place_is_known_by_its_key(page, key, place):
    told = """key => {
      const it = FR.places.of(key);
      return it ? [it.key, it.code, it.name, it.label, it.kind, it.at.length] : null;
    }"""
    assert page.evaluate(told, key) == place


def test_the_page_makes_the_keys_that_the_record_would(page):
    keys = page.evaluate("FR.places.all().map(({ key }) => key)")
    assert len(keys) == len(set(keys))
    assert "us-ca-brentwood-contra-costa-county" in keys
    assert "us-hi-kihei" in keys
    made = {
        f"{us.region.lower()}-{slug(us.name)}" for us in us_places() if us.population >= MIN_PEOPLE
    }
    made |= {f"{us.region.lower()}-{slug(us.county)}" for us in us_places()}
    left = [key for key in keys if key not in made]
    assert [key for key in left if not key.endswith(("county", "parish", "municipio"))] == []


@pytest.mark.parametrize(
    ("address", "selected", "options"),
    [
        ("?find=Phoenix", "us-az-phoenix", 0),
        ("?find=Boston,+MA", "us-ma-boston", 0),
        ("?find=san+franc", "", 3),
        ("#2026-11/police/vendor-facebook", "vendor-meta", 0),
        ("?find=xyz", "", 0),
        ("?find=Phoenix#2021-06/police/us-ma", "us-ma", 0),
    ],
)
def test_an_address_can_ask_for_a_name(open_page, shipped, address, selected, options):
    page = open_page(shipped.page, address).page
    page.wait_for_timeout(100)
    assert page.evaluate("FR.view.selected") == selected
    assert page.get_by_role("option").count() == options
    assert page.locator("#remark").is_visible() == ("xyz" in address)


def test_results_are_large_enough_for_a_finger(open_page, shipped):
    page = open_page(shipped.page, **PHONE).page
    page.get_by_role("combobox").tap()
    options = search(page, "spring")
    heights = options.evaluate_all("all => all.map((it) => it.getBoundingClientRect().height)")
    assert len(heights) == 12
    assert min(heights) >= 44
    assert page.locator("#found").bounding_box()["width"] <= 390


def test_forced_colors_show_which_result_is_marked(open_page, shipped):
    page = open_page(shipped.page, forced_colors="active").page
    options = search(page, "spring")
    color = "it => getComputedStyle(it).backgroundColor"
    assert options.nth(0).evaluate(color) != options.nth(1).evaluate(color)


def test_a_keystroke_is_quick(page):
    page.get_by_role("combobox").focus()
    spent = """text => {
      const start = performance.now();
      FR.search.matching(text);
      return performance.now() - start;
    }"""
    texts = [text[:size] for text, _ in FIRST for size in range(1, len(text) + 1)]
    times = sorted(page.evaluate(spent, text) for text in texts)
    assert times[len(times) // 2] <= 10
