/* Find a place or a company by its name: a text field with a list of what is meant. */
"use strict";

FR.search = (() => {
  const { el } = FR;
  const { subjects, vocabulary } = FR.data;
  const field = document.getElementById("search");
  const list = document.getElementById("results");
  const MOST = 12;
  let options = [];
  let active = -1;

  const plain = (text) =>
    text
      .normalize("NFKD")
      .replace(/[\u0300-\u036f]/g, "")
      .toLowerCase();

  let known = [];

  const everything = () => [
    ...subjects.map((subject) => ({
      key: subject.key,
      label: subject.label,
      kind: vocabulary.types[subject.type],
      names: [subject.label, ...(subject.aliases || "").split(";")].map(plain),
    })),
    ...FR.map.unrecorded().map(({ code, name, kind }) => ({
      key: code,
      label: name,
      kind: FR.say("without_kind", { kind }),
      names: [plain(name)],
    })),
  ];

  /** Names that begin with the text first, then those with a word that does. */
  function matching(text) {
    const query = plain(text.trim());
    if (!query) return [];
    const place = ({ names }) => {
      if (names.some((name) => name.startsWith(query))) return 0;
      return names.some((name) => ` ${name}`.includes(` ${query}`)) ? 1 : 2;
    };
    return known
      .map((each) => [place(each), each])
      .filter(([rank]) => rank < 2)
      .sort(([a, x], [b, y]) => a - b || x.label.localeCompare(y.label, "en"))
      .slice(0, MOST)
      .map(([, each]) => each);
  }

  function mark(number) {
    active = number;
    for (const [place, item] of [...list.children].entries()) {
      item.setAttribute("aria-selected", place === number);
    }
    if (number < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", `result-${number}`);
      list.children[number].scrollIntoView({ block: "nearest" });
    }
  }

  function close() {
    options = [];
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function choose(number) {
    const { key, label } = options[number];
    field.value = label;
    close();
    FR.app.select(key, { zoom: true });
  }

  function item(option, number) {
    const attributes = { role: "option", id: `result-${number}`, "aria-selected": "false" };
    const kind = el("span", { class: "kind" }, option.kind);
    const node = el("li", attributes, option.label, " ", kind);
    node.addEventListener("mousedown", (event) => event.preventDefault());
    node.addEventListener("click", () => choose(number));
    return node;
  }

  function offer() {
    options = matching(field.value);
    const nothing = el("li", { role: "option", "aria-disabled": "true" }, "Nothing of that name");
    list.replaceChildren(...(options.length ? options.map(item) : [nothing]));
    list.hidden = !field.value.trim();
    field.setAttribute("aria-expanded", String(!list.hidden));
    mark(options.length ? 0 : -1);
  }

  function onKey(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves && options.length) {
      event.preventDefault();
      mark((active + moves[event.key] + options.length) % options.length);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      choose(active);
    } else if (event.key === "Escape") close();
  }

  function start() {
    known = everything();
    field.addEventListener("input", offer);
    field.addEventListener("keydown", onKey);
    field.addEventListener("blur", close);
  }

  return { start, matching };
})();
