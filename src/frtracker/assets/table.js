/* The same data as a table: sortable, in step with day, actor and filter, to download as CSV. */
"use strict";

FR.table = (() => {
  const { el, words } = FR;
  const { subjects, policies, sources, vocabulary } = FR.data;
  const box = document.querySelector("#table details");
  const COLUMNS = [
    "subject",
    "kind",
    "position",
    "for",
    "since",
    "until",
    "next change",
    "sources",
  ];
  const sorting = { column: "position", down: true };

  const entries = () => FR.view.entries.filter((entry) => entry && FR.legend.shows(entry));

  /** The acts behind what holds or comes; where nothing does, the last one. */
  function telling(entry) {
    const acts = FR.days.actsOf[entry.subject].map((act) => [act, FR.days.state(act, FR.view.day)]);
    const known = acts.filter(([, { state }]) => state !== "not_yet");
    const live = known.filter(([, { state }]) =>
      ["in_force", "uncertain", "scheduled"].includes(state),
    );
    return (live.length ? live : known.slice(-1)).map(([act]) => policies[act]);
  }

  function cells(entry) {
    const held = FR.days.headline(entry);
    const change = FR.days.nextChange(entry.subject, FR.view.day);
    return {
      subject: FR.label(subjects[entry.subject]),
      kind: vocabulary.types[subjects[entry.subject].type],
      position: words.position(held),
      for: words.actors(held.for),
      since: held.since ? words.since(held).replace("since ", "") : "",
      until: held.until ? words.through(held.until) : "",
      "next change": change ? words.change(change) : "",
      change: change ? change.on : "9999",
      days: [held.since || "", held.until || ""],
      entry,
    };
  }

  const KEYS = {
    position: (row) => row.entry.rank * 2 + row.entry.certain,
    since: (row) => row.days[0],
    until: (row) => row.days[1],
    "next change": (row) => row.change,
  };

  function sorted(rows) {
    const key = KEYS[sorting.column] || ((row) => row[sorting.column]);
    const compare = (a, b) =>
      typeof a === "number" ? a - b : String(a).localeCompare(String(b), "en");
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

  function line(row) {
    const links = telling(row.entry).flatMap((policy, place) => {
      const url = sources[policy.sources[0]][0];
      const link = FR.link(url, `source ${place + 1}`);
      link.setAttribute("aria-label", `source ${place + 1} for ${row.subject}`);
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
    const found = entries();
    document.getElementById("table-count").textContent = `${found.length} rows`;
    if (!box.open) return;
    const rows = sorted(found.map(cells));
    const said = `${words.day(FR.view.day)}, rules for ${FR.actorWords(FR.view.actor)}`;
    document
      .getElementById("table-body")
      .replaceChildren(
        el(
          "table",
          {},
          el("caption", {}, said),
          el("thead", {}, el("tr", {}, COLUMNS.map(heading))),
          el("tbody", {}, rows.map(line)),
        ),
      );
  }

  const quoted = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

  /** The rows as CSV text, with codes and ISO days rather than words. */
  function csv() {
    const day = FR.days.iso(FR.view.day);
    const names =
      "key,subject,subject_type,country,region,day,rules_for,measure,scope,certain,for,since,until," +
      "scheduled,next_change_on,policy_ids,source_urls";
    const rows = entries().map((entry) => {
      const subject = subjects[entry.subject];
      const held = FR.days.headline(entry);
      const change = FR.days.nextChange(entry.subject, FR.view.day);
      const acts = telling(entry);
      return [
        subject.key,
        subject.name,
        subject.type,
        subject.country,
        subject.region,
        day,
        FR.view.actor,
        held.measure,
        held.scope,
        held.certain,
        held.for.join(";"),
        held.since,
        held.until,
        entry.scheduled,
        change?.on,
        acts.map((policy) => policy.id).join(";"),
        acts.map((policy) => sources[policy.sources[0]][0]).join(" "),
      ];
    });
    const lines = rows.map((row) => row.map((cell) => quoted(String(cell ?? ""))).join(","));
    return [names, ...lines, ""].join("\n");
  }

  function download() {
    const blob = new Blob([csv()], { type: "text/csv;charset=utf-8" });
    const name = `frtracker-${FR.days.iso(FR.view.day)}-${FR.view.actor}.csv`;
    const link = el("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  function start() {
    box.addEventListener("toggle", show);
    document.getElementById("download").addEventListener("click", download);
    document.querySelector('[data-skip-to="table"]').addEventListener("click", () => {
      box.open = true;
    });
    let wasOpen = false;
    window.addEventListener("beforeprint", () => {
      wasOpen = box.open;
      box.open = true;
      show();
    });
    window.addEventListener("afterprint", () => {
      box.open = wasOpen;
    });
  }

  return { start, show, csv };
})();
