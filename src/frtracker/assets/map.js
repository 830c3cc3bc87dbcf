/* The map: outlines, the borders of unions, the three views, and how everything on it looks. */
"use strict";

FR.map = (() => {
  const { el, numbers } = FR;
  const { subjects, boundaries } = FR.data;
  const map = window.map_frtracker;
  const layers = new Map(); // number of a subject -> its outline, border or circle
  const unrecorded = new Map(); // code of a place without subject -> { code, name, kind, layer, look }
  const searchedCodes = new Set(FR.data.searched);

  /** Filled by its own measure; a country whose states are drawn over it is not. */
  const isDrawn = (number) => layers.has(number) && !layers.get(number).isUnderlay;

  /** What a place without an act looks like. */
  const lookWithout = (code) => (searchedCodes.has(code) ? "searched" : "unsearched");

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

  function bindUnrecorded(layer, code, name, kind) {
    const look = lookWithout(code);
    unrecorded.set(code, { code, name, kind, layer, look });
    speak(
      layer,
      () => FR.say("place", { place: name, text: FR.data.words.categories[look] }),
      code,
    );
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
      coordsToLatLng: FR.position,
      style: () => ({ className: `outline ${level}`, weight: 1, renderer, pane: level }),
      onEachFeature({ properties }, layer) {
        const code = properties[member];
        layer.isUnderlay = divided.has(code);
        if (owners.has(code)) bind(layer, owners.get(code));
        else bindUnrecorded(layer, code, properties.name, kind);
        const { lon, lat } = properties; // where a letter has most room
        if (lon !== undefined) layer.centre = FR.position([lon, lat]);
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

  /** What a subject's layer shows; "absent" is a circle or county of which no act is known. */
  function paintOne(layer, number) {
    const entry = FR.view.entries[number];
    const { shape, type } = subjects[number];
    const isArea = Boolean(shape) && type !== "county";
    const without = isArea ? lookWithout(shape[1]) : "absent";
    const shown = FR.legend.shows(entry || without);
    const face = `${shown} ${FR.view.actor} ${entry?.look}`;
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

  /** Colour everything by what is in force on the day. Returns how many layers were touched. */
  function paint() {
    let touched = 0;
    for (const [number, layer] of layers) touched += paintOne(layer, number);
    for (const { layer, look } of unrecorded.values()) {
      const muted = !FR.legend.shows(look);
      touched += FR.shapes.paint(layer, muted ? "unsearched" : look, muted);
    }
    FR.points.tie();
    return touched;
  }

  /** How many outlines of states and countries have no act on the day, searched or not. */
  function unrecordedCounts() {
    const counts = { searched: 0, unsearched: 0 };
    for (const { look, kind, layer } of unrecorded.values()) {
      if (kind !== "county" && !layer.isUnderlay) counts[look] += 1;
    }
    for (const [number, layer] of layers) {
      const { shape, type } = subjects[number];
      if (FR.view.entries[number] || !shape || type === "county" || layer.isUnderlay) continue;
      counts[lookWithout(shape[1])] += 1;
    }
    return counts;
  }

  function view(name) {
    map.fitBounds(FR.data.views[name].map(FR.position), { animate: false });
  }

  const layerOf = (key) =>
    unrecorded.has(key) ? unrecorded.get(key).layer : layers.get(numbers.get(key));

  /** Bring a place into sight. */
  function zoom(key) {
    const layer = layerOf(key);
    if (!layer) return;
    if (layer instanceof L.CircleMarker) {
      map.setView(FR.position(subjects[numbers.get(key)].at), Math.max(8, map.getZoom()), {
        animate: false,
      });
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
    FR.points.start(map, bind);
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

  /** After the first painting: circles find their places. */
  function settle() {
    FR.points.settle();
    followPaper();
  }

  const all = () => [...unrecorded.values()];
  const api = { start, settle, paint, isDrawn, view, zoom, choose, element, unrecordedCounts };
  return { ...api, unrecorded: all, unrecordedOf: (key) => unrecorded.get(key) };
})();
