/* Letters and marks on the map: what a place's colour means, without colour. */
"use strict";

FR.glyphs = (() => {
  const { el } = FR;
  const wanted = new Map(); // number of a subject -> { layer, entry }
  const drawn = new Map(); // number of a subject -> its marker
  const SMALLEST = 15; // pixels: a letter is put on an outline that is as wide and high
  const ROOMY = 44; // pixels: and words below the letter on one that is as wide
  const WORDS = { below: 34, beside: 40 }; // pixels below and beside a circle that words may fill
  let map;
  let group;
  let size = 6.5;
  let isInSight = () => true;

  function start(own) {
    map = own;
    map.createPane("marks").style.zIndex = 620;
    map.getPane("marks").style.pointerEvents = "none";
    group = L.layerGroup().addTo(map);
  }

  const isPoint = (layer) => layer instanceof L.CircleMarker;
  const centre = (layer) =>
    isPoint(layer) ? layer.getLatLng() : layer.centre || layer.getBounds().getCenter();

  /** How wide and high a layer is drawn, in pixels; null for a circle. */
  function extent(layer) {
    if (isPoint(layer)) return null;
    const box = layer.getBounds();
    const corner = map.project(box.getNorthEast()).subtract(map.project(box.getSouthWest()));
    return [corner.x, -corner.y];
  }

  /** Whether "anyone" would let the rule be taken for one on the police. */
  const isForOthers = (entry) =>
    FR.view.actor === "anyone" && entry.rank > 0 && !FR.days.includes(entry.actors, "police");

  function node(layer, entry) {
    const letter = FR.shapes.letter(entry);
    const look = entry.certain ? FR.shapes.classes(entry) : "is-uncertain";
    const sign =
      entry.certain || isPoint(layer)
        ? el("span", { class: `letter ${look}` }, letter)
        : FR.shapes.mark("uncertain");
    return el(
      "span",
      {
        class: `glyph ${isPoint(layer) ? "on-point" : "on-area"}`,
        "data-of": FR.data.subjects[entry.subject].key,
      },
      letter && sign,
      entry.scheduled ? FR.shapes.mark("scheduled") : "",
      isForOthers(entry) ? el("span", { class: "whom" }, entry.who) : "",
    );
  }

  /** The glyph of a subject for its entry; none where `entry` is null. */
  function set(number, layer, entry) {
    if (entry && !layer.isBorder && (entry.rank || entry.scheduled || !entry.certain)) {
      wanted.set(number, { layer, entry });
      draw(number);
    } else {
      wanted.delete(number);
      erase(number);
    }
  }

  function erase(number) {
    if (!drawn.has(number)) return;
    group.removeLayer(drawn.get(number));
    drawn.delete(number);
  }

  function draw(number) {
    const { layer, entry } = wanted.get(number);
    if (isPoint(layer) && !isInSight(number)) return erase(number);
    const content = node(layer, entry);
    if (drawn.has(number)) drawn.get(number).getElement().replaceChildren(content);
    else {
      const icon = L.divIcon({ html: content, className: "map-mark", iconSize: [0, 0] });
      const options = { icon, interactive: false, keyboard: false, pane: "marks" };
      const marker = L.marker(centre(layer), options);
      drawn.set(number, marker);
      group.addLayer(marker);
    }
    fit(number);
    return undefined;
  }

  const spot = (layer) => map.latLngToLayerPoint(centre(layer));
  const spots = () =>
    [...drawn.keys()]
      .map((number) => wanted.get(number).layer)
      .filter(isPoint)
      .map(spot);

  /** Show of a glyph what has room; `circles` gives the places of all lettered circles. */
  function fit(number, circles = spots) {
    const { layer, entry } = wanted.get(number);
    const room = extent(layer);
    const own = spot(layer);
    const names = drawn.get(number).getElement().classList;
    const isCovered = () => circles().some((other) => own.distanceTo(other) < size + 6);
    names.toggle("too-small", Boolean(room) && (Math.min(...room) < SMALLEST || isCovered()));
    const isCrowded = () =>
      circles().some(
        ({ x, y }) => y > own.y && y - own.y < WORDS.below && Math.abs(x - own.x) < WORDS.beside,
      );
    names.toggle("roomy", room ? room[0] >= ROOMY : size > 8 && isForOthers(entry) && !isCrowded());
  }

  /** After a move or a zoom: circles have moved and outlines have grown or shrunk.
   * `seen`: the circles to letter, where not all are. */
  function arrange(radius, seen) {
    size = radius;
    const among = seen && new Set(seen);
    isInSight = among ? (number) => among.has(number) : () => true;
    map.getContainer().dataset.circles = size < 6 ? "small" : size < 8 ? "middle" : "large";
    for (const [number, { layer }] of wanted) {
      if (!isPoint(layer)) continue;
      if (drawn.has(number) !== isInSight(number)) draw(number);
      else if (drawn.has(number)) drawn.get(number).setLatLng(centre(layer));
    }
    const circles = spots();
    for (const number of drawn.keys()) fit(number, () => circles);
  }

  return { start, set, arrange };
})();
