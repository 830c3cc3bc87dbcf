/* Outlines and how everything looks: packed TopoJSON to GeoJSON, samples.
 *
 * Colors live in the style sheet; a shape only carries the classes that say what it shows.
 */
"use strict";

FR.shapes = (() => {
  const SVG = "http://www.w3.org/2000/svg";

  /** The points of an arc: its numbers in Google's encoded polyline notation, as steps. */
  function decoded(text, step) {
    const points = [];
    const at = [0, 0];
    let [value, shift, axis] = [0, 0, 0];
    for (let place = 0; place < text.length; place += 1) {
      const group = text.charCodeAt(place) - 63;
      value |= (group & 31) << shift;
      shift += 5;
      if (group < 32) {
        at[axis] += value & 1 ? ~(value >> 1) : value >> 1;
        if (axis) points.push([at[0] * step, at[1] * step]);
        [value, shift, axis] = [0, 0, 1 - axis];
      }
    }
    return points;
  }

  /** The layers of a sheet: by name the outlines { code, name, at, rings, numbers of arcs }. */
  function layersOf(sheet) {
    const { step, arcs, layers } = FR.data.sheets[sheet].outlines;
    const decodedArcs = arcs.map((arc) => decoded(arc, step));
    const ring = (numbers) =>
      numbers.flatMap((number, place) => {
        const arc = number < 0 ? [...decodedArcs[~number]].reverse() : decodedArcs[number];
        return place ? arc.slice(1) : arc; // The first point is the last of the arc before.
      });
    const nested = (item) => (typeof item[0] === "number" ? ring(item) : item.map(nested));
    const outline = ([code, name, x, y, numbers]) => ({
      code,
      name,
      at: [x, y],
      numbers: numbers.flat(Infinity),
      shape: {
        type: typeof numbers[0][0] === "number" ? "Polygon" : "MultiPolygon",
        coordinates: nested(numbers),
      },
    });
    return {
      arcs: decodedArcs,
      ...Object.fromEntries(
        Object.entries(layers).map(([name, outlines]) => [name, outlines.map(outline)]),
      ),
    };
  }

  /** The outer border of some outlines together, as lines: what only one of them has. */
  function border(outlines, arcs) {
    const times = new Map();
    for (const { numbers } of outlines) {
      for (const number of numbers) {
        const arc = number < 0 ? ~number : number;
        times.set(arc, (times.get(arc) || 0) + 1);
      }
    }
    return [...times].filter(([, count]) => count === 1).map(([arc]) => arcs[arc].map(FR.position));
  }

  const letters = Object.fromEntries(FR.data.vocabulary.measures.map((m) => [m.code, m.letter]));
  /** The letter that says the category without color, or ? where in doubt. */
  const letter = (entry) => (entry.certain ? letters[entry.measure] : "?");

  function svg(tag, attributes, ...children) {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined && value !== null) node.setAttribute(name, value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  }

  const icon = (look, ...children) => {
    const size = { class: look, width: 16, height: 16, viewBox: "0 0 16 16" };
    return svg("svg", { ...size, "aria-hidden": "true" }, ...children);
  };

  /** A small sample of a category, for legend, lists and panel. */
  function swatch(entry) {
    const look = FR.days.classes(entry);
    if (entry.others) return icon("swatch", svg("circle", { cx: 8, cy: 8, r: 5, class: look }));
    const form = svg("rect", { x: 1.5, y: 1.5, width: 13, height: 13, rx: 1.5, class: look });
    const sign = typeof entry === "string" ? "" : letter(entry);
    const text = sign ? svg("text", { x: 8, y: 11.8, class: `letter ${look}` }, sign) : null;
    return icon("swatch", form, text);
  }

  const SIGNS = {
    scheduled: "M8 4v4.4l2.8 1.7",
    uncertain: "M5.9 6.3a2.1 2.1 0 1 1 3.1 1.8c-.7.4-1 .8-1 1.5M8 11.6v.3",
  };
  /** The sign for something that can be true beside any category: "scheduled", "uncertain". */
  const mark = (kind) =>
    icon(`mark ${kind}`, svg("circle", { cx: 8, cy: 8, r: 7 }), svg("path", { d: SIGNS[kind] }));

  return { layersOf, border, swatch, mark, letter, svg };
})();
