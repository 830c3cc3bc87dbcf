/* Circles that would lie on each other are moved apart, the same way every time. */
"use strict";

/** New places for `points` ([x, y] in pixels) so that no two are nearer than `gap`.
 *
 * Each step pushes near pairs apart and draws every point a little back to where it belongs. Two
 * points in one spot part in a direction given by their numbers, so that nothing is left to chance.
 */
FR.spread = (points, gap, steps = 90) => {
  const places = points.map(([x, y]) => [x, y]);
  const GOLDEN = 2.399963;
  const WIDE = 1 << 20; // cells in a row: more than the world has pixels at the closest zoom
  const cellOf = ([x, y]) => Math.floor(x / gap) * WIDE + Math.floor(y / gap);
  const AROUND = [0, 1, WIDE - 1, WIDE, WIDE + 1]; // the other four neighbours look at this one

  function cells() {
    const numbersIn = new Map();
    places.forEach((place, number) => {
      const cell = cellOf(place);
      const numbers = numbersIn.get(cell);
      if (numbers) numbers.push(number);
      else numbersIn.set(cell, [number]);
    });
    return numbersIn;
  }

  function partAll() {
    const numbersIn = cells();
    let moved = false;
    for (const [cell, numbers] of numbersIn) {
      for (const step of AROUND) {
        for (const b of numbersIn.get(cell + step) || []) {
          for (const a of numbers) if (step || a < b) moved = part(a, b) || moved;
        }
      }
    }
    return moved;
  }

  function part(one, other) {
    const [a, b] = one < other ? [one, other] : [other, one];
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

  for (let step = 0; step < steps && partAll(); step += 1) {
    if (step >= steps - 15) continue;
    places.forEach((place, number) => {
      place[0] += (points[number][0] - place[0]) * 0.03;
      place[1] += (points[number][1] - place[1]) * 0.03;
    });
  }
  return places;
};
