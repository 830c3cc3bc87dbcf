/* The legend: each category with its sample and count; a pressed one filters map, lists, table. */
"use strict";

FR.legend = (() => {
  const { el, say } = FR;
  const { subjects, vocabulary } = FR.data;
  const MARKETED = new Set(["vendor", "company"]);
  const wanted = new Set(); // pressed categories; none: all are shown
  const buttons = new Map();

  const isMarketed = (number) => MARKETED.has(subjects[number].type);

  /** The one category that an entry is counted in; those in doubt are counted apart. */
  function category(entry) {
    if (typeof entry === "string") return entry;
    if (entry.others) return "others";
    if (!entry.certain) return "uncertain";
    if (!entry.rank) return "none";
    return entry.scope === "narrow" ? "narrow" : entry.measure;
  }

  /** Whether an entry, or a place without one ("searched", "unsearched"), passes the filter. */
  const shows = (entry) =>
    !wanted.size ||
    wanted.has(category(entry)) ||
    (wanted.has("scheduled") && Boolean(entry.scheduled));

  /** How many places and agencies are in which category; vendors and companies are not places. */
  function counts() {
    const counted = { ...FR.map.unrecordedCounts() };
    for (const entry of FR.view.entries) {
      if (!entry || isMarketed(entry.subject)) continue;
      const name = category(entry);
      counted[name] = (counted[name] || 0) + 1;
      if (entry.scheduled) counted.scheduled = (counted.scheduled || 0) + 1;
    }
    return counted;
  }

  /** Show only these categories; none: all. */
  function filter(names) {
    wanted.clear();
    for (const name of names) if (buttons.has(name)) wanted.add(name);
    for (const [code, { button }] of buttons) button.setAttribute("aria-pressed", wanted.has(code));
    document.getElementById("all-categories").hidden = !wanted.size;
  }

  function press(name) {
    filter(wanted.has(name) ? [...wanted].filter((each) => each !== name) : [...wanted, name]);
    FR.app.filtered();
  }

  function item([name, sample, label, definition]) {
    const count = el("span", { class: "count" });
    const button = el(
      "button",
      { type: "button", "aria-pressed": "false", "data-category": name, title: definition },
      sample,
      el("span", { class: "label" }, label),
      count,
    );
    button.addEventListener("click", () => press(name));
    buttons.set(name, { button, count });
    return el("li", {}, button);
  }

  function start() {
    const { swatch, mark } = FR.shapes;
    const { categories } = FR.data.words;
    const measures = vocabulary.measures.filter(({ code }) => code !== "none");
    const [strictest] = measures;
    const samples = {
      narrow: swatch({ measure: strictest.code, scope: "narrow", certain: true }),
      uncertain: mark("uncertain"),
      scheduled: mark("scheduled"),
      others: swatch({ others: true }),
      none: swatch({ measure: "none", certain: true }),
      searched: swatch("searched"),
      unsearched: swatch("unsearched"),
    };
    const lines = [
      ...measures.map(({ code, label, definition }) => [
        code,
        swatch({ measure: code, certain: true }),
        label,
        definition,
      ]),
      ...Object.entries(categories).map(([name, [label, definition]]) => [
        name,
        samples[name],
        label,
        definition,
      ]),
    ];
    const all = el("button", { type: "button", id: "all-categories", hidden: "" }, say("show_all"));
    all.addEventListener("click", () => {
      filter([]);
      FR.app.filtered();
    });
    document.getElementById("legend").replaceChildren(el("ul", {}, lines.map(item)), all);
    const meanings = lines.flatMap(([, sample, label, definition]) => [
      el("dt", {}, sample.cloneNode(true), label),
      el("dd", {}, definition),
    ]);
    document.getElementById("meanings").replaceChildren(el("dl", {}, meanings));
    const bills = document.getElementById("bills");
    bills.addEventListener("change", () => {
      FR.view.bills = bills.checked;
      FR.app.filtered();
    });
  }

  function show() {
    const counted = counts();
    for (const [name, { button, count }] of buttons) {
      const text = String(counted[name] || 0);
      if (count.textContent !== text) count.textContent = text;
      button.classList.toggle("zero", !counted[name]);
    }
    return counted;
  }

  return { start, show, shows, counts, category, filter, isMarketed, filtered: () => [...wanted] };
})();
