/* What is shown: the day, the actor, the chosen subject; the slider, the address, the keys. */
"use strict";

FR.app = (() => {
  const { el, words } = FR;
  const { subjects, vocabulary, opens, opens_for: opensFor, first, last } = FR.data;
  const at = (id) => document.getElementById(id);
  const numbers = new Map(subjects.map((subject, number) => [subject.key, number]));
  const months = monthEnds();
  const [play, slider, panel] = [at("play"), at("month"), at("panel")];
  const isStill = matchMedia("(prefers-reduced-motion: reduce)");
  let timer = 0;
  let waiting = 0;
  let returnTo = null;

  /** The last day of each month from the first act to the last scheduled change. */
  function monthEnds() {
    const found = [];
    const [year, month] = FR.days.iso(first).split("-").map(Number);
    for (let place = month; found.at(-1) === undefined || found.at(-1) < last; place += 1) {
      found.push(Date.UTC(year, place, 0) / 86400000);
    }
    return found;
  }

  const placeOf = (day) => {
    const place = months.findIndex((end) => day <= end);
    return place < 0 ? months.length - 1 : place;
  };
  const isMonthEnd = (day) => months[placeOf(day)] === day;
  const inside = (day) => Math.max(first, Math.min(day, months.at(-1)));

  function address() {
    const { day, actor, selected } = FR.view;
    const when = FR.days.iso(day).slice(0, isMonthEnd(day) ? 7 : 10);
    return `#${[when, actor, selected].filter(Boolean).join("/")}`;
  }

  function readAddress() {
    const [when, actor, selected] = decodeURIComponent(location.hash.slice(1)).split("/");
    const day = FR.days.number(when || "");
    return {
      day: day === undefined ? FR.view.day : inside(day),
      actor: actor in vocabulary.actors || actor === "anyone" ? actor : FR.view.actor,
      selected: numbers.has(selected) || FR.map.bareOf(selected) ? selected : "",
    };
  }

  function look(day, actor) {
    const actors = FR.days.actorsOf(actor);
    const entries = subjects.map((_, number) => FR.days.entry(number, day, actors));
    FR.view = { ...FR.view, day, actor, actors, entries };
  }

  /** What is in force, in a sentence. */
  function summary(found) {
    const said = vocabulary.measures
      .filter(({ code }) => found[`${code} general`])
      .map(({ code, label }) => `${found[`${code} general`]} ${label}`);
    const total = (ending) =>
      Object.keys(found)
        .filter((name) => name.endsWith(ending))
        .reduce((sum, name) => sum + found[name], 0);
    if (total(" narrow")) said.push(`${total(" narrow")} for some uses only`);
    if (found.uncertain) said.push(`${found.uncertain} uncertain`);
    return said.length ? said.join(", ") : "nothing in force";
  }

  function tell(found, events) {
    const { day, actor } = FR.view;
    const who = actor === "anyone" ? "anyone" : FR.actorWords(actor);
    const said = `places and agencies, rules for ${who}: ${summary(found)}`;
    document.querySelector("#masthead .day").textContent = words.day(day);
    document.querySelector("#masthead .said").textContent = said;
    at("day").textContent = words.day(day);
    slider.setAttribute("aria-valuetext", words.day(day));
    clearTimeout(waiting);
    const change = events === 1 ? "1 event" : `${events} events`;
    waiting = setTimeout(() => {
      at("live").textContent = `${words.day(day)}, ${said}; ${change} in ${words.month(day)}`;
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
        ? FR.details.barePanel(FR.map.bareOf(selected))
        : FR.details.panel(number);
    panel.replaceChildren(close, ...body.flat().filter(Boolean));
  }

  /** Put the shown day, actor and filter into every part of the page. */
  function show() {
    FR.view.touched = FR.map.paint();
    const found = FR.legend.show();
    const events = FR.lists.show();
    FR.table.show();
    showPanel();
    const places = changeDays();
    at("previous").disabled = !places.some((day) => day < FR.view.day);
    at("next").disabled = !places.some((day) => day > FR.view.day);
    tell(found, events);
  }

  const known = new Map();
  function changeDays() {
    const { actor, actors } = FR.view;
    if (!known.has(actor)) {
      known.set(
        actor,
        FR.days.changeDays(actors).filter((day) => day >= first),
      );
    }
    return known.get(actor);
  }

  function go(day, actor = FR.view.actor) {
    look(inside(day), actor);
    slider.value = placeOf(FR.view.day);
    show();
    history.replaceState(null, "", address());
  }

  function select(key, { zoom = false } = {}) {
    returnTo = document.activeElement;
    FR.view.selected = key;
    history.replaceState(null, "", address());
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
    history.replaceState(null, "", address());
    const target = returnTo?.isConnected ? returnTo : path;
    if (target) target.focus({ preventScroll: true });
  }

  function jump(way) {
    const days = changeDays();
    const { day } = FR.view;
    const next = way > 0 ? days.find((each) => each > day) : days.findLast((each) => each < day);
    if (next !== undefined) go(next);
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    play.setAttribute("aria-pressed", "false");
    play.replaceChildren(
      el("span", { "aria-hidden": "true" }, "▶"),
      el("span", { class: "word" }, "Play"),
    );
  }

  function togglePlay() {
    if (timer) return stop();
    if (Number(slider.value) >= months.length - 1) go(months[0]);
    play.setAttribute("aria-pressed", "true");
    play.replaceChildren(
      el("span", { "aria-hidden": "true" }, "❚❚"),
      el("span", { class: "word" }, "Pause"),
    );
    timer = setInterval(
      () => {
        const place = Number(slider.value) + 1;
        if (place < months.length) go(months[place]);
        else stop();
      },
      isStill.matches ? 1500 : 350,
    );
    return undefined;
  }

  function addActors() {
    const choices = [...Object.entries(vocabulary.actors), ["anyone", "anyone"]];
    at("actors").replaceChildren(
      ...choices.map(([code, label]) => {
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
    let frame = 0;
    for (const link of document.querySelectorAll("[data-skip-to]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault(); // The address keeps the state of the view.
        at(link.dataset.skipTo).focus();
      });
    }
    slider.addEventListener("input", () => {
      stop();
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => go(months[Number(slider.value)]));
    });
    play.addEventListener("click", togglePlay);
    at("previous").addEventListener("click", () => jump(-1));
    at("next").addEventListener("click", () => jump(1));
    window.addEventListener("hashchange", followAddress);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && FR.view.selected && event.target.id !== "search") deselect();
    });
  }

  function start() {
    FR.view = { day: inside(opens), actor: opensFor, actors: [], entries: [], selected: "" };
    look(FR.view.day, FR.view.actor);
    addActors();
    slider.max = months.length - 1;
    FR.map.start();
    FR.legend.start();
    FR.table.start();
    FR.search.start();
    listen();
    if (location.hash) followAddress();
    else go(opens);
    FR.map.settle();
    performance.mark("frtracker-ready");
  }

  return { start, go, select, filtered: show, months };
})();

FR.app.start();
