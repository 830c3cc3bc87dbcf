/* What every other script of the page stands on: the data, DOM nodes, and words.
 *
 * Data reach the page as text nodes and attributes only, never as markup.
 */
"use strict";

const FR = {};

document.querySelector("main").hidden = document.querySelector(".skip").hidden = false; // Without scripts the table stands in its place.

FR.data = JSON.parse(document.getElementById("data").textContent);

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
  let url;
  try {
    url = new URL(address);
  } catch {
    return FR.el("span", {}, text);
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return FR.el("span", {}, text);
  return FR.el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, text);
};
