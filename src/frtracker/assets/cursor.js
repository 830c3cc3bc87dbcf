/* The keyboard on the map: one stop, arrow keys from place to place by name, Enter opens. */
"use strict";

FR.cursor = (() => {
  const { leaflet: map } = FR.map;
  const button = FR.at("cursor");
  let places = []; // { key, label, number, at: where on the sheet }
  let current = "";

  /** All places of the sheet in view, by name; a place that is drawn twice is one. */
  function listed() {
    const { outlines } = FR.map.drawn();
    const found = new Map();
    for (const { code, name, number, path, at } of outlines) {
      if (path.getElement().look === "is-absent") continue;
      const subject = FR.data.subjects[number];
      const key = subject ? subject.key : code;
      if (!found.has(key)) found.set(key, { key, label: subject ? subject.label : name, at });
    }
    for (const { numbers, at, isArea } of FR.marks.shown()) {
      if (isArea) continue;
      for (const number of numbers) {
        const { key, label } = FR.data.subjects[number];
        const place = map.layerPointToLatLng(at);
        if (!found.has(key)) found.set(key, { key, label, at: [place.lng, place.lat] });
      }
    }
    return [...found.values()].sort((a, b) => a.label.localeCompare(b.label, "en"));
  }

  /** Put the cursor on a place and say which it is. */
  function show({ key, at }) {
    current = key;
    const place = FR.position(at);
    map.panInside(place, { padding: [40, 40], animate: false });
    const { x, y } = map.latLngToContainerPoint(place);
    button.style.left = `${x}px`;
    button.style.top = `${y}px`;
    const number = places.findIndex((each) => each.key === key) + 1;
    const count = { number, of: places.length };
    button.textContent = `${FR.sentenceOf(key)}. ${FR.say("cursor", count)}`;
  }

  function onKey(event) {
    const moves = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const place = places.findIndex(({ key }) => key === current);
    const ends = { Home: 0, End: places.length - 1 };
    if (!(event.key in moves) && !(event.key in ends)) return;
    event.preventDefault();
    const next = event.key in ends ? ends[event.key] : place + moves[event.key];
    show(places[(next + places.length) % places.length]);
  }

  function start() {
    button.addEventListener("focus", () => {
      places = listed();
      const wanted = places.find(({ key }) => key === (current || FR.view.selected));
      show(wanted || places[0]);
    });
    button.addEventListener("keydown", onKey);
    button.addEventListener("click", () => FR.app.select(current));
  }

  return { start };
})();
