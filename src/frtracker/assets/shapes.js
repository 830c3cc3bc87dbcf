/* Outlines and how they are filled: TopoJSON to GeoJSON, patterns, classes of a category.
 *
 * Colours live in the style sheet; a shape only carries the classes that say what it shows.
 */
"use strict";

FR.shapes = (() => {
  const SVG = "http://www.w3.org/2000/svg";

  /** The numbers of an arc, from Google's encoded polyline notation. */
  function decoded(text) {
    const numbers = [];
    let [value, shift] = [0, 0];
    for (let place = 0; place < text.length; place += 1) {
      const group = text.charCodeAt(place) - 63;
      value |= (group & 31) << shift;
      shift += 5;
      if (group < 32) {
        numbers.push(value & 1 ? ~(value >> 1) : value >> 1);
        [value, shift] = [0, 0];
      }
    }
    return numbers;
  }

  /** The arcs of a topology as [x, y]; stored as steps on a grid. */
  function positions(topology) {
    const [scale, origin] = [topology.transform.scale, topology.transform.translate];
    return topology.arcs.map((arc) => {
      const numbers = decoded(arc);
      const points = [];
      let [x, y] = [0, 0];
      for (let place = 0; place < numbers.length; place += 2) {
        x += numbers[place];
        y += numbers[place + 1];
        points.push([x * scale[0] + origin[0], y * scale[1] + origin[1]]);
      }
      return points;
    });
  }

  /** GeoJSON features of one level, from TopoJSON; a border is stored once for both sides. */
  function features(level) {
    const topology = FR.data.boundaries[level];
    const arcs = positions(topology);
    const ring = (numbers) =>
      numbers.flatMap((number, place) => {
        const arc = number < 0 ? [...arcs[~number]].reverse() : arcs[number];
        return place ? arc.slice(1) : arc; // The first point is the last of the arc before.
      });
    const nested = (item) => (typeof item[0] === "number" ? ring(item) : item.map(nested));
    return topology.objects[level].geometries.map((geometry) => ({
      type: "Feature",
      properties: geometry.properties,
      geometry: { type: geometry.type, coordinates: nested(geometry.arcs) },
    }));
  }

  /** The outer border of some countries together, as lines: what only one of them has. */
  function border(codes) {
    const topology = FR.data.boundaries.countries;
    const wanted = new Set(codes);
    const times = new Map();
    for (const geometry of topology.objects.countries.geometries) {
      if (!wanted.has(geometry.properties.code)) continue;
      for (const number of geometry.arcs.flat(Infinity)) {
        const arc = number < 0 ? ~number : number;
        times.set(arc, (times.get(arc) || 0) + 1);
      }
    }
    const arcs = positions(topology);
    return [...times].filter(([, count]) => count === 1).map(([arc]) => arcs[arc].map(FR.position));
  }

  /** Classes of a category: its measure, whether only some uses are covered, whether in doubt.
   * A text is the category of a place without an act: "searched", "unsearched". */
  function classes(entry) {
    const { measure, scope, certain } = entry;
    const isBare = typeof entry === "string";
    const names = isBare
      ? ["bare", entry]
      : [measure, scope === "narrow" && "narrow", !certain && "uncertain"];
    const named = names.filter(Boolean).map((name) => `is-${name}`);
    return named.join(" ");
  }

  /** Give a drawn layer the look of what is in force. Touches only what looks different than before. */
  function paint(layer, entry, muted) {
    const look = (layer.isUnderlay ? "is-underlay" : classes(entry)) + (muted ? " is-muted" : "");
    if (layer.look === look) return false;
    const path = layer.getElement();
    layer.kind ??= path.getAttribute("class");
    path.setAttribute("class", `${layer.kind} ${look}`);
    layer.look = look;
    return true;
  }

  const letters = Object.fromEntries(FR.data.vocabulary.measures.map((m) => [m.code, m.letter]));
  /** The letter that says the category without colour, or ? where in doubt. */
  const letter = (entry) => (entry.certain ? letters[entry.measure] : "?");

  function svg(tag, attributes, ...children) {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  function pattern(id, side, attributes, ...children) {
    const size = { width: side, height: side, patternUnits: "userSpaceOnUse" };
    return svg("pattern", { id, ...size, ...attributes }, ...children);
  }

  const square = (side, look, width = side) => svg("rect", { class: look, width, height: side });
  const hatch = (measure) =>
    pattern(
      `hatch-${measure}`,
      6,
      { patternTransform: "rotate(45)" },
      square(6, "paper"),
      square(6, `ink is-${measure}`, 2.6),
    );
  const dots = () =>
    pattern(
      "dots",
      5,
      {},
      square(5, "ink is-none"),
      svg("circle", { class: "dot", cx: 2.5, cy: 2.5, r: 0.75 }),
    );
  const searched = () =>
    pattern("searched", 9, {}, square(9, "paper"), svg("path", { class: "tick", d: "M0 9L9 0" }));

  /** Put the patterns into the page, once: hatching for "some uses only", dots for "none". */
  function addPatterns() {
    const measures = FR.data.vocabulary.measures.map((term) => term.code);
    const patterns = measures.filter((code) => code !== "none").map(hatch);
    const size = { width: 0, height: 0, "aria-hidden": "true", class: "patterns" };
    document.body.append(svg("svg", size, svg("defs", {}, ...patterns, dots(), searched())));
  }

  const icon = (look, ...children) => {
    const size = { class: look, width: 16, height: 16, viewBox: "0 0 16 16" };
    return svg("svg", { ...size, "aria-hidden": "true" }, ...children);
  };

  /** A small sample of a category, for legend, lists and popups. */
  function swatch(entry) {
    const look = classes(entry);
    const form = svg("rect", { x: 1.5, y: 1.5, width: 13, height: 13, rx: 1.5, class: look });
    const sign = typeof entry === "string" ? "" : letter(entry);
    const text = svg("text", { x: 8, y: 11.6, class: `letter ${look}` }, sign);
    return icon("swatch", form, ...(sign ? [text] : []));
  }

  const SIGNS = {
    scheduled: "M8 4v4.4l2.8 1.7",
    uncertain: "M5.9 6.3a2.1 2.1 0 1 1 3.1 1.8c-.7.4-1 .8-1 1.5M8 11.6v.3",
  };
  /** The sign for something that can be true beside any category: "scheduled", "uncertain". */
  const mark = (kind) =>
    icon(`mark ${kind}`, svg("circle", { cx: 8, cy: 8, r: 7 }), svg("path", { d: SIGNS[kind] }));

  return { features, border, classes, paint, addPatterns, swatch, mark, letter };
})();
