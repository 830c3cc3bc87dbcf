/* Everything on one subject, as DOM: its position for each actor, its acts, their sources. */
"use strict";

FR.details = (function () {
  const { el, words } = FR;
  const { subjects, policies, vocabulary } = FR.data;

  function confirmed(held) {
    const days = (held.policy_ids || [])
      .map((id) => policies[id].last_confirmed_on)
      .filter(Boolean);
    return days.length ? `last confirmed ${words.date(days.sort().at(-1))}` : "not confirmed since";
  }

  /** What else holds, one text for each measure: "ban in IT, FR". */
  function others(held) {
    const places = new Map();
    for (const rule of held.also || []) {
      const said = words.position(rule);
      places.set(said, [...(places.get(said) || []), words.places(rule.territory)]);
    }
    return [...places].map(([said, where]) => {
      const named = where.filter(Boolean).join(", ");
      return named ? `${said} in ${named}` : said;
    });
  }

  function facts(held) {
    return [
      words.since(held),
      held.until && words.through(held.until),
      held.ends_when,
      held.continuation_presumed && confirmed(held),
      held.territory && `in ${words.places(held.territory)}`,
    ]
      .filter(Boolean)
      .join(" · ");
  }

  function positionLine(actors, held) {
    const also = others(held).map((said) => el("span", { class: "also" }, `also ${said}`));
    return [
      el("dt", {}, FR.shapes.swatch(held), words.actors(actors)),
      el("dd", {}, el("strong", {}, words.position(held)), ` ${facts(held)}`, also),
    ];
  }

  /** One line for each position; actors for whom all is the same share it. */
  function positions(held) {
    const lines = new Map();
    for (const actor of Object.keys(vocabulary.actors)) {
      const position = (held.positions || {})[actor];
      if (!position) continue;
      const said = [words.position(position), facts(position), ...others(position)].join("\n");
      if (!lines.has(said)) lines.set(said, { actors: [], position });
      lines.get(said).actors.push(actor);
    }
    const shown = [...lines.values()].map(({ actors, position }) => positionLine(actors, position));
    return shown.length ? el("dl", { class: "positions" }, shown.flat()) : null;
  }

  function coming(change) {
    if (!change) return null;
    const said = words.position(change);
    return el(
      "p",
      { class: "coming" },
      FR.shapes.mark("scheduled"),
      ` ${words.date(change.on)}: ${said} for ${words.actors(change.actors)}`,
    );
  }

  function dates(policy, state) {
    const presumed = state.start_presumed;
    const said = [
      policy.introduced_on && `introduced ${words.date(policy.introduced_on)}`,
      policy.decided_on && `decided ${words.date(policy.decided_on)}`,
      policy.effective_on && `from ${words.date(policy.effective_on)}`,
      presumed && "start not recorded",
      policy.expires_on && words.through(policy.expires_on),
      policy.ends_when && `ends: ${policy.ends_when}`,
      policy.last_confirmed_on && `last confirmed ${words.date(policy.last_confirmed_on)}`,
    ];
    return said.filter(Boolean).join(" · ");
  }

  /** Whom and what the rule covers: "police, government · body cameras · in US". */
  function coverage(policy) {
    const uses = (policy.uses || []).join() === "any" ? "any use" : words.uses(policy.uses);
    const where = policy.territory && `in ${words.places(policy.territory)}`;
    const reach = policy.reach && `binds ${vocabulary.reaches[policy.reach]}`;
    return [words.actors(policy.applies_to), uses, reach, where].filter(Boolean).join(" · ");
  }

  function stateLabel(policy, state) {
    const label = vocabulary.states[state.state];
    const ended = state.superseded_for;
    if (ended) return `${label}; ended for ${words.actors(ended)}`;
    return state.uncertain && state.state !== "uncertain" ? `${label} (uncertain)` : label;
  }

  function sourceItem(source) {
    const text = source.title || source.publisher || source.url;
    const rest = [
      source.title && source.publisher,
      source.published_on && words.date(source.published_on),
    ];
    const from = rest.filter(Boolean).join(", ");
    return el("li", {}, FR.link(source.url, text), from ? ` ${from}` : "");
  }

  function note(label, text) {
    return text ? el("p", { class: "note" }, el("b", {}, `${label} `), text) : null;
  }

  function act(id, state) {
    const policy = policies[id];
    const measure = policy.measure === "none" ? "repeal" : words.measures[policy.measure].label;
    return el(
      "li",
      { class: `act state-${state.state}` },
      el(
        "p",
        { class: "act-head" },
        el("strong", {}, measure),
        " · ",
        el("span", { class: "state" }, stateLabel(policy, state)),
      ),
      el("p", { class: "coverage" }, coverage(policy)),
      el("p", {}, policy.summary),
      el("p", { class: "dates" }, dates(policy, state)),
      policy.instrument ? el("p", { class: "instrument" }, policy.instrument) : null,
      note("Decided by", policy.decided_by),
      note("Except", policy.exceptions),
      policy.doubted
        ? note("Low confidence:", "it is not established that this act exists or says this.")
        : null,
      note("Note", policy.notes),
      el("ul", { class: "sources" }, (policy.sources || []).map(sourceItem)),
    );
  }

  /** The body of a panel: positions, what comes next, all acts in order. */
  function body(key) {
    const held = FR.data.day.held[key];
    const acts = subjects[key].policies.map((id) => act(id, held.states[id]));
    return [positions(held), coming(held.next), el("ol", { class: "acts" }, acts)];
  }

  function kind(subject) {
    return [vocabulary.types[subject.type], subject.where].filter(Boolean).join(" · ");
  }

  function nationalAgencies(key) {
    const subject = subjects[key];
    if (subject.type !== "country") return null;
    const found = Object.keys(subjects).filter((other) => {
      const { type, country, at, shape } = subjects[other];
      return type === "agency" && country === subject.country && !at && !shape;
    });
    if (!found.length) return null;
    const items = found.map((other) =>
      el("li", {}, FR.shapes.swatch(FR.data.day.held[other]), FR.sentence(other)),
    );
    return [el("h3", {}, "Its agencies"), el("ul", { class: "agencies" }, items)];
  }

  /** A whole panel on one subject. */
  function panel(key) {
    const subject = subjects[key];
    return el(
      "article",
      { class: "panel" },
      el("h2", { tabindex: "-1" }, subject.name),
      el("p", { class: "kind" }, kind(subject)),
      body(key),
      nationalAgencies(key),
    );
  }

  /** The panel of a place of which nothing is recorded. */
  function emptyPanel(name) {
    return el(
      "article",
      { class: "panel" },
      el("h2", { tabindex: "-1" }, name),
      el("p", {}, "No act is recorded here. That does not show that there is none."),
    );
  }

  return { panel, body, emptyPanel, others };
})();
