/* Beside the map: what happened in the month, vendors, companies, and who has no place on it. */
"use strict";

FR.lists = (() => {
  const { el } = FR;
  const { subjects, policies, events, texts } = FR.data;

  /** A button that opens the panel of a subject. */
  function opener(number, ...children) {
    const { key } = subjects[number];
    const button = el("button", { type: "button", class: "opener", "data-key": key }, children);
    button.addEventListener("click", () => FR.app.select(key));
    return button;
  }

  function event(row) {
    const subject = policies[events.policy[row]].subject - 1;
    const day = FR.days.day(events.day[row]);
    const when = el("span", { class: "when" }, FR.fill(texts[events.when[row]], { day }));
    const name = el("b", {}, subjects[subject].label);
    return el("li", {}, opener(subject, when, el("span", {}, name, ` ${texts[events.text[row]]}`)));
  }

  /** What happened in the month of the shown day, for the chosen actor. */
  function month() {
    const [begins, ends] = FR.days.monthOf(FR.view.day);
    const rows = [...events.day.keys()].filter(
      (row) =>
        events.day[row] >= begins &&
        events.day[row] <= ends &&
        FR.days.includes(events.actors[row], FR.view.actor),
    );
    const title = FR.say("month", { month: FR.days.month(FR.view.day) });
    document.getElementById("events-title").textContent = title;
    const none = el("li", { class: "nothing" }, FR.say("no_events"));
    document
      .querySelector("#events ul")
      .replaceChildren(...(rows.length ? rows.map(event) : [none]));
    return rows.length;
  }

  function item(entry) {
    const content = el(
      "span",
      {},
      el("b", {}, subjects[entry.subject].label),
      " ",
      el("span", { class: "position" }, entry.position),
      entry.scheduled ? FR.shapes.mark("scheduled") : null,
      entry.facts ? el("span", { class: "facts" }, entry.facts) : null,
    );
    return el("li", {}, opener(entry.subject, FR.shapes.swatch(entry), content));
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
    const ofType = (type) => shown.filter((entry) => subjects[entry.subject].type === type);
    list("vendors", ofType("vendor"));
    list("companies", ofType("company"));
    list(
      "elsewhere",
      shown.filter(({ subject }) => !FR.legend.isMarketed(subject) && !FR.map.isDrawn(subject)),
    );
    return month();
  }

  return { show, opener };
})();
