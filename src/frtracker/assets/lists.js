/* Beside the map: what happened in the month, vendors, companies, and who has no place on it. */
"use strict";

FR.lists = (() => {
  const { el, words } = FR;
  const { subjects, policies, events, texts, vocabulary } = FR.data;
  const SAID = { pulled: "pulled by its sponsors", lapsed: "lapsed with its session" };

  /** A button that opens the panel of a subject. */
  function opener(number, ...children) {
    const button = el("button", {
      type: "button",
      class: "opener",
      "data-key": subjects[number].key,
    });
    button.append(...children);
    button.addEventListener("click", () => FR.app.select(subjects[number].key));
    return button;
  }

  function event(row) {
    const policy = policies[events.policy[row]];
    const subject = policy.subject - 1;
    const kind = vocabulary.kinds[events.kind[row]];
    const what =
      policy.measure === "none"
        ? "repeal"
        : words.measure({ measure: policy.measure, scope: FR.days.scopeOf(policy) });
    const cause = events.cause[row] < 0 ? "" : ", replaced by a later rule";
    const who = words.actors(texts[events.actors[row]].split(";"));
    const market = policy.territory || "";
    // a union's members are its own territory, and no market
    const where = market && market.split(";").length < 5 ? ` in ${words.places(market)}` : "";
    return el(
      "li",
      {},
      opener(
        subject,
        el("span", { class: "when" }, (events.by[row] ? "by " : "") + words.day(events.day[row])),
        el(
          "span",
          {},
          el("b", {}, FR.label(subjects[subject])),
          ` ${what} for ${who}${where} ${SAID[kind] || kind}${kind === "ended" ? cause : ""}`,
        ),
      ),
    );
  }

  /** What happened in the month of the shown day, for the chosen actor. */
  function month() {
    const [begins, ends] = FR.days.monthOf(FR.view.day);
    const chosen = new Set(FR.view.actors);
    const rows = [...events.day.keys()].filter(
      (row) =>
        events.day[row] >= begins &&
        events.day[row] <= ends &&
        texts[events.actors[row]].split(";").some((actor) => chosen.has(actor)),
    );
    document.getElementById("events-title").textContent = `In ${words.month(FR.view.day)}`;
    const none = el("li", { class: "nothing" }, "Nothing was introduced, decided, begun or ended.");
    document
      .querySelector("#events ul")
      .replaceChildren(...(rows.length ? rows.map(event) : [none]));
    return rows.length;
  }

  function item(entry) {
    const held = FR.days.headline(entry);
    const positions = entry.top.map((actor) => FR.days.position(entry.rows[actor], FR.view.day));
    const elsewhere = held.measure === "none" ? positions.flatMap(FR.details.others) : [];
    const territories = new Set(positions.map((each) => words.places(each.territory)));
    const where = [...territories].filter(Boolean).join(", ");
    const facts = [
      [...new Set(elsewhere)].join("; "),
      held.for.length && `for ${words.actors(held.for)}`,
      words.since(held),
      held.until && words.through(held.until),
      where && `in ${where}`,
    ].filter(Boolean);
    const said = el("span", { class: "said" }, words.position(held));
    const marks = entry.scheduled ? [FR.shapes.mark("scheduled")] : [];
    return el(
      "li",
      {},
      opener(
        entry.subject,
        FR.shapes.swatch(entry),
        el(
          "span",
          {},
          el("b", {}, FR.label(subjects[entry.subject])),
          " ",
          said,
          marks,
          facts.length ? el("span", { class: "facts" }, facts.join(" · ")) : "",
        ),
      ),
    );
  }

  const name = (entry) => subjects[entry.subject].name;
  const strictestFirst = (a, b) => b.rank - a.rank || name(a).localeCompare(name(b), "en");

  function list(id, entries) {
    const section = document.getElementById(id);
    section.hidden = !entries.length;
    section.querySelector("ul").replaceChildren(...entries.sort(strictestFirst).map(item));
  }

  /** Returns how many events the month has. */
  function show() {
    const shown = FR.view.entries.filter((entry) => entry && FR.legend.shows(entry));
    const type = (entry) => subjects[entry.subject].type;
    list(
      "vendors",
      shown.filter((entry) => type(entry) === "vendor"),
    );
    list(
      "companies",
      shown.filter((entry) => type(entry) === "company"),
    );
    list(
      "elsewhere",
      shown.filter(
        (entry) => !FR.legend.isMarketed(entry.subject) && !FR.map.isDrawn(entry.subject),
      ),
    );
    return month();
  }

  return { show, opener };
})();
