/* The map: three sheets of outlines side by side on one plane, of which one is in view. */
"use strict";

FR.map = (() => {
  const { numbers } = FR;
  const { subjects, sheets } = FR.data;
  const map = window.map_frtracker;
  const searchedCodes = new Set(FR.data.searched);
  const owners = new Map(subjects.flatMap(({ shape }, number) => (shape ? [[shape, number]] : [])));
  const built = new Map(); // name of a sheet -> { group, outlines, areas, unions }
  const ORDER = { countries: 401, states: 402, counties: 403, enlarged: 405 };
  const titles = []; // of insets, with their widths
  let sheet = "";

  /** What a place without an act looks like. */
  const lookWithout = (code) => (searchedCodes.has(code) ? "searched" : "unsearched");
  /** A country whose states are drawn in place of it. */
  const isDivided = (code) => code === "US";

  /** All states and countries by code, with the sheets that show them. */
  const regions = new Map();
  for (const [name, { outlines }] of Object.entries(sheets)) {
    for (const [layer, shapes] of Object.entries(outlines.layers)) {
      if (layer === "counties") continue;
      for (const [code] of shapes) regions.set(code, [...(regions.get(code) || []), name]);
    }
  }

  const keyOf = (code) => (owners.has(code) ? subjects[owners.get(code)].key : code);

  function addOutline(outline, layer, group, renderer) {
    const { code, name, at, shape } = outline;
    const drawn = L.geoJSON(shape, {
      coordsToLatLng: FR.position,
      style: { className: `outline ${layer}`, weight: 1, renderer, pane: layer },
      interactive: false,
    });
    const [path] = drawn.getLayers();
    group.addLayer(path);
    const box = path.getBounds();
    const size = [box.getEast() - box.getWest(), box.getNorth() - box.getSouth()];
    return { code, name, at, size, path, layer, number: owners.get(code) };
  }

  /** A thin frame around each inset, with what it shows. */
  function addFrames(name, group) {
    const renderer = L.svg({ pane: "frames", padding: 0.5 });
    const options = { renderer, pane: "frames", interactive: false, weight: 1 };
    for (const [title, [west, south, east, north]] of sheets[name].frames) {
      const corners = [
        [west, south],
        [east, north],
      ].map(FR.position);
      group.addLayer(L.rectangle(corners, { ...options, className: "frame" }));
      const html = FR.el("span", {}, title);
      titles.push({ html, width: east - west });
      const icon = L.divIcon({ className: "frame-title", html, iconSize: null });
      const label = { icon, interactive: false, keyboard: false, pane: "frames" };
      group.addLayer(L.marker(FR.position([west, north]), label));
    }
  }

  /** The border of what a union's rules name, in place of an outline of its own. */
  function addUnions(layers, group) {
    if (!layers.countries) return [];
    const renderer = L.svg({ pane: "unions", padding: 0.5 });
    return subjects.flatMap((subject, number) => {
      if (subject.type !== "supranational") return [];
      const acts = FR.days.actsOf[number].map((act) => FR.data.policies[act].territory || "");
      const codes = new Set(acts.flatMap((territory) => territory.split(";")));
      const members = layers.countries.filter(({ code }) => codes.has(code));
      const lines = FR.shapes.border(members, layers.arcs);
      const style = { className: "union", weight: 2, renderer, pane: "unions", interactive: false };
      const path = L.polyline(lines, style);
      group.addLayer(path);
      return lines.length ? [{ number, path }] : [];
    });
  }

  /** A sheet's layers, made when it is first shown. */
  function sheetOf(name) {
    if (built.has(name)) return built.get(name);
    const layers = FR.shapes.layersOf(name);
    const group = L.layerGroup();
    addFrames(name, group);
    const outlines = Object.keys(ORDER).flatMap((layer) => {
      const renderer = L.svg({ pane: layer, padding: 0.5 });
      const shapes = (layers[layer] || []).filter(
        ({ code }) => !(layers.states && isDivided(code)),
      );
      return shapes.map((outline) => addOutline(outline, layer, group, renderer));
    });
    const areas = outlines.filter(({ number }) => number !== undefined);
    built.set(name, { group, outlines, areas, unions: addUnions(layers, group) });
    return built.get(name);
  }

  /** Filled by its own measure on some sheet. */
  function isDrawn(number) {
    const { at, shape } = subjects[number];
    return Boolean(at || (shape && !isDivided(shape)));
  }

  /** Give a path the look of what is in force. Touches only what looks different than before. */
  function dress(path, look) {
    const node = path.getElement(); // Another one each time that its sheet is shown.
    if (node.look === look) return 0;
    path.kind ??= node.getAttribute("class");
    node.setAttribute("class", `${path.kind} ${look}`);
    node.look = look;
    return 1;
  }

  /** The look of an outline: of its subject, or of a place without one. */
  function lookOf({ code, layer, number }) {
    const entry = number === undefined ? null : FR.view.entries[number];
    const isCounty = layer === "counties";
    if (isCounty && !FR.marks.isMarked(entry)) return "is-absent";
    const shown = entry || lookWithout(code);
    const muted = !FR.legend.shows(shown);
    return `${FR.days.classes(muted ? "unsearched" : shown)}${muted ? " is-muted" : ""}`;
  }

  /** Color everything on the sheet by what is in force on the day. Returns how many layers were
   * touched. */
  function paint() {
    const { outlines, unions } = built.get(sheet);
    let touched = 0;
    for (const outline of outlines) {
      touched += dress(outline.path, lookOf(outline));
      outline.path.getElement().dataset.key ||= keyOf(outline.code);
    }
    for (const { number, path } of unions) {
      const entry = FR.view.entries[number];
      const isShown = entry && entry.rank > 0 && FR.legend.shows(entry);
      touched += dress(path, isShown ? FR.days.classes(entry) : "is-absent");
    }
    FR.marks.arrange();
    return touched;
  }

  /** How many states and countries have no act on the day, searched or not. */
  function unrecordedCounts() {
    const counts = { searched: 0, unsearched: 0 };
    for (const code of regions.keys()) {
      const number = owners.get(code);
      if (isDivided(code) || (number !== undefined && FR.view.entries[number])) continue;
      counts[lookWithout(code)] += 1;
    }
    return counts;
  }

  const boundsOf = ([west, south, east, north]) =>
    L.latLngBounds(FR.position([west, south]), FR.position([east, north]));

  /** What depends on the zoom: whether only a part is in sight, which insets have room for words. */
  function mark() {
    map.getContainer().classList.toggle("is-zoomed", !isWhole());
    for (const { html, width } of titles) {
      html.hidden = width * 2 ** map.getZoom() < html.textContent.length * 7;
    }
  }

  /** Show the whole of a sheet; from then on the map cannot leave it. */
  function view(name = sheet) {
    const bounds = boundsOf(sheets[name].box);
    if (name !== sheet) {
      if (sheet) map.removeLayer(built.get(sheet).group);
      sheet = name;
      map.setMaxBounds(null);
      map.addLayer(sheetOf(name).group);
      for (const button of document.querySelectorAll("[data-view]")) {
        button.setAttribute("aria-pressed", String(button.dataset.view === name));
      }
    }
    map.setMinZoom(-5);
    const zoom = map.getBoundsZoom(bounds, false, L.point(24, 12)); // Marks have room at the edge.
    map.setView(bounds.getCenter(), zoom, { animate: false });
    map.setMinZoom(zoom);
    map.setMaxZoom(zoom + 5.5);
    map.setMaxBounds(bounds.pad(0.05));
    mark();
  }

  const isWhole = () => map.getZoom() <= map.getMinZoom() + 0.01;
  /** Whether a point of the data is on a sheet. */
  const lies =
    (name) =>
    ([x]) =>
      x >= sheets[name].box[0] && x <= sheets[name].box[2];

  /** The sheets that show a place, the one in view first; `place`: { at, code }. */
  function sheetsOf({ at = [], code }) {
    const all = Object.keys(sheets).filter(
      (name) => regions.get(code)?.includes(name) || at.some(lies(name)),
    );
    return all.sort((a, b) => (b === sheet) - (a === sheet));
  }

  /** What of a key lies on the map: its points, or the code of its outline. */
  function placeOf(key) {
    const number = numbers.get(key);
    if (number === undefined) return FR.places.of(key);
    const { at, shape, type } = subjects[number];
    if (type === "supranational") return { code: "", sheets: ["europe"] };
    return { at, code: isDivided(shape) ? "" : shape };
  }

  /** Bring a place into sight, on another sheet if the one in view does not show it. */
  function zoom(key) {
    const place = placeOf(key);
    const [name] = place.sheets || sheetsOf(place);
    if (!name) return;
    if (name !== sheet) {
      view(name);
      paint();
    }
    const point = (place.at || []).find(lies(name));
    if (point) {
      const wanted = Math.max(map.getZoom(), map.getMinZoom() + 2);
      map.setView(FR.position(point), wanted, { animate: false });
      return;
    }
    const outline = built.get(name).outlines.find(({ code }) => code === place.code);
    const options = { animate: false, maxZoom: map.getMinZoom() + 3 };
    if (outline) map.fitBounds(outline.path.getBounds().pad(0.4), options);
  }

  /** Show which place is chosen. */
  function choose(key) {
    for (const { path, code } of built.get(sheet).outlines) {
      path.getElement().classList.toggle("is-chosen", keyOf(code) === key);
    }
    FR.marks.choose(key);
  }

  function start() {
    const leaflet = '<a href="https://leafletjs.com" rel="noopener noreferrer">Leaflet</a>';
    map.attributionControl.setPrefix(leaflet);
    map.attributionControl.addAttribution("Natural Earth, US Census Bureau");
    map.createPane("frames").style.zIndex = 404;
    map.createPane("unions").style.zIndex = 406;
    for (const [layer, order] of Object.entries(ORDER)) map.createPane(layer).style.zIndex = order;
    FR.marks.start(map);
    view(FR.data.home);
    for (const button of document.querySelectorAll("[data-view]")) {
      button.addEventListener("click", () => FR.app.turn(button.dataset.view));
    }
    map.on("resize", () => isWhole() && view());
    matchMedia("print").addEventListener("change", () => map.invalidateSize({ animate: false }));
    map.on("zoomend", mark);
  }

  return {
    ...{ start, view, zoom, paint, choose, isDrawn, isWhole, lies, unrecordedCounts },
    sheet: () => sheet,
    drawn: () => ({ sheet, ...built.get(sheet) }),
    leaflet: map,
  };
})();
