/* What is shown: the day, the actor, the chosen subject; the address, the keys. */
"use strict";

FR.app = (() => {
  const { el, say, numbers } = FR;
  const { subjects, vocabulary, opens, opens_for: opensFor } = FR.data;
  const at = (id) => document.getElementById(id);
  const panel = at("panel");
  let waiting = 0;
  let returnTo = null;

  /** Write what is shown into the address; a frame without one (in a notebook) goes without. */
  function remember() {
    const { day, actor, selected } = FR.view;
    const when = FR.days.iso(day).slice(0, FR.slider.isMonthEnd(day) ? 7 : 10);
    try {
      history.replaceState(null, "", `#${[when, actor, selected].filter(Boolean).join("/")}`);
    } catch (error) {
      if (error.name !== "SecurityError") throw error;
    }
  }

  function readAddress() {
    const [when, actor, selected] = decodeURIComponent(location.hash.slice(1)).split("/");
    const day = FR.days.number(when || "");
    return {
      day: day === undefined ? FR.view.day : day,
      actor: actor in vocabulary.actors ? actor : FR.view.actor,
      selected: numbers.has(selected) || FR.map.unrecordedOf(selected) ? selected : "",
    };
  }

  function look(day, actor) {
    const entries = subjects.map((_, number) => FR.days.entry(number, day, actor));
    FR.view = { ...FR.view, day, actor, entries };
  }

  /** What is in force, counted. */
  function countsText(counts) {
    const total = (ending) =>
      Object.entries(counts).reduce((sum, [name, n]) => sum + (name.endsWith(ending) ? n : 0), 0);
    const items = [
      ...vocabulary.measures.map(({ code }) => [code, counts[`${code} general`]]),
      ["narrow", total(" narrow")],
      ["uncertain", counts.uncertain],
    ].filter(([, n]) => n);
    return items.map(([name, n]) => say(name, { count: n })).join(", ") || say("nothing");
  }

  function describe(counts, events) {
    const day = FR.days.day(FR.view.day);
    const masthead = say("masthead", { actor: FR.actorLabel(), counts: countsText(counts) });
    document.querySelector("#masthead .day").textContent = day;
    document.querySelector("#masthead .summary").textContent = masthead;
    clearTimeout(waiting);
    const month = FR.days.month(FR.view.day);
    waiting = setTimeout(() => {
      at("live").textContent = say("live", {
        day,
        masthead,
        month,
        events: say("events", { count: events }),
      });
    }, 600);
  }

  function showPanel() {
    const { selected } = FR.view;
    panel.hidden = !selected;
    FR.map.choose(selected);
    if (!selected) {
      panel.replaceChildren();
      return;
    }
    const close = el("button", { type: "button", class: "close", "aria-label": "Close" }, "×");
    close.addEventListener("click", deselect);
    const number = numbers.get(selected);
    const body =
      number === undefined
        ? FR.details.unrecordedPanel(FR.map.unrecordedOf(selected))
        : FR.details.panel(number);
    panel.replaceChildren(close, ...body.flat().filter(Boolean));
  }

  /** Put the shown day, actor and filter into every part of the page. */
  function show() {
    FR.view.touched = FR.map.paint();
    const counts = FR.legend.show();
    const events = FR.lists.show();
    FR.table.show();
    FR.slider.show();
    showPanel();
    describe(counts, events);
  }

  function go(day, actor = FR.view.actor) {
    look(FR.slider.inside(day), actor);
    show();
    remember();
  }

  function select(key, { zoom = false } = {}) {
    returnTo = document.activeElement;
    FR.view.selected = key;
    remember();
    if (zoom) FR.map.zoom(key);
    showPanel();
    panel.parentElement.scrollTop = 0;
    panel.querySelector("h2").focus({ preventScroll: true });
    if (matchMedia("(max-width: 820px)").matches) panel.scrollIntoView({ block: "start" });
  }

  function deselect() {
    const path = FR.map.element(FR.view.selected);
    FR.view.selected = "";
    showPanel();
    remember();
    const target = returnTo?.isConnected ? returnTo : path;
    if (target) target.focus({ preventScroll: true });
  }

  function addActors() {
    at("actors").replaceChildren(
      ...Object.entries(vocabulary.actors).map(([code, label]) => {
        const input = el("input", { type: "radio", name: "actor", value: code });
        input.checked = code === FR.view.actor;
        input.addEventListener("change", () => go(FR.view.day, code));
        return el("label", {}, input, el("span", {}, label));
      }),
    );
  }

  function followAddress() {
    const { day, actor, selected } = readAddress();
    FR.view.selected = selected;
    document.querySelector(`#actors input[value="${actor}"]`).checked = true;
    go(day, actor);
  }

  function listen() {
    for (const link of document.querySelectorAll("[data-skip-to]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault(); // The address keeps the state of the view.
        at(link.dataset.skipTo).focus();
      });
    }
    window.addEventListener("hashchange", followAddress);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && FR.view.selected && event.target.id !== "search") deselect();
    });
  }

  function start() {
    FR.view = { day: opens, actor: opensFor, entries: [], selected: "" };
    look(FR.slider.inside(opens), opensFor);
    addActors();
    for (const part of ["slider", "map", "legend", "table", "search"]) FR[part].start();
    listen();
    if (location.hash) followAddress();
    else go(opens);
    FR.map.settle();
    performance.mark("frtracker-ready");
  }

  return { start, go, select, filtered: show, months: FR.slider.months };
})();

FR.app.start();
