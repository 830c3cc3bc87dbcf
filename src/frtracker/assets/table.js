/* The same data as a table: sortable, in step with day, actor and filter, to download as CSV. */
"use strict";

FR.table = (() => {
  const { el, say } = FR;
  const { subjects, sources, vocabulary } = FR.data;
  const box = document.querySelector("#table details");
  const COLUMNS = "subject,kind,position,for,since,until,next change,sources".split(",");
  const CSV_COLUMNS =
    "subject_key,subject,subject_type,country,region,as_of,actor,measure,scope,certain,applies_to," +
    "since,until,scheduled,next_change_on,policy_ids,source_urls";
  const sorting = { column: "position", down: true };

  const entries = () => FR.view.entries.filter((entry) => entry?.named && FR.legend.shows(entry));

  function cells(entry) {
    const { label, type } = subjects[entry.subject];
    const next = FR.days.next(entry.subject, FR.view.day, FR.view.actor);
    return {
      subject: label,
      kind: vocabulary.types[type],
      position: entry.position,
      for: entry.who,
      since: entry.since.replace(/^since /, ""),
      until: entry.until,
      "next change": next ? next.text : "",
      behind: FR.days.behind(entry.subject, FR.view.day),
      nextOn: next ? next.on : null,
      entry,
    };
  }

  const KEYS = {
    position: (row) => row.entry.rank * 2 + row.entry.certain,
    since: (row) => row.entry.since_on,
    until: (row) => row.entry.until_on,
    "next change": (row) => row.nextOn ?? Infinity,
  };

  function sorted(rows) {
    const key = KEYS[sorting.column] || ((row) => row[sorting.column]);
    const compare = (a, b) =>
      typeof a === "number" ? Number(a > b) - Number(a < b) : a.localeCompare(b, "en");
    const way = sorting.down ? -1 : 1;
    return rows.sort(
      (a, b) => way * compare(key(a), key(b)) || a.subject.localeCompare(b.subject, "en"),
    );
  }

  function heading(name) {
    if (name === "sources") return el("th", { scope: "col" }, name);
    const own = sorting.column === name;
    const order = sorting.down ? "descending" : "ascending";
    const button = el("button", { type: "button" }, name);
    button.addEventListener("click", () => {
      Object.assign(sorting, { column: name, down: own ? !sorting.down : name === "position" });
      show();
      [...box.querySelectorAll("thead button")].find((each) => each.textContent === name).focus();
    });
    return el("th", { scope: "col", "aria-sort": own ? order : null }, button);
  }

  const sourceOf = (policy) => sources[policy.sources[0]][0];

  function line(row) {
    const links = row.behind.flatMap((policy, place) => {
      const link = FR.link(sourceOf(policy), say("source", { number: place + 1 }));
      link.setAttribute("aria-label", say("source_for", { number: place + 1, place: row.subject }));
      return [link, " "];
    });
    const opener = FR.lists.opener(row.entry.subject, row.subject);
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, opener),
      COLUMNS.slice(1, -1).map((name) => el("td", {}, row[name])),
      el("td", {}, links),
    );
  }

  function show() {
    const shown = entries();
    document.getElementById("table-count").textContent = say("rows", { count: shown.length });
    if (!box.open) return;
    const values = { day: FR.days.day(FR.view.day), actor: FR.actorLabel() };
    document
      .getElementById("table-body")
      .replaceChildren(
        el(
          "table",
          {},
          el("caption", {}, say("caption", values)),
          el("thead", {}, el("tr", {}, COLUMNS.map(heading))),
          el("tbody", {}, sorted(shown.map(cells)).map(line)),
        ),
      );
  }

  const quoted = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

  /** The rows as CSV text, with codes and ISO days rather than words. */
  function csv() {
    const rows = entries().map((entry) => {
      const { key, name, type, country, region } = subjects[entry.subject];
      const { behind, nextOn } = cells(entry);
      return [
        ...[key, name, type, country, region, FR.days.iso(FR.view.day), FR.view.actor],
        ...[entry.measure, entry.scope, entry.certain],
        entry.rank ? FR.days.actorCodes(entry.actors).join(";") : "",
        ...[entry.since_on, entry.until_on, entry.scheduled],
        nextOn === null ? "" : FR.days.iso(nextOn),
        behind.map((policy) => policy.id).join(";"),
        behind.map(sourceOf).join(" "),
      ];
    });
    const lines = rows.map((row) => row.map((cell) => quoted(String(cell ?? ""))).join(","));
    return [CSV_COLUMNS, ...lines, ""].join("\n");
  }

  function download() {
    const blob = new Blob([csv()], { type: "text/csv;charset=utf-8" });
    FR.save(blob, `frtracker-${FR.days.iso(FR.view.day)}-${FR.view.actor}.csv`);
  }

  function start() {
    box.addEventListener("toggle", show);
    document.getElementById("download").addEventListener("click", download);
    document.querySelector('[data-skip-to="table"]').addEventListener("click", () => {
      box.open = true;
    });
  }

  return { start, show };
})();
