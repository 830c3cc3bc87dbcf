/* What every other script of the page stands on: the data, DOM nodes, and words.
 *
 * Data reach the page as text nodes and attributes only, never as markup.
 */
"use strict";

const FR = {};

document.querySelector("main").hidden = false; // Without scripts the table stands in its place.

FR.data = JSON.parse(document.getElementById("data").textContent);

/** A new element. `children`: nodes and texts; null, undefined and "" are skipped. */
FR.el = function (tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== undefined && value !== null) node.setAttribute(name, value);
  }
  node.append(
    ...children.flat().filter((child) => child !== undefined && child !== null && child !== ""),
  );
  return node;
};

/** A link that opens elsewhere; plain text where the address is not http(s). */
FR.link = function (address, text) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return FR.el("span", {}, text);
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return FR.el("span", {}, text);
  return FR.el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, text);
};

FR.words = (function () {
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
    if (!held.uncertain) return measure(held);
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

  const actors = (codes) => list(codes, vocabulary.actors);
  const uses = (codes) => list(codes, vocabulary.uses);
  const places = (codes) => (codes || "").split(";").filter(Boolean).join(", ");

  return { date, through, position, since, actors, uses, places, measures };
})();

/** The subject's name with what tells it from others of that name: "Portland, Oregon". */
FR.label = function (subject) {
  const unique = ["vendor", "company", "state"].includes(subject.type);
  return subject.where && !unique ? `${subject.name}, ${subject.where}` : subject.name;
};

/** One sentence on a subject, for labels that are read or hovered over. */
FR.sentence = function (key) {
  const { subjects, day } = FR.data;
  const held = day.held[key];
  const parts = [`${FR.label(subjects[key])}: ${FR.words.position(held)}`];
  if (held.for) parts.push(`for ${FR.words.actors(held.for)}`);
  return parts.join(" ");
};
