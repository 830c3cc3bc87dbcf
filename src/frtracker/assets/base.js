/* What every other script of the page stands on: the data, DOM nodes, sentences, places.
 *
 * Data reach the page as text nodes and attributes only, never as markup. Sentences come
 * finished, or as templates that only wait for a number, a name or a day.
 */
"use strict";

const FR = {};

document.querySelector("main").hidden = document.querySelector(".skip").hidden = false; // Without scripts the table stands in its place.

FR.at = (id) => document.getElementById(id);
FR.data = JSON.parse(FR.at("data").textContent);

/** A new element. `children`: nodes and texts; null, undefined and "" are skipped. */
FR.el = (tag, attributes, ...children) => {
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
FR.link = (address, text) => {
  const url = URL.canParse(address) ? new URL(address) : {};
  if (url.protocol !== "https:" && url.protocol !== "http:") return FR.el("span", {}, text);
  return FR.el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, text);
};

/** Offer a file to the reader. */
FR.save = (blob, name) => {
  const link = FR.el("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};

/** "by {day}" with the day in place. */
FR.fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, key) => values[key]);

/** A sentence by its name, filled in; one with a `count` has another form for one. */
FR.say = (name, values = {}) => {
  const { words } = FR.data;
  const forms = words.counted[name];
  const template = forms ? forms[values.count === 1 ? 0 : 1] : words.phrases[name];
  return FR.fill(template, values);
};

/** "Boston, Cambridge and Somerville" */
FR.listed = (texts) => new Intl.ListFormat("en-GB", { type: "conjunction" }).format(texts);

/** Let a screen reader say a text, unless another follows within `after` milliseconds. */
FR.announce = (text, after = 0) => {
  clearTimeout(FR.announced);
  FR.announced = setTimeout(() => FR.at("live").replaceChildren(text), after);
};

/** Where a point of the data, [x, y], lies on the map. The only place that knows it. */
FR.position = ([x, y]) => L.latLng(y, x);

/** The place of a subject in the list, by its key. */
FR.numbers = new Map(FR.data.subjects.map(({ key }, number) => [key, number]));

/* The subject's name with what distinguishes it from others of that name: "Portland, Oregon". */
for (const subject of FR.data.subjects) {
  subject.label = [subject.name, subject.where].filter(Boolean).join(", ");
}
