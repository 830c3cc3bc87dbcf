/* Everything on one subject on the shown day, the answer first. */
"use strict";

FR.panel = (() => {
  const { el, say } = FR;
  const { subjects, policies, sources, texts, searches, vocabulary } = FR.data;
  const isPublic = location.protocol !== "file:"; // an address on this machine leads nobody there
  const FEW = 2; // As many bills or past acts are open where there is nothing else.

  /** The answer for the chosen actor, first if it is not the strictest rule of the subject. */
  function answer(number) {
    const { day, actor } = FR.view;
    const [strictest, own] = ["anyone", actor].map((each) => FR.days.entry(number, day, each));
    if (!strictest) return say("nothing_yet");
    const brief = say("brief", strictest).trim();
    if (strictest.rank && !own?.rank) {
      return say("nothing_for", { actor: vocabulary.whom[actor], brief });
    }
    if (!own?.named) return strictest.answer;
    if (FR.days.includes(strictest.actors, actor)) {
      return (strictest.since ? strictest : own).answer;
    }
    return strictest.rank ? say("for_others", { answer: own.answer, brief }) : own.answer;
  }

  /** Why that is uncertain, with the note of each act that makes it so. */
  function doubtsList(doubts) {
    if (!doubts.length) return null;
    const items = doubts.map(([act, why]) => {
      const { instrument, notes } = policies[act];
      const title = doubts.length > 1 && instrument && el("b", {}, `${instrument}: `);
      return el("li", {}, title || null, why, notes && ` ${notes}`);
    });
    return el("div", { class: "doubts" }, el("h3", {}, say("doubts")), el("ul", {}, items));
  }

  /** One line for each position, actors for whom all is the same together; below them what is in
   * force besides, for all of them. */
  function positions(lines) {
    const also = (others) => others.map((it) => el("span", { class: "also" }, `also ${it}`));
    const isShared = (it) => lines.length > 1 && lines.every(({ others }) => others.includes(it));
    const shared = lines.flatMap(({ others }) => others).filter(isShared);
    const shown = lines.map(({ actors, look, facts, others }) => {
      const rest = also(others.filter((it) => !shared.includes(it)));
      return [
        el("dt", {}, FR.shapes.swatch(look || "unsearched"), actors),
        look
          ? el("dd", {}, el("strong", {}, look.position), ` ${facts}`, rest)
          : el("dd", { class: "nothing" }, facts),
      ];
    });
    if (shared.length) {
      shown.push([el("dt", {}, say("for_all")), el("dd", {}, also([...new Set(shared)]))]);
    }
    return el("dl", { class: "positions" }, shown.flat());
  }

  function sourceItem(place) {
    const [url, text, after, copy] = sources[place];
    const archived = copy && [" · ", FR.link(copy, say("archived"))];
    return el("li", {}, FR.link(url, text), after && ` ${after}`, archived);
  }

  /** The text of the law if there is a source of it, else the best source. */
  const proof = ({ law, sources: own }) => own[law ? law - 1 : 0];

  function note(name, text) {
    return text ? el("p", { class: "note" }, el("b", {}, `${say(name)} `), text) : null;
  }

  const fold = (summary, attributes, ...children) =>
    el("details", attributes, el("summary", {}, summary), children);

  /** An act: what it says, and one link that proves it; the rest folded. */
  function act([number, { state, text }], noted) {
    const policy = policies[number];
    const { what, reach, law, sources: own } = policy;
    const [address, title] = sources[proof(policy)];
    const reported = { id: policy.id, edition: say("edition"), day: FR.days.day(FR.view.day) };
    const words = `${texts[what]}, ${text}: ${policy.summary}`;
    const report = () => say("reported", { ...reported, act: words });
    return el(
      "li",
      { class: `act state-${state}`, "data-policy": policy.id },
      el("p", { class: "what" }, el("strong", {}, texts[what]), " · ", el("span", {}, text)),
      el("p", {}, policy.summary),
      note("exceptions", policy.exceptions),
      el("p", { class: "facts" }, [policy.dates, texts[reach]].filter(Boolean).join(" · ")),
      el(
        "p",
        { class: "law" },
        FR.link(address, law ? say("law_text") : title),
        policy.instrument && ` · ${policy.instrument}`,
      ),
      fold(
        say("proofs", { count: own.length }),
        {},
        el("ul", { class: "sources" }, own.map(sourceItem)),
        note("decided_by", policy.decided_by),
        note(policy.doubted ? "low_confidence" : "confidence", texts[policy.confidence]),
        noted.has(number) ? null : note("note", policy.notes),
        el(
          "p",
          { class: "share" },
          copier("copy_report", report),
          FR.data.site ? el("a", { href: "report.html" }, say("how_to_report")) : null,
        ),
      ),
    );
  }

  /** What is or may be in force and what comes, first what is for the chosen actor, the strictest
   * first; folded the rest, the newest first. */
  function acts(listed, noted) {
    const groups = { in_force: [], uncertain: [], scheduled: [], proposed: [], earlier: [] };
    for (const each of listed) {
      const [number, { state }] = each;
      const isLive = vocabulary.live.includes(state) && policies[number].measure !== "none";
      groups[isLive || state === "proposed" ? state : "earlier"].push(each);
    }
    const isFor = ([number]) => FR.days.includes(policies[number].actors, FR.view.actor);
    const rank = ([number]) => FR.days.rankOf(policies[number]);
    for (const name of vocabulary.live) {
      groups[name].sort((a, b) => isFor(b) - isFor(a) || rank(b) - rank(a));
    }
    const list = (group) =>
      el(
        "ol",
        { class: "acts" },
        group.map((each) => act(each, noted)),
      );
    const shown = ["in_force", "uncertain", "scheduled"].map((name) =>
      groups[name].length ? [el("h3", {}, say(`rules_${name}`)), list(groups[name])] : [],
    );
    const folded = ["proposed", "earlier"].map((name) => {
      const count = groups[name].length;
      const open = !shown.flat().length && count <= FEW ? "" : null;
      return count ? fold(say(name, { count }), { class: "more", open }, list(groups[name])) : null;
    });
    return [...shown.flat(), ...folded];
  }

  /** The rules in force of agencies here and of governments above, under the name of each, which
   * opens its panel. */
  function applying(chain) {
    const groups = { agencies: [], above: [] };
    const names = []; // governments with a rule for the chosen actor
    for (const [subject, ids] of FR.data.above[chain || 0]) {
      const { name, type } = subjects[subject];
      const isBody = type === "agency" || type === "school";
      const items = ids.flatMap((number) => {
        const { state, passing } = FR.days.state(number, FR.view.day) || {};
        if (!passing) return [];
        const isNamed = !isBody && FR.days.includes(policies[number].actors, FR.view.actor);
        if (isNamed && !names.includes(subject)) names.push(subject);
        const { id, measure, narrow, summary } = policies[number];
        const level = { measure, scope: narrow ? "narrow" : "general" };
        const sample = FR.shapes.swatch({ ...level, certain: state === "in_force" });
        const facts = el("span", { class: "facts" }, summary);
        return [el("li", { "data-policy": id }, sample, el("span", {}, passing, facts))];
      });
      if (!items.length) continue;
      const kind = el("span", { class: "kind" }, FR.kind(subjects[subject]));
      const group = groups[isBody ? "agencies" : "above"];
      group.push(el("h4", {}, FR.lists.opener(subject, name, kind)), el("ul", {}, items));
    }
    const nodes = Object.entries(groups).map(([name, own]) =>
      own.length ? el("div", { class: "above" }, el("h3", {}, say(name)), own) : null,
    );
    return { nodes, names };
  }

  function searched(code) {
    const rows = searches[code] || [];
    if (!rows.length) return null;
    const items = rows.map(([where, finding]) => el("li", {}, el("b", {}, where), finding));
    const list = el("ul", { class: "searches" }, items);
    return fold(say("searched_for", { count: items.length }), { class: "more" }, list);
  }

  /** A button that copies what `text` makes and says so; where that is not allowed, it shows the
   * text, selected. */
  function copier(name, text) {
    const what = say(name);
    const button = el("button", { type: "button", "data-copy": name }, what);
    button.addEventListener("click", async () => {
      button.parentElement.querySelector("textarea")?.remove();
      try {
        await navigator.clipboard.writeText(text());
        button.textContent = say("copied");
        setTimeout(() => button.replaceChildren(what), 2000);
        FR.announce(say("copied_what", { what }));
      } catch {
        const field = el("textarea", { readonly: "", rows: 4, "aria-label": what }, text());
        button.parentElement.append(field);
        field.select();
        FR.announce(say("uncopied", { what }));
      }
    });
    return button;
  }

  function embedded(title) {
    const { origin, protocol, pathname, hash } = location;
    const src = `${isPublic ? origin : `${protocol}//`}${pathname}?embed${hash}`;
    return el("iframe", { src, title, width: "100%", height: 560, loading: "lazy" }).outerHTML;
  }

  /** Ways to take an answer along; `answer`: makes its `subject` and it as `lines` of text. */
  function share(answer) {
    const cite = () => {
      const cited = say("cite", { subject: answer().subject, day: FR.days.day(FR.view.day) });
      return isPublic ? `${cited} ${location.href}` : cited;
    };
    const text = () => {
      const { subject, lines } = answer();
      return [subject, ...lines.filter(Boolean), "", cite()].join("\n");
    };
    const picture = FR.picture && el("button", { type: "button" }, say("picture"));
    picture?.addEventListener("click", () => FR.picture());
    return el(
      "div",
      { class: "share", role: "group", "aria-label": say("share") },
      copier("copy_text", text),
      copier("copy_citation", cite),
      copier("copy_link", () => location.href),
      copier("copy_embed", () => embedded(answer().subject)),
      picture,
    );
  }

  /** The others here with rules in force, the strictest first; each opens its panel. */
  function inside({ type, country, region }) {
    const own = { state: region, country }[type];
    const found = FR.view.entries.filter((entry) => {
      if (!own || !FR.days.hasRule(entry)) return false;
      const { type: other, country: land, region: state } = subjects[entry.subject];
      if (FR.legend.isMarketed(entry.subject) || other === type) return false;
      return type === "state" ? state === own : land === own && (!state || other === "state");
    });
    const items = found.sort(FR.lists.strictestFirst).map(FR.lists.item);
    const summary = say("inside", { count: items.length });
    return items.length ? fold(summary, { class: "more" }, el("ul", {}, items)) : null;
  }

  const heading = (name) => el("h2", { tabindex: "-1" }, name);

  /** A whole panel on one subject. */
  function panel(number) {
    const { name, label, key, type, where, inside: around } = subjects[number];
    const { region, country, above } = subjects[number];
    const { day } = FR.view;
    const listed = FR.days.listed(number, day);
    const later = FR.days.actsOf[number].length - listed.length;
    const { lines, doubts } = FR.days.block(number, day);
    const kind = [FR.kind(subjects[number]), where || around].filter(Boolean).join(" · ");
    const opening = say("by_own", { day: FR.days.day(day) });
    const next = FR.days.next(number, day, "anyone");
    const coming = next && say("coming", next);
    const short = answer(number);
    const others = applying(above);
    const names = others.names.map((of) => subjects[of].name);
    const elsewhere = names.length ? say("also_above", { names: FR.listed(names) }) : "";
    const proofs = listed
      .filter(([, { state }]) => vocabulary.live.includes(state))
      .map(([act]) => {
        const { what, summary, exceptions, ...policy } = policies[act];
        const limits = exceptions && `${say("exceptions")} ${exceptions}.`;
        const text = [summary, limits, sources[proof(policy)][0]].filter(Boolean).join(" ");
        return `- ${texts[what]}: ${text}`;
      });
    const plain = lines.map(({ actors, look, facts, others }) =>
      [`${actors}:`, look?.position, facts, ...others.map((each) => `also ${each}`)]
        .filter(Boolean)
        .join(" "),
    );
    return [
      heading(name),
      el("p", { class: "kind" }, kind),
      el("p", { class: "asof" }, opening),
      el("p", { class: "answer" }, short),
      elsewhere && el("p", {}, elsewhere),
      doubtsList(doubts),
      positions(lines),
      coming && el("p", { class: "coming" }, FR.shapes.mark("scheduled"), ` ${coming}`),
      share(() => ({
        subject: label,
        lines: [opening, short, elsewhere, ...plain, coming, ...proofs],
      })),
      FR.data.site
        ? el("p", {}, el("a", { href: `subjects/${key}.html` }, say("everything")))
        : null,
      inside(subjects[number]),
      ...acts(listed, new Set(doubts.map(([act]) => act))),
      later ? el("p", { class: "nothing" }, say("later", { count: later })) : null,
      ...others.nodes,
      searched({ state: region, country }[type]),
    ];
  }

  /** The panel of a place of which no act is recorded; `code`: its own or its state's. */
  function unrecordedPanel({ key, code, name, label, kind, chain }) {
    const rows = searches[code] || [];
    const day = rows.map((row) => row[2]).findLast(Boolean);
    const isLocal = code !== key.toUpperCase();
    const found = day ? "searched" : rows.length ? "law_unsearched" : "unsearched";
    const above = applying(chain).nodes.filter(Boolean);
    const own = isLocal ? say("without_own") : say(found, { day });
    const text = above.length ? own : `${own} ${say("nothing_above")}`;
    const about = [FR.kind({ kind, code }), isLocal && label.slice(name.length + 2)];
    return [
      heading(name),
      el("p", { class: "kind" }, about.filter(Boolean).join(" · ")),
      el("p", { class: "answer" }, text),
      share(() => ({ subject: label, lines: [text] })),
      ...above,
      searched(code),
    ];
  }

  return { panel, unrecordedPanel, share };
})();
