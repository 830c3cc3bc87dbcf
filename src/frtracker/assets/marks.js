/* Marks on the map: circles for what has no outline, a letter on each outline with a rule.
 *
 * Circles stand where the places are. Where they would touch, one mark with their number stands for
 * all of them, at the place of the strictest.
 */
"use strict";

FR.marks = (() => {
  const { svg } = FR.shapes;
  const RADIUS = 8; // pixels, of one place's circle; a mark of many is 4 wider
  const APART = 2 * RADIUS + 9; // pixels between the centers of two marks
  const ROOM = 15; // pixels: a letter is put on an outline that is as wide and high
  const LETTER = 7; // pixels: and whom the rule is for where as many letters have room
  let map;
  let [group, pin] = [];
  let [shown, spots] = [[], []]; // { numbers, at: layer point, node }; { number, at }
  const nodes = new Map(); // what a mark shows -> its node, kept while it is shown

  /** `leafletMap` gets a pane for marks, over all outlines. */
  function start(leafletMap) {
    map = leafletMap;
    map.createPane("marks").style.zIndex = 620;
    const renderer = L.svg({ pane: "marks", padding: 0.5 });
    // A line without points: its parent is the group that Leaflet moves and scales.
    const anchor = L.polyline([], { renderer, pane: "marks", interactive: false }).addTo(map);
    pin = svg("path", { class: "pin is-absent", d: "M0 0L-7 -13A8 8 0 1 1 7 -13Z" });
    group = svg("g", { class: "marks" }, pin);
    anchor.getElement().parentNode.append(group);
    map.on("zoomend viewreset", () => arrange());
  }

  /** Where a point of the data is drawn; Leaflet's own answer is rounded to whole pixels. */
  const spot = (point) => map.project(FR.position(point)).subtract(map.getPixelOrigin());

  /** Whether "anyone" would let the rule be taken for one on the police. */
  const isForOthers = (entry) =>
    FR.view.actor === "anyone" && entry.rank > 0 && !FR.days.includes(entry.actors, "police");

  /** Whether a place without an outline has a mark on the shown day. */
  const isMarked = (entry) =>
    entry && FR.legend.shows(entry) && (FR.days.hasRule(entry) || FR.view.bills);

  const strictness = (entry) => entry.rank * 4 + entry.certain * 2 + !entry.others;

  const ROW = 65536; // more cells than a sheet is wide
  const AROUND = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => y * ROW + x));
  /** Groups of circles that would touch at this zoom, each at the place of its strictest. */
  function clusters(points) {
    const [cells, found] = [new Map(), []];
    for (const point of points) {
      const [column, row] = [point.at.x, point.at.y].map((pixels) => Math.floor(pixels / APART));
      const cell = row * ROW + column;
      let [nearest, least] = [null, APART];
      for (const other of AROUND.flatMap((step) => cells.get(cell + step) || [])) {
        const distance = Math.hypot(other.at.x - point.at.x, other.at.y - point.at.y);
        if (distance < least) [nearest, least] = [other, distance];
      }
      if (nearest) nearest.numbers.push(point.number);
      else {
        found.push({ ...point, numbers: [point.number] });
        cells.set(cell, [...(cells.get(cell) || []), found.at(-1)]);
      }
    }
    return found;
  }

  /** Where the circles of a sheet are at this zoom. */
  function spotsOf(sheet) {
    const what = [sheet, map.getZoom(), map.getPixelOrigin()].join();
    if (spots.what !== what) {
      spots = FR.data.subjects.flatMap(({ at = [] }, number) =>
        at.filter(FR.map.lies(sheet)).map((point) => ({ number, at: spot(point) })),
      );
      spots.what = what;
    }
    return spots;
  }

  /** The circles of the sheet on the shown day, the strictest first. */
  const circles = (sheet) =>
    spotsOf(sheet)
      .filter(({ number }) => isMarked(FR.view.entries[number]))
      .map((point) => ({ ...point, entry: FR.view.entries[point.number] }))
      .sort((a, b) => strictness(b.entry) - strictness(a.entry) || a.number - b.number);

  const clock = () =>
    svg(
      "g",
      { class: "clock", transform: "translate(7 -7)" },
      svg("circle", { r: 5 }),
      svg("path", { d: "M0 -2.6V0.4L1.9 1.5" }),
    );

  /** The node of a mark: a letter on a circle, or alone on an outline. */
  function node({ entry, isArea }) {
    const look = FR.days.classes(entry);
    const text = entry.others ? "" : FR.shapes.letter(entry);
    const face = [look, text, isArea, entry.scheduled, isForOthers(entry) && entry.who];
    const circle = !isArea || entry.others;
    const whom = isArea && isForOthers(entry) && svg("text", { class: "whom", y: 15 }, entry.who);
    return [
      face.join("|"),
      () =>
        svg(
          "g",
          { class: `point${isArea ? " on-area" : ""}` },
          circle ? svg("circle", { class: `face ${look}`, r: entry.others ? 5 : RADIUS }) : null,
          text ? svg("text", { class: `letter ${look}`, y: 4.2 }, text) : null,
          entry.scheduled ? clock() : null,
          whom || null,
        ),
    ];
  }

  /** The node of a mark of many: their number in a ring that is divided as they are. */
  function nodeOfMany({ numbers }) {
    const looks = numbers.map((number) => FR.days.classes(FR.view.entries[number]));
    const counts = new Map();
    for (const look of looks) counts.set(look, (counts.get(look) || 0) + 1);
    const arcs = [...counts];
    const arc = ([look, count]) =>
      svg("circle", {
        ...{ class: `arc ${look}`, r: RADIUS + 2, pathLength: looks.length },
        "stroke-dasharray": `${count} ${looks.length - count}`,
        "stroke-dashoffset": -looks.indexOf(look),
      });
    return [
      arcs.join("|"),
      () =>
        svg(
          "g",
          { class: "point many" },
          svg("circle", { class: "ring", r: RADIUS + 4.5 }),
          ...arcs.map(arc),
          svg("text", { class: "letter", y: 4.2 }, String(looks.length)),
        ),
    ];
  }

  /** The letters on outlines that have room for one and no circle on it. */
  function letters(areas, points) {
    return areas.flatMap(({ number, at, size }) => {
      const entry = FR.view.entries[number];
      if (!isMarked(entry) || (!entry.rank && entry.certain && !entry.others && !entry.scheduled))
        return [];
      const here = spot(at);
      const scale = 2 ** map.getZoom();
      const isCovered = points.some(
        (other) => Math.hypot(other.at.x - here.x, other.at.y - here.y) < APART,
      );
      if (isCovered || Math.min(...size) * scale < ROOM) return [];
      const half = (entry.who.length * LETTER) / 2;
      const isUnder = ({ x, y }) =>
        Math.abs(x - here.x) < half + APART / 2 && Math.abs(y - here.y - 12) < APART;
      const wide = size[0] * scale >= 2 * half && !points.some((other) => isUnder(other.at));
      return [{ numbers: [number], at: here, entry, isArea: true, wide }];
    });
  }

  /** Put all marks of the sheet where they belong at this zoom; nodes that stay are kept. */
  function arrange() {
    const { sheet, areas } = FR.map.drawn();
    const points = clusters(circles(sheet));
    const marks = [...letters(areas, points), ...points];
    const used = new Set();
    shown = marks.map((mark) => {
      const [face, made] = mark.numbers.length > 1 ? nodeOfMany(mark) : node(mark);
      const key = `${face}|${mark.wide}|${mark.at.x},${mark.at.y}`;
      used.add(key);
      const drawn = nodes.get(key) || made();
      if (!nodes.has(key)) {
        drawn.setAttribute("transform", `translate(${mark.at.x} ${mark.at.y})`);
        drawn.classList.toggle("wide", Boolean(mark.wide));
        nodes.set(key, drawn);
        group.append(drawn);
      }
      const keys = mark.numbers.map((number) => FR.data.subjects[number].key).join(" ");
      if (drawn.dataset.keys !== keys) drawn.dataset.keys = keys;
      return { ...mark, node: drawn };
    });
    for (const [key, drawn] of nodes) {
      if (used.has(key)) continue;
      drawn.remove();
      nodes.delete(key);
    }
    choose(FR.view.selected);
  }

  /** A pin shows a place without a mark of its own, or which of many is meant. */
  function choose(key) {
    const number = FR.numbers.get(key);
    const place = number === undefined ? FR.places.of(key) : FR.data.subjects[number];
    const hasMark = shown.some(({ numbers }) => numbers.length === 1 && numbers[0] === number);
    const isAmong = shown.some(({ numbers }) => numbers.includes(number));
    const point = !hasMark && place?.at?.find(FR.map.lies(FR.map.sheet()));
    pin.classList.toggle("is-absent", !point);
    if (point) {
      const { x, y } = spot(point);
      pin.setAttribute("transform", `translate(${x} ${isAmong ? y - RADIUS - 2 : y})`);
      group.append(pin); // over the marks
    }
    for (const { node: drawn, numbers } of shown) {
      drawn.classList.toggle("is-chosen", numbers.includes(number));
    }
  }

  /** The mark nearest to a point of the screen, if its center is within `reach` pixels. */
  function nearest(containerPoint, reach) {
    const at = map.containerPointToLayerPoint(containerPoint);
    let [best, least] = [null, reach];
    for (const mark of shown) {
      if (mark.isArea && !mark.entry.others) continue; // Its outline is under it.
      const distance = Math.hypot(mark.at.x - at.x, mark.at.y - at.y);
      if (distance <= least) [best, least] = [mark, distance];
    }
    return best;
  }

  return { start, arrange, nearest, choose, isMarked, shown: () => shown };
})();
