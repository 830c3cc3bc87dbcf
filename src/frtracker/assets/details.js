/* Everything on one subject on the shown day, as DOM: positions, acts, sources, what binds above. */
"use strict";

FR.details = (() => {
  const { el, words } = FR;
  const { subjects, policies, sources, texts, vocabulary, searches } = FR.data;

  /** What else holds, one text for each measure: "ban in IT, FR". */
  function others(held) {
    const places = new Map();
    for (const rule of held.also) {
      const said = rule.certain ? words.measure(rule) : `perhaps ${words.measure(rule)}`;
      places.set(said, [...(places.get(said) || []), words.places(rule.territory)]);
    }
    return [...places].map(([said, where]) => {
      const named = where.filter(Boolean).join(", ");
      return named ? `${said} in ${named}` : said;
    });
  }

  function confirmed(held) {
    const days = held.policy_ids
      .map((id) => policies.find((policy) => policy.id === id).last_confirmed_on)
      .filter(Boolean);
    return days.length ? `last confirmed ${words.date(days.sort().at(-1))}` : "not confirmed since";
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

  /** One line for each position; actors for whom all is the same share it. */
  function positions(number) {
    const lines = new Map();
    const entry = FR.days.entry(number, FR.view.day, FR.days.actorsOf("anyone"));
    for (const [actor, label] of Object.entries(vocabulary.actors)) {
      const row = entry?.rows[actor];
      const held = row === undefined || row === null ? null : FR.days.position(row, FR.view.day);
      const said = held
        ? [words.position(held), facts(held), ...others(held)].join("\n")
        : "no act names them by then";
      if (!lines.has(said)) lines.set(said, { labels: [], held });
      lines.get(said).labels.push(label);
    }
    const shown = [...lines].map(([said, { labels, held }]) => {
      const also = held
        ? others(held).map((each) => el("span", { class: "also" }, `also ${each}`))
        : [];
      return [
        el("dt", {}, FR.shapes.swatch(held || "unsearched"), labels.join(", ")),
        held
          ? el("dd", {}, el("strong", {}, words.position(held)), ` ${facts(held)}`, also)
          : el("dd", { class: "nothing" }, said),
      ];
    });
    return el("dl", { class: "positions" }, shown.flat());
  }

  function coming(number) {
    const change = FR.days.nextChange(number, FR.view.day);
    if (!change) return null;
    return el(
      "p",
      { class: "coming" },
      FR.shapes.mark("scheduled"),
      ` Next: ${words.change(change)}`,
    );
  }

  function dates(policy, state) {
    const said = [
      policy.introduced_on && `introduced ${words.date(policy.introduced_on)}`,
      policy.decided_on && `decided ${words.date(policy.decided_on)}`,
      policy.effective_on && `from ${words.date(policy.effective_on)}`,
      state.start_presumed && "start not recorded",
      policy.expires_on && words.through(policy.expires_on),
      policy.ends_when && `ends: ${policy.ends_when}`,
      policy.last_confirmed_on && `last confirmed ${words.date(policy.last_confirmed_on)}`,
    ];
    return said.filter(Boolean).join(" · ");
  }

  /** Whom and what the rule covers: "police, government · body cameras · in US". */
  function coverage(act) {
    const policy = policies[act];
    const uses = FR.days.list(policy.uses);
    const where = policy.territory && `in ${words.places(policy.territory)}`;
    const reach = policy.reach && `binds ${vocabulary.reaches[policy.reach]}`;
    const what = uses.join() === "any" ? "any use" : words.uses(uses);
    return [words.actors(FR.days.boundBy[act]), what, reach, where].filter(Boolean).join(" · ");
  }

  function stateLabel(state) {
    const label = vocabulary.states[state.state];
    if (state.superseded_for.length) {
      return `${label}; ended for ${words.actors(state.superseded_for)}`;
    }
    return state.certain || state.state === "uncertain" ? label : `${label} (uncertain)`;
  }

  function sourceItem(place) {
    const [url, title, ...named] = sources[place];
    const [publisher, published] = named.map((text) => texts[text]);
    const rest = [title && publisher, published && words.date(published)];
    const from = rest.filter(Boolean).join(", ");
    return el("li", {}, FR.link(url, title || publisher || url), from ? ` ${from}` : "");
  }

  function note(label, text) {
    return text ? el("p", { class: "note" }, el("b", {}, `${label} `), text) : null;
  }

  function doubt(policy) {
    if (policy.doubted) {
      return note("Low confidence:", "it is not established that this act exists or says this.");
    }
    return note(
      "Confidence",
      `${texts[policy.confidence]}; reviewed ${words.date(texts[policy.reviewed_on])}`,
    );
  }

  function act(number) {
    const policy = policies[number];
    const state = FR.days.state(number, FR.view.day);
    const measure = policy.measure === "none" ? "repeal" : words.measures[policy.measure].label;
    return el(
      "li",
      { class: `act state-${state.state}`, "data-policy": policy.id },
      el(
        "p",
        { class: "act-head" },
        el("strong", {}, measure),
        " · ",
        el("span", { class: "state" }, stateLabel(state)),
      ),
      el("p", { class: "coverage" }, coverage(number)),
      el("p", {}, policy.summary),
      el("p", { class: "dates" }, dates(policy, state)),
      policy.instrument ? el("p", { class: "instrument" }, policy.instrument) : null,
      note("Decided by", policy.decided_by),
      note("Except", policy.exceptions),
      doubt(policy),
      note("Note", policy.notes),
      el("ul", { class: "sources" }, policy.sources.map(sourceItem)),
    );
  }

  /** The rules in force from governments above, one line for each: "California: ban …". */
  function fromAbove(chain) {
    return FR.data.above[chain || 0].flatMap(([subject, acts]) =>
      acts
        .map((number) => [number, FR.days.state(number, FR.view.day)])
        .filter(([, { state }]) => state === "in_force" || state === "uncertain")
        .map(([number, state]) => ({ subject, number, state })),
    );
  }

  function above(chain) {
    const rules = fromAbove(chain);
    if (!rules.length) return null;
    const items = rules.map(({ subject, number, state }) => {
      const policy = policies[number];
      const held = {
        measure: policy.measure,
        scope: FR.days.scopeOf(policy),
        certain: state.state === "in_force",
      };
      const ended = new Set(state.superseded_for);
      const bound = FR.days.boundBy[number].filter((actor) => !ended.has(actor));
      const perhaps = held.certain ? "" : "perhaps ";
      return el(
        "li",
        { "data-policy": policy.id },
        FR.lists.opener(
          subject,
          FR.shapes.swatch(held),
          el(
            "span",
            {},
            el("b", {}, subjects[subject].name),
            ` ${perhaps}${words.measure(held)} for ${words.actors(bound)}`,
            el("span", { class: "facts" }, policy.summary),
          ),
        ),
      );
    });
    return [el("h3", {}, "What binds here from above"), el("ul", { class: "above" }, items)];
  }

  function nationalAgencies(subject) {
    if (subject.type !== "country") return null;
    const found = FR.view.entries.filter((entry) => {
      if (!entry) return false;
      const { type, country, at, shape } = subjects[entry.subject];
      return type === "agency" && country === subject.country && !at && !shape;
    });
    if (!found.length) return null;
    const items = found.map((entry) =>
      el(
        "li",
        {},
        FR.lists.opener(
          entry.subject,
          FR.shapes.swatch(entry),
          el("span", {}, FR.sentence(entry.subject)),
        ),
      ),
    );
    return [el("h3", {}, "Its agencies"), el("ul", { class: "above" }, items)];
  }

  function searched(code) {
    const found = searches[code] || [];
    if (!found.length) return null;
    const items = found.map(([level, day, finding]) =>
      el("li", {}, el("b", {}, `${vocabulary.levels[level]}, ${words.date(day)}: `), finding),
    );
    return [el("h3", {}, "What was looked for"), el("ul", { class: "searches" }, items)];
  }

  const heading = (name) => el("h2", { tabindex: "-1" }, name);

  /** A whole panel on one subject. */
  function panel(number) {
    const subject = subjects[number];
    const kind = [vocabulary.types[subject.type], subject.where].filter(Boolean).join(" · ");
    const acts = FR.days.actsOf[number];
    const listed = acts.filter((each) => FR.days.state(each, FR.view.day).state !== "not_yet");
    const later = acts.length - listed.length;
    const place = { state: subject.region, country: subject.country }[subject.type];
    return [
      heading(subject.name),
      el("p", { class: "kind" }, kind),
      el("p", { class: "asof" }, `On ${words.day(FR.view.day)}, by its own acts:`),
      positions(number),
      coming(number),
      above(subject.above),
      listed.length ? el("h3", {}, "Its acts") : null,
      el("ol", { class: "acts" }, listed.map(act)),
      later
        ? el(
            "p",
            { class: "nothing" },
            `${later} later ${later === 1 ? "act" : "acts"}, not yet known on that day.`,
          )
        : null,
      nationalAgencies(subject),
      searched(place),
    ];
  }

  /** The panel of a place of which no act is recorded. */
  function barePanel({ code, name }) {
    const looked = searches[code];
    const said = looked
      ? "Searched, and no act of its own found. That does not show that there is none."
      : "No act is recorded here, and it was not searched.";
    return [heading(name), el("p", {}, said), above(FR.data.outlines[code]), searched(code)];
  }

  return { panel, barePanel, others, fromAbove };
})();
