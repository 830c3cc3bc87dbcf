/* What held on a day: looked up in the embedded positions, periods and states, never worked out anew.
 *
 * A day is a number, counted from 1970-01-01. A subject and an act are their places in the lists.
 */
"use strict";

FR.days = (() => {
  const { subjects, policies, positions, periods, states, texts, vocabulary } = FR.data;
  const ACTORS = Object.keys(vocabulary.actors);
  const STATES = Object.keys(vocabulary.states);
  const LIVE = new Set(["in_force", "uncertain", "scheduled"].map((code) => STATES.indexOf(code)));
  const SCHEDULED = STATES.indexOf("scheduled");
  const DAY = 86400000;

  const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);
  /** The first and the last day of the month that a day is in. */
  function monthOf(day) {
    const at = new Date(day * DAY);
    const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
    return [Date.UTC(year, month, 1) / DAY, Date.UTC(year, month + 1, 0) / DAY];
  }
  const parts = (text) => text.split("-").map(Number);
  /** The last day of a day, month or year, as `--as-of` reads it; undefined if it is none. */
  function number(text) {
    if (!/^\d{4}(-\d{2}){0,2}$/.test(text)) return undefined;
    const [year, month, day] = parts(text);
    const last = day ? Date.UTC(year, month - 1, day) : Date.UTC(year, month || 12, 0);
    return iso(last / DAY).startsWith(text) ? last / DAY : undefined;
  }

  const grouped = (count, owners) => {
    const found = Array.from({ length: count }, () => []);
    for (const [row, owner] of owners.entries()) found[owner].push(row);
    return found;
  };
  const pairs = grouped(
    subjects.length * ACTORS.length,
    positions.subject.map((subject, row) => subject * ACTORS.length + positions.actor[row]),
  );
  const periodsOf = grouped(policies.length, periods.policy);
  const runsOf = grouped(policies.length, states.policy);
  const actsOf = grouped(
    subjects.length,
    policies.map((policy) => policy.subject - 1),
  );
  const list = (text) => (texts[text] ? texts[text].split(";") : []);
  const boundBy = policies.map((policy) => list(policy.applies_to));
  const scopeOf = (policy) => (texts[policy.uses] === "any" ? "general" : "narrow");

  const holds = (table, row, day) =>
    table.start[row] <= day && (table.end[row] === null || day < table.end[row]);

  /** The position of a pair on a day, as a row; undefined where no row names the actor. */
  const rowOn = (subject, actor, day) =>
    pairs[subject * ACTORS.length + actor].find((row) => holds(positions, row, day));

  /** The run that an act is in on a day. */
  function runOn(policy, day) {
    const runs = runsOf[policy];
    let place = runs.length - 1;
    while (place && states.start[runs[place]] > day) place -= 1;
    return runs[place];
  }

  /** A subject on a day, for the chosen actors; null where no act names any of them.
   * Two entries of a subject with the same `face` look alike and are told alike. */
  function entry(subject, day, chosen) {
    const found = { subject, rank: -1, certain: false, rows: {}, top: [] };
    chosen.forEach((actor) => {
      const row = rowOn(subject, ACTORS.indexOf(actor), day);
      if (row === undefined) return;
      found.rows[actor] = row;
      const certain = (positions.flags[row] & 1) === 1;
      const higher = positions.rank[row] - found.rank || certain - found.certain;
      if (higher > 0) Object.assign(found, { rank: positions.rank[row], certain, top: [] });
      if (higher >= 0) found.top.push(actor);
    });
    if (!found.top.length) return null;
    const [measure, scope] = vocabulary.ranked[found.rank];
    Object.assign(found, { measure, scope, live: false, scheduled: false });
    for (const act of actsOf[subject]) {
      const policy = policies[act];
      if (policy.measure === "none" || !boundBy[act].some((actor) => actor in found.rows)) continue;
      const state = states.state[runOn(act, day)];
      found.live = found.live || LIVE.has(state);
      found.scheduled = found.scheduled || state === SCHEDULED;
    }
    const told = found.top.map((actor) => {
      const row = found.rows[actor];
      return `${actor} ${positions.flags[row]} ${positions.floor[row]}`;
    });
    found.face = `${found.rank} ${found.scheduled} ${told}`;
    return found;
  }

  const actorsOf = (choice) => (choice in vocabulary.actors ? [choice] : ACTORS);

  function also(subject, actor, makers, day) {
    return actsOf[subject].flatMap((act) =>
      policies[act].measure === "none" || makers.includes(act)
        ? []
        : periodsOf[act]
            .filter((row) => ACTORS[periods.actor[row]] === actor && holds(periods, row, day))
            .map((row) => ({
              measure: policies[act].measure,
              scope: scopeOf(policies[act]),
              certain: periods.certain[row] === 1,
              territory: policies[act].territory || null,
              policy_id: policies[act].id,
            })),
    );
  }

  const text = (place) => texts[place] || null;
  const goesOn = (act, day) => (states.flags[runOn(act, day)] & 4) === 4;

  /** All that is said of one position, in the shape of the status document. */
  function position(row, day) {
    const makers = positions.policies[row];
    const ends = [...new Set(makers.map((act) => policies[act].ends_when).filter(Boolean))];
    const [measure, scope] = vocabulary.ranked[positions.rank[row]];
    const floor = vocabulary.ranked[positions.floor[row]];
    return {
      measure,
      scope: scope || null,
      certain: (positions.flags[row] & 1) === 1,
      at_least: positions.floor[row] ? { measure: floor[0], scope: floor[1] } : null,
      since: text(positions.since[row]),
      until: text(positions.until[row]),
      ends_when: ends.join("; ") || null,
      start_presumed: (positions.flags[row] & 4) === 4,
      continuation_presumed: makers.length > 0 && makers.every((act) => goesOn(act, day)),
      lifted: (positions.flags[row] & 2) === 2,
      territory: text(positions.territory[row]),
      policy_ids: makers.map((act) => policies[act].id),
      also: also(positions.subject[row], ACTORS[positions.actor[row]], makers, day),
    };
  }

  /** The headline of an entry, with the days that all its actors share. */
  function headline(found) {
    const rows = found.top.map((actor) => found.rows[actor]);
    const common = (column) => {
      const values = new Set(rows.map((row) => positions[column][row]));
      return values.size === 1 ? text(positions[column][rows[0]]) : null;
    };
    const floor = vocabulary.ranked[positions.floor[rows[0]]];
    return {
      measure: found.measure,
      scope: found.scope || null,
      certain: found.certain,
      at_least: floor[0] === "none" ? null : { measure: floor[0], scope: floor[1] },
      lifted: rows.every((row) => positions.flags[row] & 2),
      start_presumed: rows.some((row) => positions.flags[row] & 4),
      for: found.rank ? found.top : [],
      since: common("since"),
      until: common("until"),
    };
  }

  /** The state of an act on a day. */
  function state(act, day) {
    const run = runOn(act, day);
    const flags = states.flags[run];
    return {
      state: STATES[states.state[run]],
      certain: (flags & 1) === 1,
      start_presumed: (flags & 2) === 2,
      continuation_presumed: (flags & 4) === 4,
      superseded_for: list(states.ended[run]),
    };
  }

  /** Rows in which a position is another than before; a hand-over inside a run is no change. */
  const face = (row) =>
    [
      positions.rank[row],
      positions.flags[row] & 1,
      vocabulary.ranked[positions.floor[row]][0],
    ].join();
  const isChange = (row, before) =>
    before === undefined ? positions.rank[row] > 0 : face(row) !== face(before);
  const changing = Array.from({ length: subjects.length }, () => []);
  pairs.forEach((rows, pair) => {
    const own = changing[Math.floor(pair / ACTORS.length)];
    own.push(...rows.filter((row, place) => isChange(row, rows[place - 1])));
  });

  /** The next change of a subject after a day, for whatever actor; null where none is known. */
  function nextChange(subject, day) {
    const coming = changing[subject].filter((row) => positions.start[row] > day);
    if (!coming.length) return null;
    const on = Math.min(...coming.map((row) => positions.start[row]));
    const then = coming.filter((row) => positions.start[row] === on);
    const height = (row) => positions.rank[row] * 2 + (positions.flags[row] & 1);
    const top = then.reduce((best, row) => (height(row) > height(best) ? row : best));
    const [measure, scope] = vocabulary.ranked[positions.rank[top]];
    return {
      on: iso(on),
      actors: then
        .filter((row) => height(row) === height(top))
        .map((row) => ACTORS[positions.actor[row]]),
      measure,
      scope: scope || null,
      certain: (positions.flags[top] & 1) === 1,
    };
  }

  /** The days on which a position of a chosen actor changes, in order. */
  function changeDays(chosen) {
    const wanted = new Set(chosen.map((actor) => ACTORS.indexOf(actor)));
    const days = changing.flat().filter((row) => wanted.has(positions.actor[row]));
    return [...new Set(days.map((row) => positions.start[row]))].sort((a, b) => a - b);
  }

  return {
    iso,
    number,
    monthOf,
    list,
    entry,
    actorsOf,
    actsOf,
    boundBy,
    scopeOf,
    position,
    headline,
    state,
    nextChange,
    changeDays,
  };
})();
