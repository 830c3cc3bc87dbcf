/* Circles that would lie on each other are moved apart, the same way every time. */
"use strict";

/** New places for `points` ([x, y] in pixels) so that no two are nearer than `gap`.
 *
 * Each step pushes near pairs apart and draws every point a little back to where it belongs. Two
 * points in one spot part in a direction given by their numbers, so that nothing is left to chance.
 */
FR.spread = function (points, gap, steps = 90) {
  const places = points.map(([x, y]) => [x, y]);
  const GOLDEN = 2.399963;
  for (let step = 0; step < steps; step += 1) {
    const cells = new Map();
    places.forEach(([x, y], number) => {
      const cell = `${Math.floor(x / gap)},${Math.floor(y / gap)}`;
      if (!cells.has(cell)) cells.set(cell, []);
      cells.get(cell).push(number);
    });
    let moved = false;
    for (const [cell, own] of cells) {
      const [column, row] = cell.split(",").map(Number);
      for (let i = -1; i <= 1; i += 1) {
        for (let j = -1; j <= 1; j += 1) {
          for (const b of cells.get(`${column + i},${row + j}`) || []) {
            for (const a of own) if (a < b) moved = part(a, b) || moved;
          }
        }
      }
    }
    if (!moved) break;
    if (step < steps - 15) {
      places.forEach((place, number) => {
        place[0] += (points[number][0] - place[0]) * 0.03;
        place[1] += (points[number][1] - place[1]) * 0.03;
      });
    }
  }

  function part(a, b) {
    let [dx, dy] = [places[b][0] - places[a][0], places[b][1] - places[a][1]];
    let distance = Math.hypot(dx, dy);
    if (distance >= gap) return false;
    if (distance < 0.01) {
      [dx, dy, distance] = [Math.cos(b * GOLDEN), Math.sin(b * GOLDEN), 1];
    }
    const push = (gap - Math.min(distance, gap) + 0.05) / 2 / distance;
    places[a][0] -= dx * push;
    places[a][1] -= dy * push;
    places[b][0] += dx * push;
    places[b][1] += dy * push;
    return true;
  }

  return places;
};
