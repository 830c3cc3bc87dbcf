/* The legend: every category with its sample and count; a pressed one filters map, lists, table. */
"use strict";

FR.legend = (() => {
  const { el } = FR;
  const { subjects, vocabulary } = FR.data;
  const MARKETED = new Set(["vendor", "company"]);
  const wanted = new Set(); // pressed categories; none: all are shown
  const buttons = new Map();

  const isMarketed = (number) => MARKETED.has(subjects[number].type);

  /** The one category that an entry is counted in; those in doubt are counted apart. */
  function category(entry) {
    if (typeof entry === "string") return entry;
    if (!entry.certain) return "uncertain";
    return [entry.measure, entry.scope].filter(Boolean).join(" ");
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

  function press(name) {
    if (wanted.has(name)) wanted.delete(name);
    else wanted.add(name);
    for (const [code, { button }] of buttons) button.setAttribute("aria-pressed", wanted.has(code));
    document.getElementById("all-categories").hidden = !wanted.size;
    FR.app.filtered();
  }

  function entryButton(name, sample, label) {
    const count = el("span", { class: "count" });
    const button = el(
      "button",
      { type: "button", "aria-pressed": "false", "data-category": name },
      sample,
      el("span", { class: "label" }, label),
      count,
    );
    button.addEventListener("click", () => press(name));
    buttons.set(name, { button, count });
    return button;
  }

  function measureRow({ code, label, definition }) {
    const one = (scope, ...words) => {
      const sample = FR.shapes.swatch({ measure: code, scope, certain: true });
      return entryButton(`${code} ${scope}`, sample, words);
    };
    const narrow = one("narrow", el("span", { class: "unseen" }, `${label}, `), "some uses");
    return el("li", { class: "pair", title: definition }, one("general", label), narrow);
  }

  function start() {
    const { swatch, mark } = FR.shapes;
    const measures = vocabulary.measures.filter((term) => term.code !== "none");
    const samples = {
      none: swatch({ measure: "none", certain: true }),
      searched: swatch("searched"),
      unsearched: swatch("unsearched"),
      scheduled: mark("scheduled"),
      uncertain: mark("uncertain"),
    };
    const others = Object.entries(FR.data.words.categories);
    const all = el("button", { type: "button", id: "all-categories", hidden: "" }, "Show all");
    all.addEventListener("click", () => [...wanted].forEach(press));
    document.getElementById("legend").replaceChildren(
      el("ul", {}, measures.map(measureRow)),
      el(
        "ul",
        { class: "others" },
        others.map(([name, label]) => el("li", {}, entryButton(name, samples[name], label))),
      ),
      all,
      el(
        "p",
        { class: "hint" },
        "Counts of places and agencies, each by its own strictest rule for the chosen actor. ",
        "Under “anyone” that rule may apply to others than the police; the map then says to whom. ",
        "Circles are cities, schools and agencies. Press a line to see only that.",
      ),
    );
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

  return { start, show, shows, counts, category, isMarketed };
})();
