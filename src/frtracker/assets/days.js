/* What is shown on a day: rows picked from the tables of the data, never worked out anew.
 *
 * A day is a number, counted from 1970-01-01. A subject and an act are their places in the lists.
 */
"use strict";

FR.days = (() => {
  const { subjects, policies, headlines, panels, states, changes, events, texts } = FR.data;
  const { vocabulary, blocks } = FR.data;
  const CHOICES = Object.keys(vocabulary.actors); // the last one: anyone
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
  /** "30 Jun 2021" and "June 2021". */
  function day(number) {
    const [year, , date] = parts(iso(number));
    return `${date} ${month(number).slice(0, 3)} ${year}`;
  }
  function month(number) {
    const parts = { month: "long", year: "numeric", timeZone: "UTC" };
    return new Date(number * DAY).toLocaleDateString("en-US", parts);
  }

  const grouped = (count, owners) => {
    const rows = Array.from({ length: count }, () => []);
    for (const [row, owner] of owners.entries()) rows[owner].push(row);
    return rows;
  };
  const byChoice = ({ subject, choice }) =>
    grouped(
      subjects.length * CHOICES.length,
      subject.map((number, row) => number * CHOICES.length + choice[row]),
    );
  const [headlinesOf, changesOf] = [headlines, changes].map(byChoice);
  const panelsOf = grouped(subjects.length, panels.subject);
  const statesOf = grouped(policies.length, states.policy);
  const actsOf = grouped(
    subjects.length,
    policies.map((policy) => policy.subject - 1),
  );
  /** How many people live where an actor of their own may not use it, in words. */
  function people(actor, on) {
    const [starts, numbers] = FR.data.people[CHOICES.indexOf(actor)] || [[], []];
    return texts[numbers[starts.findLastIndex((start) => start <= on)] || 0];
  }
  const latest = (table, rows, on) => rows.findLast((row) => table.start[row] <= on);

  /** Classes of a category: its measure, whether only some uses are covered, whether in doubt, or
   * whether the rule is for others. A text is that of a place without an act: "searched". */
  function classes(entry) {
    if (entry.classes) return entry.classes;
    if (typeof entry === "string") return `is-bare is-${entry}`;
    if (entry.others) return "is-bare is-others";
    const narrow = entry.scope === "narrow" ? " is-narrow" : "";
    return `is-${entry.measure}${narrow}${entry.certain ? "" : " is-uncertain"}`;
  }

  const [, , , ...words] = Object.keys(FR.data.looks); // after the numbers
  const looks = FR.data.looks.rank.map((rank, row) => {
    const [measure, scope] = vocabulary.ranked[rank];
    const flags = FR.data.looks.flags[row];
    const look = { look: row, rank, measure, scope, actors: FR.data.looks.actors[row] };
    for (const name of words) look[name] = texts[FR.data.looks[name][row]];
    for (const name of ["text", "facts", "answer"]) look[name] = FR.fill(look[name], look);
    for (const [name, flag] of Object.entries(vocabulary.flags)) look[name] = (flags & flag) > 0;
    look.classes = classes(look);
    return look;
  });

  /** A subject on a day, for the chosen actor or anyone; null before its first act. `named`: an
   * act names the actor; `others`: nothing for the actor, but a rule for others. Two entries of a
   * subject with the same `look` look alike and read alike. */
  function entry(subject, on, actor) {
    const rows = headlinesOf[subject * CHOICES.length + CHOICES.indexOf(actor)];
    const row = latest(headlines, rows, on);
    const look = row === undefined ? undefined : looks[headlines.look[row]];
    return look ? { subject, ...look } : null;
  }

  /** The next change of a subject after a day, for the chosen actor or anyone: `text`, `on`. */
  function next(subject, on, actor) {
    const rows = changesOf[subject * CHOICES.length + CHOICES.indexOf(actor)];
    const row = rows.find((each) => changes.on[each] > on);
    if (row === undefined) return null;
    const then = changes.on[row];
    return { text: FR.fill(texts[changes.text[row]], { day: day(then) }), on: then };
  }

  function line([actors, number, facts, ...others]) {
    const look = looks[number];
    const filled = FR.fill(texts[facts], look || {});
    return { actors: texts[actors], look, facts: filled, others: others.map((n) => texts[n]) };
  }

  /** The lines on a subject's positions in its panel, and why they are in doubt: [act, reasons]. */
  function block(subject, on) {
    const row = latest(panels, panelsOf[subject], on);
    const [lines, doubts] = row === undefined ? [[], []] : blocks[panels.block[row]];
    return { lines: lines.map(line), doubts: doubts.map(([act, why]) => [act, texts[why]]) };
  }

  /** The state of an act on a day, and its words then; null if not listed yet. */
  function state(act, on) {
    const row = latest(states, statesOf[act], on);
    if (row === undefined) return null;
    const [text, passing] = [states.text[row], states.passing[row]].map((n) => texts[n]);
    return { state: vocabulary.states[states.state[row]], text, passing };
  }

  /** A subject's acts with their states on a day, but for those that are not listed yet. */
  const listed = (subject, on) =>
    actsOf[subject].map((act) => [act, state(act, on)]).filter(([, it]) => it);
  /** The acts behind what is in force or to come; where there are none, the newest. */
  function behind(subject, on) {
    const known = listed(subject, on);
    const live = known.filter(([, it]) => vocabulary.live.includes(it.state));
    return (live.length ? live : known.slice(0, 1)).map(([act]) => policies[act]);
  }

  /** The codes of the actors in a sum of their numbers. */
  const actorCodes = (sum) => CHOICES.slice(0, -1).filter((_, place) => sum & (1 << place));
  /** Whether a sum has the chosen actor, or is for anyone. */
  const includes = (sum, actor) => actor === "anyone" || actorCodes(sum).includes(actor);
  /** Whether a rule is, may be or will be in force, for the chosen actor or others. */
  const hasRule = (entry) =>
    Boolean(entry) && (entry.rank > 0 || !entry.certain || entry.others || entry.scheduled);
  /** The place of an act's measure and scope in the order of strictness. */
  const rankOf = ({ measure, narrow }) =>
    vocabulary.ranked.findIndex(
      ([name, scope]) => name === measure && scope === (narrow ? "narrow" : "general"),
    );
  const inOrder = (days) => [...new Set(days)].sort((a, b) => a - b);
  /** The days on which a position changes, for the chosen actor or anyone, in order. */
  const turns = CHOICES.map((_, choice) =>
    inOrder(changes.on.filter((_, row) => changes.choice[row] === choice)),
  );
  /** The same with those on which a rule begins or ends that changes no position. */
  const changeDays = CHOICES.map((actor, choice) => {
    const ofRules = (_, row) => !events.bill[row] && includes(events.actors[row], actor);
    return inOrder([...turns[choice], ...events.last.filter(ofRules)]);
  });

  return {
    ...{ iso, number, day, month, monthOf, entry, people, next, block, state, listed, behind },
    actsOf,
    ...{ actorCodes, includes, hasRule, rankOf, classes },
    turns: (actor) => turns[CHOICES.indexOf(actor)],
    changeDays: (actor) => changeDays[CHOICES.indexOf(actor)],
  };
})();

/** One sentence on a subject on the shown day, for labels that are read or hovered over. */
FR.sentence = (number) => {
  const place = FR.data.subjects[number].label;
  const entry = FR.view.entries[number];
  if (entry) return FR.say("place", { place, text: entry.text });
  return FR.say("without", { place, actor: FR.actorLabel() });
};

/** The same of any place by its key, on record or not. */
FR.sentenceOf = (key) => {
  if (FR.numbers.has(key)) return FR.sentence(FR.numbers.get(key));
  const { code, label } = FR.places.of(key);
  const look = FR.data.searched.includes(code) ? "searched" : "unsearched";
  return FR.say("place", { place: label, text: FR.data.words.categories[look][0] });
};

/** What a subject or a place is: "city", "territory". */
FR.kind = ({ kind, type = kind, code }) => {
  const { kinds, types } = FR.data.vocabulary;
  return kinds[code] && type === "state" ? kinds[code] : types[kind] || kind || types[type];
};

/** The chosen actor in words: "police", "anyone". */
FR.actorLabel = () => FR.data.vocabulary.actors[FR.view.actor];
