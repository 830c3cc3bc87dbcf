/* Dates, positions and names in words. */
"use strict";

FR.words = (() => {
  const { vocabulary } = FR.data;
  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const measures = Object.fromEntries(vocabulary.measures.map((term) => [term.code, term]));

  function point(text) {
    const [year, month, day] = text.split("-").map(Number);
    return [day, month && MONTHS[month - 1], year].filter(Boolean).join(" ");
  }

  /** A recorded date, as exact as it is: "1 Jul 2021", "Jul 2021", "between Jan 2023 and …". */
  function date(text) {
    const [start, end] = text.split("/");
    if (end === undefined) return point(start);
    return start ? `between ${point(start)} and ${point(end)}` : `by ${point(end)}`;
  }

  /** The last day of something, from the first day that it no longer holds. */
  function through(text) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return `until ${date(text)}`;
    const day = new Date(`${text}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() - 1);
    return `through ${point(day.toISOString().slice(0, 10))}`;
  }

  function list(codes, labels) {
    return (codes || []).map((code) => labels[code] || code).join(", ");
  }

  /** "ban", "ban (some uses only)". */
  function measure(held) {
    const label = measures[held.measure].label;
    return held.scope === "narrow" ? `${label} (some uses only)` : label;
  }

  /** The measure with its doubt: "uncertain: up to ban, at least restriction". */
  function position(held) {
    if (held.measure === "none") return held.lifted ? "none in force (lifted)" : "none in force";
    if (held.certain) return measure(held);
    if (!held.at_least) return `uncertain: ${measure(held)} or none`;
    return `uncertain: up to ${measure(held)}, at least ${measure(held.at_least)}`;
  }

  function since(held) {
    if (!held.since) return "";
    const day = held.since.includes("/") ? `a day ${date(held.since)}` : date(held.since);
    return held.start_presumed
      ? `since ${day} at the earliest (start not recorded)`
      : `since ${day}`;
  }

  /** "30 Jun 2021", "June 2021": a day and a month by number and name. */
  const day = (number) => point(FR.days.iso(number));
  const LONG =
    "January February March April May June July August September October November December";
  const month = (number) => {
    const [year, place] = FR.days.iso(number).split("-").map(Number);
    return `${LONG.split(" ")[place - 1]} ${year}`;
  };

  /** "1 Jul 2021: restriction for police". */
  function change(coming) {
    const bare = coming.measure === "none" ? "none in force" : measure(coming);
    const said = coming.certain ? bare : `uncertain: ${bare}`;
    return `${date(coming.on)}: ${said} for ${actors(coming.actors)}`;
  }

  const actors = (codes) => list(codes, vocabulary.actors);
  const uses = (codes) => list(codes, vocabulary.uses);
  const MOST_PLACES = 8;
  function places(codes) {
    const named = (codes || "").split(";").filter(Boolean);
    return named.length > MOST_PLACES
      ? `${named.length} countries or parts of one`
      : named.join(", ");
  }

  return {
    date,
    day,
    month,
    through,
    position,
    measure,
    since,
    change,
    actors,
    uses,
    places,
    measures,
  };
})();

/** The subject's name with what tells it from others of that name: "Portland, Oregon". */
FR.label = (subject) => {
  const unique = ["vendor", "company", "state"].includes(subject.type);
  return subject.where && !unique ? `${subject.name}, ${subject.where}` : subject.name;
};

/** One sentence on a subject on the shown day, for labels that are read or hovered over. */
FR.sentence = (number) => {
  const subject = FR.data.subjects[number];
  const entry = FR.view.entries[number];
  if (!entry) return `${FR.label(subject)}: no act names ${FR.actorWords(FR.view.actor)} by then`;
  const said = FR.words.position(FR.days.headline(entry));
  const who = entry.rank ? ` for ${FR.words.actors(entry.top)}` : "";
  return `${FR.label(subject)}: ${said}${who}${entry.scheduled ? "; more is scheduled" : ""}`;
};

/** The chosen actor in words: "police", "anyone". */
FR.actorWords = (actor) => FR.data.vocabulary.actors[actor] || "anyone";
