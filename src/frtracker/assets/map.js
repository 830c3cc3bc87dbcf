/* The map: outlines, circles, letters and marks, the border of a union, and the three views. */
"use strict";

FR.map = (() => {
  const { el } = FR;
  const { subjects, boundaries, searches } = FR.data;
  const map = window.map_frtracker;
  const numbers = new Map(subjects.map((subject, number) => [subject.key, number]));
  const layers = new Map(); // number of a subject -> its outline, border or circle
  const bare = new Map(); // code of a place without subject -> { code, name, kind, layer, look }
  const MANY = 800; // circles in sight: beyond it they are small, neither spread nor lettered
  const DENSE = 3; // pixels: the radius of those
  const VIEWS = {
    us: [
      [24.4, -125],
      [49.6, -66.8],
    ],
    world: [
      [-50, -155],
      [74, 175],
    ],
    europe: [
      [35.5, -11],
      [66, 33],
    ],
  };
  let points = [];
  const ties = L.polyline([], { interactive: false, className: "ties", weight: 1 });

  const radius = () => (map.getZoom() < 4 ? 5 : map.getZoom() < 6 ? 6.5 : 8.5);
  /** Filled by its own measure; a country whose states are drawn over it is not. */
  const isDrawn = (number) => layers.has(number) && !layers.get(number).isUnderlay;

  /** Whether a place without an act was searched: by its own code, at its own level. */
  function bareLook(code, kind) {
    const levels = kind === "country" ? ["country", "federal"] : ["state"];
    const found = (searches[code] || []).some(([level]) => levels.includes(level));
    return found ? "searched" : "unsearched";
  }

  /** Leaflet takes a node as it is, so that nothing in it is read as markup. */
  function speak(layer, label, key) {
    layer.bindTooltip(() => el("span", {}, label()), { sticky: true });
    layer.on("click", () => {
      layer.closeTooltip();
      FR.app.select(key);
    });
  }

  function reachable(layer, key) {
    const path = layer.getElement();
    path.setAttribute("tabindex", "0");
    path.setAttribute("role", "button");
    path.dataset.key = key;
    path.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      FR.app.select(key);
    });
  }

  function bind(layer, number) {
    layers.set(number, layer);
    speak(layer, () => FR.sentence(number), subjects[number].key);
    layer.once("add", () => reachable(layer, subjects[number].key));
  }

  function bindBare(layer, code, name, kind) {
    const look = bareLook(code, kind);
    bare.set(code, { code, name, kind, layer, look });
    const said = look === "searched" ? "searched, nothing found" : "no act recorded, not searched";
    speak(layer, () => `${name}: ${said}`, code);
  }

  /** One level of outlines, each bound to its subject, if it has one. */
  function addOutlines(level, member, kind) {
    const owners = new Map(
      subjects.flatMap(({ shape }, number) =>
        shape && shape[0] === level ? [[shape[1], number]] : [],
      ),
    );
    const states = boundaries.states.objects.states.geometries;
    const divided = new Set(
      level === "countries" ? states.map((each) => each.properties.code.slice(0, 2)) : [],
    );
    map.createPane(level).style.zIndex = { countries: 401, states: 402, counties: 403 }[level];
    const renderer = L.svg({ pane: level, padding: 0.5 });
    L.geoJSON(FR.shapes.features(level), {
      style: () => ({ className: `outline ${level}`, weight: 1, renderer, pane: level }),
      onEachFeature({ properties }, layer) {
        const code = properties[member];
        layer.isUnderlay = divided.has(code);
        if (owners.has(code)) bind(layer, owners.get(code));
        else bindBare(layer, code, properties.name, kind);
        if (properties.lat) layer.centre = [properties.lat, properties.lon];
      },
    }).addTo(map);
  }

  /** The border of a union's territory, in place of an outline of its own. */
  function addUnions() {
    map.createPane("unions").style.zIndex = 404;
    const renderer = L.svg({ pane: "unions", padding: 0.5 });
    subjects.forEach((subject, number) => {
      if (subject.type !== "supranational") return;
      const acts = FR.days.actsOf[number].map((act) => FR.data.policies[act].territory || "");
      const lines = FR.shapes.border(acts.flatMap((territory) => territory.split(";")));
      if (!lines.length) return;
      const layer = L.polyline(lines, { className: "union", weight: 3, renderer, pane: "unions" });
      layer.isBorder = true;
      bind(layer, number);
      layer.addTo(map);
    });
  }

  function addPoints() {
    points = [...subjects.keys()].filter((number) => subjects[number].at);
    map.createPane("points").style.zIndex = 410;
    const renderer = L.svg({ pane: "points", padding: 0.5 });
    ties.options.renderer = renderer;
    ties.options.pane = "points";
    ties.addTo(map);
    for (const number of points) {
      const className = `point ${subjects[number].type}`;
      const options = { radius: radius(), className, weight: 1, renderer, pane: "points" };
      const layer = L.circleMarker(subjects[number].at, options);
      bind(layer, number);
      layer.addTo(map);
    }
  }

  /** The circles to keep off each other: all; of very many those in sight, if these are fewer. */
  function crowd() {
    if (points.length <= MANY) return points;
    const sight = map.getBounds().pad(0.2);
    const seen = points.filter((number) => sight.contains(subjects[number].at));
    return seen.length <= MANY ? seen : [];
  }

  function moveTo(layer, own, there, size) {
    if (layer.getRadius() !== size) layer.setRadius(size);
    if (!layer.getLatLng().equals(there)) layer.setLatLng(there);
    const moved = map.project(own).distanceTo(map.project(there));
    layer.tie = moved > size ? [own, there] : null;
  }

  /** Circles off each other, each tied to its place by a line; letters only where they fit. */
  function arrange() {
    const seen = crowd();
    const size = seen.length || !points.length ? radius() : DENSE;
    const at = seen.map((number) => map.project(subjects[number].at));
    const spread = FR.spread(
      at.map(({ x, y }) => [x, y]),
      2 * size + 1.5,
    );
    const places = new Map(
      seen.map((number, place) => [number, map.unproject(L.point(spread[place]))]),
    );
    for (const number of points) {
      const own = L.latLng(subjects[number].at);
      moveTo(layers.get(number), own, places.get(number) || own, size);
    }
    FR.glyphs.arrange(size, seen.length === points.length ? null : seen);
    tie();
  }

  const isHidden = (number) => layers.get(number).getElement().classList.contains("is-absent");

  function tie() {
    const lines = points.filter((number) => layers.get(number).tie && !isHidden(number));
    ties.setLatLngs(lines.map((number) => layers.get(number).tie));
  }

  /** What a subject's layer shows; "absent" is a circle or county of which no act is known. */
  function paintOne(layer, number) {
    const entry = FR.view.entries[number];
    const { shape, type } = subjects[number];
    const isArea = Boolean(shape) && type !== "county";
    const without = isArea ? bareLook(shape[1], type) : "absent";
    const shown = FR.legend.shows(entry || without);
    const face = `${shown} ${FR.view.actor} ${entry ? entry.face : ""}`;
    if (layer.face === face) return false;
    layer.face = face;
    const look = entry && (isArea || shown) ? entry : without;
    const muted = isArea && !shown;
    const path = layer.getElement();
    path.setAttribute("aria-label", FR.sentence(number));
    path.setAttribute("tabindex", look === "absent" ? "-1" : "0");
    FR.glyphs.set(number, layer, entry && shown && !layer.isUnderlay ? entry : null);
    return FR.shapes.paint(layer, muted ? "unsearched" : look, muted);
  }

  /** Colour everything by what holds on the day. Returns how many layers were touched. */
  function paint() {
    let touched = 0;
    for (const [number, layer] of layers) touched += paintOne(layer, number);
    for (const { layer, look } of bare.values()) {
      const muted = !FR.legend.shows(look);
      touched += FR.shapes.paint(layer, muted ? "unsearched" : look, muted);
    }
    tie();
    return touched;
  }

  /** How many outlines of states and countries have no act on the day, searched or not. */
  function bareCounts() {
    const found = { searched: 0, unsearched: 0 };
    for (const { look, kind, layer } of bare.values()) {
      if (kind !== "county" && !layer.isUnderlay) found[look] += 1;
    }
    for (const [number, layer] of layers) {
      const { shape, type } = subjects[number];
      if (FR.view.entries[number] || !shape || type === "county" || layer.isUnderlay) continue;
      found[bareLook(shape[1], type)] += 1;
    }
    return found;
  }

  function view(name) {
    map.fitBounds(VIEWS[name], { animate: false });
  }

  const layerOf = (key) => (bare.has(key) ? bare.get(key).layer : layers.get(numbers.get(key)));

  /** Bring a place into sight. */
  function zoom(key) {
    const layer = layerOf(key);
    if (!layer) return;
    if (layer instanceof L.CircleMarker) {
      map.setView(subjects[numbers.get(key)].at, Math.max(8, map.getZoom()), { animate: false });
    } else map.fitBounds(layer.getBounds(), { animate: false, maxZoom: 7 });
  }

  /** Show which place is chosen. */
  function choose(key) {
    for (const path of document.querySelectorAll(".is-chosen")) path.classList.remove("is-chosen");
    const layer = layerOf(key);
    if (layer) layer.getElement().classList.add("is-chosen");
  }

  const element = (key) => layerOf(key)?.getElement();

  function credit() {
    const leaflet = '<a href="https://leafletjs.com" rel="noopener noreferrer">Leaflet</a>';
    map.attributionControl.setPrefix(leaflet);
    map.attributionControl.addAttribution("Natural Earth, US Census Bureau");
  }

  function start() {
    FR.shapes.addPatterns();
    FR.glyphs.start(map);
    credit();
    view("us");
    addOutlines("countries", "code", "country");
    addOutlines("states", "code", "state");
    addOutlines("counties", "geoid", "county");
    addUnions();
    addPoints();
    for (const button of document.querySelectorAll("[data-view]")) {
      button.addEventListener("click", () => view(button.dataset.view));
    }
  }

  /** On paper the map has another size: what is in sight stays in sight, there and back. */
  function followPaper() {
    const paper = matchMedia("print");
    let before = null;
    paper.addEventListener("change", () => {
      const sight = map.getBounds();
      if (paper.matches) before = [map.getCenter(), map.getZoom()];
      map.invalidateSize({ animate: false });
      if (paper.matches) map.fitBounds(sight, { animate: false });
      else if (before) map.setView(...before, { animate: false });
    });
  }

  /** After the first painting: circles find their places, then again with every zoom; very many
   * of them with every move. */
  function settle() {
    arrange();
    followPaper();
    map.on(points.length > MANY ? "moveend" : "zoomend", arrange);
  }

  const api = { start, settle, paint, isDrawn, view, zoom, choose, element, bareCounts };
  return { ...api, bare: () => [...bare.values()], bareOf: (key) => bare.get(key) };
})();
