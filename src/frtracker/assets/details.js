/* Everything on one subject on the shown day, as DOM: positions, acts, sources, rules of other governments. */
"use strict";

FR.details = (() => {
  const { el, say } = FR;
  const { subjects, policies, sources, texts, searches, vocabulary } = FR.data;

  const acts = Object.fromEntries(vocabulary.measures.map(({ code, act }) => [code, act]));

  /** One line for each position; actors for whom all is the same share it. */
  function positions(lines) {
    const shown = lines.map(({ actors, look, facts, others }) => {
      const also = others.map((each) => el("span", { class: "also" }, `also ${each}`));
      return [
        el("dt", {}, FR.shapes.swatch(look || "unsearched"), actors),
        look
          ? el("dd", {}, el("strong", {}, look.position), ` ${facts}`, also)
          : el("dd", { class: "nothing" }, facts),
      ];
    });
    return el("dl", { class: "positions" }, shown.flat());
  }

  function coming(next) {
    if (!next) return null;
    return el("p", { class: "coming" }, FR.shapes.mark("scheduled"), ` Next: ${next.text}`);
  }

  function sourceItem(place) {
    const [url, text, after, copy] = sources[place];
    const archived = copy && [" · ", FR.link(copy, say("archived"))];
    return el("li", {}, FR.link(url, text), after && ` ${after}`, archived);
  }

  function note(label, text) {
    return text ? el("p", { class: "note" }, el("b", {}, `${label} `), text) : null;
  }

  function act([number, { state, text }]) {
    const policy = policies[number];
    return el(
      "li",
      { class: `act state-${state}`, "data-policy": policy.id },
      el(
        "p",
        { class: "act-head" },
        el("strong", {}, acts[policy.measure]),
        " · ",
        el("span", { class: "state" }, text),
      ),
      el("p", { class: "coverage" }, texts[policy.coverage]),
      el("p", {}, policy.summary),
      el("p", { class: "dates" }, policy.dates),
      policy.instrument ? el("p", { class: "instrument" }, policy.instrument) : null,
      note("Decided by", policy.decided_by),
      note("Except", policy.exceptions),
      note(policy.doubted ? "Low confidence:" : "Confidence", texts[policy.confidence]),
      note("Note", policy.notes),
      el("ul", { class: "sources" }, policy.sources.map(sourceItem)),
    );
  }

  const openerItem = (number, sample, children, policy) =>
    el(
      "li",
      { "data-policy": policy },
      FR.lists.opener(number, FR.shapes.swatch(sample), el("span", {}, children)),
    );

  /** The rules in force from governments above, one line for each: "California: ban …". */
  function above(chain) {
    const items = FR.data.above[chain || 0].flatMap(([subject, acts]) =>
      acts.flatMap((number) => {
        const { state, passing } = FR.days.state(number, FR.view.day) || {};
        if (!passing) return [];
        const { id, measure, narrow, summary } = policies[number];
        const scope = narrow ? "narrow" : "general";
        const name = el("b", {}, subjects[subject].name);
        const facts = el("span", { class: "facts" }, summary);
        const sample = { measure, scope, certain: state === "in_force" };
        return [openerItem(subject, sample, [name, ` ${passing}`, facts], id)];
      }),
    );
    if (!items.length) return null;
    return [el("h3", {}, say("above")), el("ul", { class: "above" }, items)];
  }

  function nationalAgencies(subject) {
    if (subject.type !== "country") return null;
    const items = FR.view.entries.flatMap((entry, number) => {
      const { type, country, at, shape } = subjects[number];
      if (!entry || type !== "agency" || country !== subject.country || at || shape) return [];
      return [openerItem(number, entry, FR.sentence(number))];
    });
    if (!items.length) return null;
    return [el("h3", {}, say("agencies")), el("ul", { class: "above" }, items)];
  }

  function searched(code) {
    const rows = searches[code] || [];
    if (!rows.length) return null;
    const items = rows.map(([where, finding]) => el("li", {}, el("b", {}, where), finding));
    return [el("h3", {}, say("searches")), el("ul", { class: "searches" }, items)];
  }

  const heading = (name) => el("h2", { tabindex: "-1" }, name);

  /** A whole panel on one subject. */
  function panel(number) {
    const subject = subjects[number];
    const listed = FR.days.listed(number, FR.view.day);
    const later = FR.days.actsOf[number].length - listed.length;
    const kind = [vocabulary.types[subject.type], subject.where || subject.inside];
    const place = { state: subject.region, country: subject.country }[subject.type];
    return [
      heading(subject.name),
      el("p", { class: "kind" }, kind.filter(Boolean).join(" · ")),
      el("p", { class: "asof" }, say("by_own", { day: FR.days.day(FR.view.day) })),
      positions(FR.days.lines(number, FR.view.day)),
      coming(FR.days.next(number, FR.view.day, "anyone")),
      above(subject.above),
      listed.length ? el("h3", {}, say("acts")) : null,
      el("ol", { class: "acts" }, listed.map(act)),
      later ? el("p", { class: "nothing" }, say("later", { count: later })) : null,
      nationalAgencies(subject),
      searched(place),
    ];
  }

  /** The panel of a place of which no act is recorded. */
  function unrecordedPanel({ code, name }) {
    const text = say(searches[code] ? "searched" : "unsearched");
    return [heading(name), el("p", {}, text), above(FR.data.outlines[code]), searched(code)];
  }

  return { panel, unrecordedPanel };
})();
