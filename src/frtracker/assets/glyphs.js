/* Letters and marks on the map: what a place's colour says, said without colour. */
"use strict";

FR.glyphs = (function () {
  const { el } = FR;
  const glyphs = new Map(); // number of a subject -> { marker, text, scheduled }
  const SMALLEST = 15; // pixels: a letter is put on an outline that is as wide and high
  let map;
  let group;
  let size = 6.5;

  function start(own) {
    map = own;
    map.createPane("marks").style.zIndex = 620;
    map.getPane("marks").style.pointerEvents = "none";
    group = L.layerGroup().addTo(map);
  }

  const isPoint = (layer) => layer instanceof L.CircleMarker;
  const centre = (layer) =>
    isPoint(layer) ? layer.getLatLng() : layer.centre || layer.getBounds().getCenter();

  function fits(layer) {
    if (isPoint(layer)) return true;
    const box = layer.getBounds();
    const corner = map.project(box.getNorthEast()).subtract(map.project(box.getSouthWest()));
    return corner.x >= SMALLEST && -corner.y >= SMALLEST;
  }

  function node(layer, entry) {
    const look = [entry.measure, entry.scope === "narrow" && "narrow", !entry.certain && "uncertain"];
    const classes = look.filter(Boolean).map((name) => `is-${name}`);
    const letter = FR.shapes.letter(entry);
    return el(
      "span",
      { class: `glyph ${isPoint(layer) ? "on-point" : "on-area"}` },
      letter && entry.certain ? el("span", { class: `letter ${classes.join(" ")}` }, letter) : "",
      letter && !entry.certain
        ? isPoint(layer)
          ? el("span", { class: "letter is-uncertain" }, letter)
          : FR.shapes.mark("uncertain")
        : "",
      entry.scheduled ? FR.shapes.mark("scheduled") : "",
    );
  }

  /** The glyph of a subject for its entry; none where `entry` is null. */
  function set(number, layer, entry) {
    const face =
      entry && !layer.isBorder && (entry.rank || entry.scheduled || !entry.certain)
        ? [entry.rank, entry.certain, entry.scheduled].join()
        : "";
    const known = glyphs.get(number);
    if ((known ? known.face : "") === face) return;
    if (known) group.removeLayer(known.marker);
    glyphs.delete(number);
    if (!face || glyphs.size > 1000) return;
    const icon = L.divIcon({ html: node(layer, entry), className: "map-mark", iconSize: [0, 0] });
    const options = { icon, interactive: false, keyboard: false, pane: "marks" };
    const marker = L.marker(centre(layer), options);
    glyphs.set(number, { marker, face, layer });
    group.addLayer(marker);
    fit(glyphs.get(number));
  }

  /** Whether a circle lies where the letter of an outline would stand. */
  function isCovered(layer) {
    if (isPoint(layer)) return false;
    const own = map.latLngToLayerPoint(centre(layer));
    return [...glyphs.values()].some(
      (other) => isPoint(other.layer) && own.distanceTo(map.latLngToLayerPoint(centre(other.layer))) < size + 6,
    );
  }

  function fit({ marker, layer }) {
    const isHidden = !fits(layer) || isCovered(layer);
    marker.getElement().classList.toggle("too-small", isHidden);
  }

  /** After a zoom: circles have moved and outlines have grown or shrunk. */
  function arrange(radius) {
    size = radius;
    map.getContainer().dataset.circles = size < 6 ? "small" : size < 8 ? "middle" : "large";
    for (const glyph of glyphs.values()) {
      if (isPoint(glyph.layer)) glyph.marker.setLatLng(centre(glyph.layer));
      fit(glyph);
    }
  }

  return { start, set, arrange };
})();
