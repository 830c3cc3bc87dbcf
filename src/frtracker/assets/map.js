/* The map: outlines, circles, marks, popups, and the three views. */
"use strict";

FR.map = (function () {
  const { el } = FR;
  const { subjects } = FR.data;
  const map = window.map_frtracker;
  const layers = new Map(); // subject key -> its outline or circle
  const marks = L.layerGroup().addTo(map);
  const POINT_ZOOMS = [
    [4, 4],
    [6, 5.5],
    [Infinity, 7],
  ]; // below this zoom, this radius
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

  const radius = () => POINT_ZOOMS.find(([zoom]) => map.getZoom() < zoom)[1];
  /** Filled by its own measure; a country whose states are drawn over it is not. */
  const isDrawn = (key) => layers.has(key) && !layers.get(key).isUnderlay;

  /** Leaflet takes a node as it is, so that nothing in it is read as markup. */
  function speak(layer, label, panel) {
    layer.bindTooltip(() => el("span", {}, label()), { sticky: true });
    layer.bindPopup(panel, {
      minWidth: 220,
      maxWidth: 360,
      autoPanPaddingTopLeft: [12, 58],
      autoPanPaddingBottomRight: [12, 12],
    });
    layer.on("popupopen", ({ popup }) => {
      layer.closeTooltip();
      popup.getElement().querySelector("h2").focus({ preventScroll: true });
    });
  }

  function reachable(layer, key) {
    const path = layer.getElement();
    path.setAttribute("tabindex", "0");
    path.setAttribute("role", "button");
    path.setAttribute("aria-label", FR.sentence(key));
    path.dataset.key = key;
  }

  function bind(layer, key) {
    layers.set(key, layer);
    speak(
      layer,
      () => FR.sentence(key),
      () => FR.details.panel(key),
    );
  }

  /** One level of outlines, each bound to its subject, if it has one. */
  function addOutlines(level, member) {
    const owners = Object.fromEntries(
      Object.entries(subjects)
        .filter(([, each]) => each.shape && each.shape[0] === level)
        .map(([key, each]) => [each.shape[1], key]),
    );
    const divided = new Set(
      level === "countries"
        ? FR.data.boundaries.states.objects.states.geometries.map((each) =>
            each.properties.code.slice(0, 2),
          )
        : [],
    );
    map.createPane(level).style.zIndex = { countries: 401, states: 402, counties: 403 }[level];
    const renderer = L.svg({ pane: level, padding: 0.5 });
    L.geoJSON(FR.shapes.features(level), {
      style: () => ({
        className: `outline ${level}`,
        weight: 1,
        renderer,
        pane: level,
        smoothFactor: 1,
      }),
      onEachFeature(feature, layer) {
        const code = feature.properties[member];
        const key = owners[code];
        layer.isUnderlay = divided.has(code);
        if (key) bind(layer, key);
        else {
          const { name } = feature.properties;
          layer.once("add", () => FR.shapes.paint(layer, undefined));
          speak(
            layer,
            () => `${name}: nothing recorded`,
            () => FR.details.emptyPanel(name),
          );
        }
        if (feature.properties.lat) layer.centre = [feature.properties.lat, feature.properties.lon];
      },
    }).addTo(map);
  }

  /** Circles, the strictest on top. */
  function addPoints() {
    const { held } = FR.data.day;
    const points = Object.keys(subjects).filter((key) => subjects[key].at);
    map.createPane("points").style.zIndex = 410;
    const renderer = L.svg({ pane: "points", padding: 0.5 });
    points.sort((a, b) => FR.lists.rank(held[a]) - FR.lists.rank(held[b]));
    for (const key of points) {
      const className = `point ${subjects[key].type}`;
      const layer = L.circleMarker(subjects[key].at, {
        radius: radius(),
        className,
        weight: 1,
        renderer,
        pane: "points",
      });
      layer.centre = subjects[key].at;
      bind(layer, key);
      layer.addTo(map);
    }
    map.on("zoomend", () => points.forEach((key) => layers.get(key).setRadius(radius())));
  }

  function addMark(kind, layer, side) {
    const isPoint = layer instanceof L.CircleMarker;
    const anchor = isPoint ? [side * 9, 18] : [8 + side * 9, 8]; // Beside a circle, not on it.
    const icon = L.divIcon({
      html: FR.shapes.mark(kind),
      className: "map-mark",
      iconSize: [16, 16],
      iconAnchor: anchor,
    });
    const centre = layer.centre || layer.getBounds().getCenter();
    marks.addLayer(L.marker(centre, { icon, interactive: false, keyboard: false, pane: "marks" }));
  }

  /** Colour everything by what holds on the day. */
  function paint() {
    marks.clearLayers();
    for (const [key, layer] of layers) {
      const held = FR.data.day.held[key];
      FR.shapes.paint(layer, held);
      reachable(layer, key);
      if (!isDrawn(key)) continue;
      const kinds = [
        held.uncertain && "uncertain",
        FR.lists.isScheduled(held) && "scheduled",
      ].filter(Boolean);
      kinds.forEach((kind, place) => addMark(kind, layer, kinds.length === 1 ? 0 : 1 - 2 * place));
    }
  }

  function view(name) {
    map.closePopup();
    map.fitBounds(VIEWS[name], { animate: false });
  }

  /** Escape closes the popup and gives the focus back to the place it belongs to. */
  function closeOnEscape(event) {
    const popup = map._popup; // Leaflet has no public name for the open popup.
    if (event.key !== "Escape" || !popup || !popup.isOpen()) return;
    const path = popup._source && popup._source.getElement();
    map.closePopup();
    if (path) path.focus({ preventScroll: true });
  }

  function credit() {
    map.attributionControl.setPrefix(
      '<a href="https://leafletjs.com" rel="noopener noreferrer">Leaflet</a>',
    );
    map.attributionControl.addAttribution("Natural Earth, US Census Bureau");
  }

  function start() {
    FR.shapes.addPatterns();
    map.createPane("marks").style.zIndex = 620;
    map.getPane("marks").style.pointerEvents = "none";
    credit();
    view("us");
    addOutlines("countries", "code");
    addOutlines("states", "code");
    addOutlines("counties", "geoid");
    addPoints();
    paint();
    for (const button of document.querySelectorAll("[data-view]")) {
      button.addEventListener("click", () => view(button.dataset.view));
    }
    map.getContainer().addEventListener("keydown", closeOnEscape);
  }

  return { start, paint, isDrawn, view };
})();

FR.map.start();
FR.lists.show();
