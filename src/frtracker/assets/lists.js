/* Beside the map: the legend with its counts, vendors, companies, and who has no place on it. */
"use strict";

FR.lists = (function () {
  const { el, words } = FR;
  const { subjects, vocabulary } = FR.data;
  const MARKETED = new Set(["vendor", "company"]);
  const order = vocabulary.measures.map((term) => term.code);

  /** Higher is stricter: any use before some uses, then the order of the vocabulary. */
  function rank(held) {
    const strictness = order.length - order.indexOf(held.measure);
    return held.measure === "none" ? 0 : strictness + (held.scope === "narrow" ? 0 : order.length);
  }

  function strictestFirst(keys) {
    const { held } = FR.data.day;
    return [...keys].sort(
      (a, b) =>
        rank(held[b]) - rank(held[a]) || subjects[a].name.localeCompare(subjects[b].name, "en"),
    );
  }

  const isScheduled = (held) =>
    Object.entries(held.states).some(
      ([id, state]) => state.state === "scheduled" && FR.data.policies[id].measure !== "none",
    );

  /** How many places and agencies have which headline; those in doubt are counted apart. */
  function counts() {
    const found = { uncertain: 0, scheduled: 0 };
    for (const [key, held] of Object.entries(FR.data.day.held)) {
      if (MARKETED.has(subjects[key].type)) continue;
      if (isScheduled(held)) found.scheduled += 1;
      const name = held.uncertain
        ? "uncertain"
        : [held.measure, held.scope].filter(Boolean).join(" ");
      found[name] = (found[name] || 0) + 1;
    }
    return found;
  }

  function legendRow(term, found) {
    const cell = (scope) => {
      const count = found[`${term.code} ${scope}`] || 0;
      const swatch = FR.shapes.swatch({ measure: term.code, scope });
      return el("td", count ? {} : { class: "zero" }, swatch, String(count));
    };
    return el(
      "tr",
      {},
      el("th", { scope: "row", title: term.definition }, term.label),
      cell("general"),
      cell("narrow"),
    );
  }

  function other(sample, label, count) {
    return el(
      "li",
      {},
      sample,
      el("span", {}, label),
      count === undefined ? "" : el("span", { class: "count" }, String(count)),
    );
  }

  function legend() {
    const found = counts();
    const { swatch, mark } = FR.shapes;
    const measures = vocabulary.measures.filter((term) => term.code !== "none");
    const head = el(
      "tr",
      {},
      el("td"),
      el("th", { scope: "col" }, "any use"),
      el("th", { scope: "col" }, "some uses"),
    );
    document.getElementById("legend").replaceChildren(
      el(
        "table",
        {},
        el("thead", {}, head),
        el(
          "tbody",
          {},
          measures.map((term) => legendRow(term, found)),
        ),
      ),
      el(
        "ul",
        {},
        other(swatch({ measure: "none" }), "acts recorded, none in force", found.none || 0),
        other(swatch(undefined), "nothing recorded"),
        other(mark("scheduled"), "a decided rule has yet to begin", found.scheduled),
        other(mark("uncertain"), "the record cannot tell for sure", found.uncertain),
      ),
      el(
        "p",
        { class: "hint" },
        "Places and agencies, by their own strictest rule; circles are cities and agencies.",
      ),
    );
  }

  function item(key) {
    const held = FR.data.day.held[key];
    const positions = Object.values(held.positions || {}).filter(
      (each) => each.measure === held.measure && each.scope === held.scope,
    );
    const territories = [...new Set(positions.map((each) => words.places(each.territory)))].filter(
      Boolean,
    );
    const elsewhere = held.measure === "none" ? positions.flatMap(FR.details.others) : [];
    const facts = [
      elsewhere.length && [...new Set(elsewhere)].join("; "),
      held.for && `for ${words.actors(held.for)}`,
      held.since && words.since({ since: held.since }),
      held.until && words.through(held.until),
      territories.length && `in ${territories.join(", ")}`,
    ].filter(Boolean);
    const marks = [
      held.uncertain && FR.shapes.mark("uncertain"),
      isScheduled(held) && FR.shapes.mark("scheduled"),
    ].filter(Boolean);
    const summary = el(
      "summary",
      {},
      FR.shapes.swatch(held),
      el(
        "span",
        {},
        el("b", {}, FR.label(subjects[key])),
        " ",
        el("span", { class: "said" }, words.position(held)),
        marks,
        facts.length ? el("span", { class: "facts" }, facts.join(" · ")) : "",
      ),
    );
    const node = el("details", { "data-key": key }, summary);
    node.addEventListener("toggle", () => {
      if (node.open && node.children.length === 1)
        node.append(el("div", { class: "panel" }, FR.details.body(key)));
    });
    return el("li", {}, node);
  }

  function list(id, keys) {
    const section = document.getElementById(id);
    section.hidden = keys.length === 0;
    section.querySelector("ul").replaceChildren(...strictestFirst(keys).map(item));
  }

  function show() {
    const keys = Object.keys(subjects);
    const unplaced = keys.filter(
      (key) => !MARKETED.has(subjects[key].type) && !FR.map.isDrawn(key),
    );
    legend();
    list(
      "vendors",
      keys.filter((key) => subjects[key].type === "vendor"),
    );
    list(
      "companies",
      keys.filter((key) => subjects[key].type === "company"),
    );
    list("elsewhere", unplaced);
  }

  return { show, rank, isScheduled };
})();
