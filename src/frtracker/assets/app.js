/* What is shown: the day, the actor, the chosen subject; the address, the keys. */
"use strict";

FR.app = (() => {
  const { at, el, say, numbers } = FR;
  const { subjects, vocabulary, opens, opens_for: opensFor } = FR.data;
  const panel = at("panel");
  const [{ code: strictest }] = vocabulary.measures;
  const isEmbedded = new URLSearchParams(location.search).has("embed");
  let returnTo = null;

  /** What is shown, as an address: day/actor/subject/sheet/categories, without empty ends. */
  function address() {
    const { day, actor, selected } = FR.view;
    const when = FR.days.iso(day).slice(0, FR.strip.isMonthEnd(day) ? 7 : 10);
    const sheet = FR.map.sheet() === FR.data.home ? "" : FR.map.sheet();
    const parts = [when, actor, selected, sheet, FR.legend.filtered().join("+")];
    return `#${parts.join("/").replace(/\/+$/, "")}`;
  }

  /** Write what is shown into the address, as a `step` that Back undoes or in place of the last;
   * a frame without an address (in a notebook) goes without. */
  function remember({ step = false, again = false } = {}) {
    const next = address();
    at("whole").href = `?${next}`;
    if (next === location.hash && !again) return;
    try {
      if (step && !isEmbedded) history.pushState(null, "", next);
      else history.replaceState(null, "", next);
    } catch (error) {
      if (error.name !== "SecurityError") throw error;
    }
  }

  /** What an address asks for, and what in it makes no sense. */
  function readAddress() {
    let text = location.hash.slice(1);
    const wrong = [];
    try {
      text = decodeURIComponent(text);
    } catch {
      wrong.push(say("bad_address"));
    }
    const parts = text.split("/").map((part) => part.split(/[?&]/)[0].trim());
    const [when = "", actor = "", key = "", sheet = "", categories = ""] = parts;
    const day = when ? FR.days.number(when) : opens;
    const shown = FR.strip.inside(day ?? opens);
    if (day === undefined) wrong.push(say("bad_day", { text: when, day: FR.days.day(opens) }));
    else if (shown !== day) wrong.push(say("out_of_reach", { day: FR.days.day(shown) }));
    const selected = FR.places.known(key);
    if (key && !selected) wrong.push(say("bad_place", { text: key }));
    const isActor = Object.hasOwn(vocabulary.actors, actor);
    const actors = Object.keys(vocabulary.actors).join(", ");
    if (actor && !isActor && !wrong.length) wrong.push(say("bad_actor", { text: actor, actors }));
    return {
      day: shown,
      actor: isActor ? actor : opensFor,
      selected,
      sheet: Object.hasOwn(FR.data.sheets, sheet) ? sheet : "",
      categories: categories.split(/[+ ]/).filter(Boolean),
      wrong,
    };
  }

  function notify(texts) {
    at("notice").hidden = !texts.length;
    at("notice").textContent = texts.join(" ");
  }

  function look(day, actor) {
    const entries = subjects.map((_, number) => FR.days.entry(number, day, actor));
    FR.view = { ...FR.view, day, actor, entries };
  }

  /** In how many places of which kind use is banned: the first line of the page. */
  function headline() {
    const banned = new Map();
    for (const entry of FR.view.entries) {
      if (!entry || FR.legend.category(entry) !== strictest) continue;
      const { type } = subjects[entry.subject];
      if (!FR.legend.isMarketed(entry.subject)) banned.set(type, (banned.get(type) || 0) + 1);
    }
    const kinds = Object.keys(vocabulary.types).filter((type) => banned.has(type));
    const places = FR.listed(kinds.map((type) => say(type, { count: banned.get(type) })));
    return say(places ? "banned" : "not_banned", { whom: vocabulary.whom[FR.view.actor], places });
  }

  function describe(counts, events) {
    const day = FR.days.day(FR.view.day);
    const items = [...vocabulary.measures.map(({ code }) => code), "narrow", "uncertain", "others"];
    const counted = items.filter((name) => counts[name] && name !== "none");
    const text = counted.map((name) => say(name, { count: counts[name] })).join(", ");
    const masthead = say("masthead", { actor: FR.actorLabel(), counts: text || say("nothing") });
    document.querySelector("#headline .day").textContent = day;
    const summary = headline();
    document.querySelector("#headline .summary").textContent = summary;
    at("masthead").textContent = masthead;
    const number = FR.days.people(FR.view.actor, FR.view.day);
    const whose = vocabulary.whose[FR.view.actor];
    at("people").textContent = number ? say("people", { number, whose }) : "";
    const month = FR.days.month(FR.view.day);
    const happened = say("events", { count: events });
    const values = { day, headline: summary, masthead, month, events: happened };
    FR.announce(say("live", values), 600);
  }

  /** What the panel shows; nothing closes it. */
  function fill(...body) {
    panel.hidden = !body.length;
    at("panel-body").replaceChildren(...body.flat().filter(Boolean));
    document.body.classList.toggle("has-panel", body.length > 0);
  }

  function showPanel() {
    const { selected, several } = FR.view;
    FR.map.choose(selected);
    if (selected) {
      const number = numbers.get(selected);
      if (number !== undefined) fill(FR.panel.panel(number));
      else fill(FR.panel.unrecordedPanel(FR.places.of(selected)));
    } else if (several) fill(chooser());
    else fill();
  }

  /** Which of several places under one mark is meant, or what it lies on: `under`, a key. */
  function chooser() {
    const { several, under } = FR.view;
    const items = several.map((number) => {
      const entry = FR.view.entries[number];
      const text = el("span", {}, FR.sentence(number));
      return el("li", {}, FR.lists.opener(number, FR.shapes.swatch(entry || "unsearched"), text));
    });
    const closer = el("button", { type: "button", class: "plain-button" }, say("zoom_in"));
    closer.addEventListener("click", () => FR.map.zoom(subjects[several[0]].key));
    return [
      el("h2", { tabindex: "-1" }, say("places_here", { count: several.length })),
      el("ul", { class: "chooser" }, items),
      under ? FR.lists.opener(under, FR.sentenceOf(under)) : null,
      closer,
    ];
  }

  /** Put the shown day, actor and filter into every part of the page. */
  function show() {
    FR.view.touched = FR.map.paint();
    const counts = FR.legend.show();
    const events = FR.lists.show();
    FR.table.show();
    FR.strip.show();
    showPanel();
    describe(counts, events);
  }

  function go(day, actor = FR.view.actor, { step = false } = {}) {
    notify([]);
    look(FR.strip.inside(day), actor);
    show();
    remember({ step });
  }

  function open() {
    showPanel();
    panel.scrollTop = 0;
    const top = panel.parentElement.getBoundingClientRect().top;
    if (top < 0 && getComputedStyle(panel).position !== "fixed") {
      panel.parentElement.scrollIntoView({ block: "start" });
    }
    panel.querySelector("h2").focus({ preventScroll: true });
  }

  function select(key, { zoom = false } = {}) {
    if (!panel.contains(document.activeElement)) returnTo = document.activeElement;
    FR.view.selected = key;
    FR.view.several = null;
    if (zoom) FR.map.zoom(key);
    remember({ step: true });
    open();
  }

  /** Offer several places under one mark, and the outline `under` it, until Back. */
  function choose(several, under) {
    returnTo = document.activeElement;
    remember({ step: true, again: true });
    Object.assign(FR.view, { several, under });
    FR.view.selected = "";
    open();
  }

  function deselect() {
    FR.view.selected = "";
    FR.view.several = null;
    showPanel();
    remember({ step: true });
    const target = returnTo?.isConnected && returnTo !== document.body ? returnTo : at("cursor");
    target.focus({ preventScroll: true });
  }

  /** Show another sheet. */
  function turn(sheet) {
    FR.map.view(sheet);
    FR.map.paint();
    FR.view.several = null;
    showPanel();
    remember({ step: true });
  }

  function filtered() {
    show();
    remember();
  }

  function followAddress() {
    const { day, actor, selected, sheet, categories, wrong } = readAddress();
    Object.assign(FR.view, { selected, several: null });
    document.querySelector(`#actors input[value="${actor}"]`).checked = true;
    FR.legend.filter(categories);
    look(day, actor);
    const wanted = sheet || FR.data.home;
    if (wanted !== FR.map.sheet()) FR.map.view(wanted);
    if (selected) FR.map.zoom(selected);
    show();
    notify(wrong);
  }

  function listen() {
    for (const link of document.querySelectorAll("[data-skip-to]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault(); // The address keeps the state of the view.
        at(link.dataset.skipTo).focus();
      });
    }
    window.addEventListener("popstate", followAddress);
    document.addEventListener("keydown", (event) => {
      const isOpen = !panel.hidden && event.target.id !== "search";
      if (event.key === "Escape" && isOpen) deselect();
    });
  }

  function start() {
    document.documentElement.classList.toggle("embed", isEmbedded);
    FR.view = { day: opens, actor: opensFor, entries: [], selected: "", several: null };
    at("actors").addEventListener("change", ({ target }) =>
      go(FR.view.day, target.value, { step: true }),
    );
    panel.querySelector(".close").addEventListener("click", deselect);
    for (const part of ["strip", "map", "legend", "table", "search", "pointer", "cursor"]) {
      FR[part].start();
    }
    listen();
    followAddress();
    if (location.hash) remember();
    performance.mark("frtracker-ready");
  }

  return { start, go, select, choose, turn, filtered };
})();

FR.app.start();
