/* The legend: each category with its sample and count; a pressed one filters map, lists, table. */
"use strict";

FR.legend = (() => {
  const { at, say } = FR;
  const { subjects } = FR.data;
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
    at("all-categories").hidden = !wanted.size;
  }

  function press(name) {
    filter(wanted.has(name) ? [...wanted].filter((each) => each !== name) : [...wanted, name]);
    FR.app.filtered();
  }

  function start() {
    for (const button of document.querySelectorAll("[data-category]")) {
      const name = button.dataset.category;
      buttons.set(name, { button, count: button.querySelector(".count") });
      button.addEventListener("click", () => press(name));
      const look = JSON.parse(button.dataset.look);
      for (const node of [button, at(`means-${name}`)]) {
        node.prepend(look ? FR.shapes.swatch(look) : FR.shapes.mark(name));
      }
    }
    at("all-categories").addEventListener("click", () => {
      filter([]);
      FR.app.filtered();
    });
    const view = () => ({
      subject: say("view", { actor: FR.actorLabel() }),
      lines: ["headline", "masthead"].map((id) => at(id).textContent.trim()),
    });
    at("share-view").append(FR.panel.share(view));
    at("bills").addEventListener("change", ({ target }) => {
      FR.view.bills = target.checked;
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
