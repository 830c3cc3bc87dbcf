/* Circles for what has no outline: kept off each other, each tied to its place by a line. */
"use strict";

FR.points = (() => {
  const MANY = 800; // circles in sight: beyond it they are small, neither spread nor lettered
  const DENSE = 3; // pixels: the radius of those
  const points = []; // { number, own: its place, layer, tie }
  const ties = L.polyline([], { interactive: false, className: "ties", weight: 1 });
  let map;

  const radius = () => (map.getZoom() < 4 ? 5 : map.getZoom() < 6 ? 6.5 : 8.5);

  /** `bind` makes a layer the one of a subject. */
  function start(leafletMap, bind) {
    map = leafletMap;
    map.createPane("points").style.zIndex = 410;
    const renderer = L.svg({ pane: "points", padding: 0.5 });
    ties.options.renderer = renderer;
    ties.options.pane = "points";
    ties.addTo(map);
    for (const [number, { at, type }] of FR.data.subjects.entries()) {
      if (!at) continue;
      const own = FR.position(at);
      const options = { radius: radius(), weight: 1, renderer, pane: "points" };
      const layer = L.circleMarker(own, { ...options, className: `point ${type}` });
      bind(layer, number);
      layer.addTo(map);
      points.push({ number, own, layer, tie: null });
    }
  }

  /** The circles to keep off each other: all; of very many those in sight, if these are fewer. */
  function crowd() {
    if (points.length <= MANY) return points;
    const sight = map.getBounds().pad(0.2);
    const seen = points.filter(({ own }) => sight.contains(own));
    return seen.length <= MANY ? seen : [];
  }

  function moveTo(point, there, size) {
    const { layer, own } = point;
    if (layer.getRadius() !== size) layer.setRadius(size);
    if (!layer.getLatLng().equals(there)) layer.setLatLng(there);
    point.tie = map.project(own).distanceTo(map.project(there)) > size ? [own, there] : null;
  }

  /** Circles off each other, each tied to its place by a line; letters only where they fit. */
  function arrange() {
    const seen = crowd();
    const size = seen.length || !points.length ? radius() : DENSE;
    const at = seen.map(({ own }) => map.project(own)).map(({ x, y }) => [x, y]);
    const spread = FR.spread(at, 2 * size + 1.5);
    const places = new Map(seen.map((point, n) => [point, map.unproject(L.point(spread[n]))]));
    for (const point of points) moveTo(point, places.get(point) || point.own, size);
    const all = seen.length === points.length;
    FR.glyphs.arrange(size, all ? null : seen.map(({ number }) => number));
    tie();
  }

  function tie() {
    const isShown = ({ layer }) => !layer.getElement().classList.contains("is-absent");
    ties.setLatLngs(points.filter((p) => p.tie && isShown(p)).map((p) => p.tie));
  }

  /** Find the places now and again with every zoom; of very many with every move. */
  function settle() {
    arrange();
    map.on(points.length > MANY ? "moveend" : "zoomend", arrange);
  }

  return { start, settle, tie };
})();
