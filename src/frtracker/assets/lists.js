/* Beside the map: what happened in the month, vendors, companies, and who has no place on it. */
"use strict";

FR.lists = (() => {
  const { el } = FR;
  const { subjects, policies, events, texts } = FR.data;

  /** A button that opens the panel of a subject, by its number, or of any place, by its key. */
  function opener(place, ...children) {
    const key = subjects[place]?.key ?? place;
    const button = el("button", { type: "button", class: "opener", "data-key": key }, children);
    button.addEventListener("click", () => FR.app.select(key));
    return button;
  }

  function event(row) {
    const subject = policies[events.policy[row]].subject - 1;
    const when = el("span", { class: "when" }, texts[events.when[row]]);
    const name = el("b", {}, subjects[subject].label);
    const what = el("span", {}, name, ` ${texts[events.text[row]]}`);
    return el("li", {}, opener(subject, when, " ", what));
  }

  /** What surely happened in the month of the shown day, for the chosen actor; folded, what may
   * have. Returns how many events are sure. */
  function month() {
    const [begins, ends] = FR.days.monthOf(FR.view.day);
    const rows = [...events.first.keys()].filter(
      (row) =>
        events.first[row] <= ends &&
        events.last[row] >= begins &&
        (FR.view.bills || !events.bill[row]) &&
        FR.days.includes(events.actors[row], FR.view.actor),
    );
    const isSure = (row) => events.first[row] >= begins && events.last[row] <= ends;
    const [sure, others] = [rows.filter(isSure), rows.filter((row) => !isSure(row))];
    const title = FR.say("month", { month: FR.days.month(FR.view.day) });
    FR.at("events-title").textContent = title;
    const none = el("li", { class: "nothing" }, FR.say("no_events"));
    const [list, more] = document.querySelectorAll("#events ul");
    list.replaceChildren(...(sure.length ? sure.map(event) : [none]));
    more.replaceChildren(...others.map(event));
    more.parentElement.hidden = !others.length;
    more.previousElementSibling.textContent = FR.say("ranges", { count: others.length });
    return sure.length;
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

  const drawn = {}; // by list: what it shows, so that a list that stays is left alone
  function list(id, entries) {
    const face = entries.map(({ subject, look }) => `${subject} ${look}`).join();
    if (drawn[id] === face) return;
    drawn[id] = face;
    const section = FR.at(id);
    section.hidden = !entries.length;
    section.querySelector("ul").replaceChildren(...entries.sort(strictestFirst).map(item));
  }

  /** Returns how many events the month has. */
  function show() {
    const shown = FR.view.entries.filter((entry) => entry?.named && FR.legend.shows(entry));
    const ofType = (type) => shown.filter((entry) => subjects[entry.subject].type === type);
    list("vendors", ofType("vendor"));
    list("companies", ofType("company"));
    list(
      "elsewhere",
      shown.filter(({ subject }) => !FR.legend.isMarketed(subject) && !FR.map.isDrawn(subject)),
    );
    return month();
  }

  return { show, opener, item, strictestFirst };
})();
