/* The same data as a table: sortable, in step with day, actor and filter, to download as CSV. */
"use strict";

FR.table = (() => {
  const { at, el, say } = FR;
  const { subjects, sources } = FR.data;
  const box = document.querySelector("#table details");
  const buttons = [...box.querySelectorAll("[data-column]")];
  const CSV_COLUMNS =
    "subject_key,subject,subject_type,country,region,geoid,geoidfq,as_of,actor,position,measure," +
    "scope,certain,applies_to,since_text,since,until,scheduled,next_change_on,policy_ids,source_urls";
  const sorting = { column: "position", down: true };

  const entries = () => FR.view.entries.filter((entry) => entry && FR.legend.shows(entry));

  function cells(entry) {
    const { label } = subjects[entry.subject];
    const next = FR.days.next(entry.subject, FR.view.day, FR.view.actor);
    return {
      subject: label,
      kind: FR.kind(subjects[entry.subject]),
      position: entry.others ? entry.text : entry.position,
      for: entry.others ? "" : entry.who,
      since: entry.since.replace(/^since /, ""),
      until: entry.until,
      "next change": next ? next.text : "",
      behind: FR.days.behind(entry.subject, FR.view.day),
      nextOn: next ? FR.days.iso(next.on) : "",
      entry,
    };
  }

  const KEYS = {
    position: (row) => String(100 + row.entry.rank * 2 + row.entry.certain),
    since: (row) => row.entry.since_on,
    until: (row) => row.entry.until_on,
    "next change": (row) => row.nextOn,
  };

  function sorted(rows) {
    const key = KEYS[sorting.column] || ((row) => row[sorting.column]);
    const way = sorting.down ? -1 : 1;
    const compare = (a, b) => !a - !b || way * (a || "").localeCompare(b || "", "en");
    return rows.sort((a, b) => compare(key(a), key(b)) || a.subject.localeCompare(b.subject, "en"));
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
      buttons.slice(1).map(({ dataset }) => el("td", {}, row[dataset.column])),
      el("td", {}, links),
    );
  }

  function show() {
    const shown = entries();
    at("table-count").textContent = say("rows", { count: shown.length });
    if (!box.open) return;
    const values = { day: FR.days.day(FR.view.day), actor: FR.actorLabel() };
    at("table-caption").textContent = say("caption", values);
    for (const button of buttons) {
      const isSorted = button.dataset.column === sorting.column;
      const order = sorting.down ? "descending" : "ascending";
      button.parentElement.setAttribute("aria-sort", isSorted ? order : "none");
    }
    at("table-rows").replaceChildren(...sorted(shown.map(cells)).map(line));
  }

  function sort({ currentTarget: { dataset } }) {
    const { column } = dataset;
    const down = sorting.column === column ? !sorting.down : column === "position";
    Object.assign(sorting, { column, down });
    show();
  }

  const quoted = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

  /** The rows as CSV text, with codes and ISO days rather than words. */
  function csv() {
    const rows = entries().map((entry) => {
      const { key, name, type, country, region, geoidfq } = subjects[entry.subject];
      const { behind, nextOn } = cells(entry);
      return [
        ...[key, name, type, country, region, geoidfq?.split("US")[1], geoidfq],
        ...[FR.days.iso(FR.view.day), FR.view.actor],
        ...[entry.others ? entry.text : entry.position, entry.named && entry.measure],
        ...[entry.scope, entry.certain],
        entry.rank ? FR.days.actorCodes(entry.actors).join(";") : "",
        ...[entry.since, entry.since_on, entry.until_on, entry.scheduled],
        ...[nextOn, behind.map((policy) => policy.id).join(";")],
        behind.map(sourceOf).join(" "),
      ];
    });
    const supposed = FR.say("supposed");
    const lines = rows.map((row) =>
      [...row, ...(supposed ? [supposed] : [])].map((cell) => quoted(String(cell ?? ""))).join(","),
    );
    return [CSV_COLUMNS + (supposed && ",supposed"), ...lines, ""].join("\n");
  }

  function download() {
    const blob = new Blob([csv()], { type: "text/csv;charset=utf-8" });
    const name = FR.say("supposed") ? "frtracker-what-if" : "frtracker";
    FR.save(blob, `${name}-${FR.days.iso(FR.view.day)}-${FR.view.actor}.csv`);
  }

  function start() {
    box.addEventListener("toggle", show);
    for (const button of buttons) button.addEventListener("click", sort);
    at("download").addEventListener("click", download);
    document.querySelector('[data-skip-to="table"]').addEventListener("click", () => {
      box.open = true;
    });
  }

  return { start, show };
})();
