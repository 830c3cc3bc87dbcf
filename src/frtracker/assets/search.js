/* Find a place or a company by its name: a text field with a list of what is meant. */
"use strict";

FR.search = (() => {
  const { at, el, say, numbers, places } = FR;
  const { subjects, vocabulary } = FR.data;
  const [field, list, popup, remark] = ["search", "results", "found", "remark"].map(at);
  const MOST = 12;
  const [EXACT, EXACT_ALIAS, PREFIX, PREFIX_ALIAS, WORD, TYPO, TYPO_PREFIX] = [0, 1, 2, 3, 4, 5, 6];
  const SHORT = { saint: "st", sainte: "ste", fort: "ft", mount: "mt" };
  const LARGE = 2; // a town of 100,000 people or more
  const TYPES = Object.keys(vocabulary.types);
  const TIERS = { state: 0, country: 1, supranational: 1 }; // then recorded subjects, by type
  const UNRECORDED = 2 + TYPES.length;
  let options = [];
  let active = -1;
  let index = null; // everything that can be found
  let codesOf = null; // a state or country in words -> its codes

  /** The form in which names are compared: frtracker.places.subjects.spelling. */
  const spelling = (name) =>
    places
      .fold(name)
      .replace(/['‘’ʻ`.]/g, "")
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim()
      .replace(/^the /, "")
      .replace(/\b(sainte?|fort|mount)\b/g, (word) => SHORT[word]);

  /** Without spaces: De Kalb is DeKalb. */
  const solid = (text) => text.replaceAll(" ", "");

  /** A name with what may follow it: typed in full, "Portland, Oregon" is the name as well. */
  function written(name, where = "", alias = false) {
    const own = spelling(name);
    const text = where ? `${own} ${spelling(where)}` : own;
    return { text, size: own.length, solid: [own, text].map(solid), alias };
  }

  /** The names of a state or country; codes count as its own. */
  const withCodes = ([name, ...others]) => [
    written(name),
    ...others.map((each) => written(each, "", !/^[A-Z]{2,3}$|^US-/.test(each))),
  ];

  function ofSubject(subject) {
    const { key, name, type, where, inside, country, region, aliases, label } = subject;
    const code = { state: region, country }[type];
    const own = places.codes.includes(code) ? withCodes(places.namesOf(code)) : [];
    const more = aliases ? aliases.split(";").map((alias) => written(alias, "", true)) : [];
    const kind = FR.kind(subject);
    const place = country === "US" ? where?.split(", ").at(-1) : where; // Boston, Massachusetts
    const around = [kind, where || inside].filter(Boolean).join(" · ");
    return {
      ...{ key, name, label, kind: type, country, region },
      names: [written(name, where), written(name, place), ...own, ...more],
      tier: TIERS[type] ?? 2 + TYPES.indexOf(type),
      about: region && where ? say("kind_in", { kind, place }) : around,
    };
  }

  function ofPlace({ key, code, name, label, kind, size, order }) {
    const isLocal = !(kind in TIERS);
    const place = label.slice(name.length + 2);
    const type = FR.kind({ kind, code });
    const what = isLocal ? say("kind_in", { kind: type, place }) : type;
    return {
      ...{ key, name, label, kind, size, order, country: code.slice(0, 2), region: code },
      names: isLocal ? [written(name, place)] : withCodes(places.namesOf(code)),
      about: say("without_kind", { kind: what }),
      tier: TIERS[kind] ?? UNRECORDED + (kind === "county"),
    };
  }

  /** Places inside a city that is a whole county lead to the city, Washington to the District. */
  function ofParts([of, names]) {
    const recorded = subjects[numbers.get(of)];
    const { key, name: whole, label, code, region = code } = recorded || places.of(of);
    const isState = of === region.toLowerCase();
    const about = isState
      ? FR.kind({ kind: "state", code: region })
      : say("part_of", { place: whole });
    const [state] = places.namesOf(region);
    return names.map((name) => ({
      ...{ key, name, label, about, kind: "city", country: "US", region },
      names: [written(name, state)],
      tier: UNRECORDED - Boolean(recorded) / 2,
    }));
  }

  function prepare() {
    if (index) return;
    const shown = new Set(
      subjects.map(({ type, region, country }) => ({ state: region, country })[type]),
    );
    index = [
      ...subjects.map(ofSubject),
      ...places.codes.filter((code) => !shown.has(code)).map((code) => ofPlace(places.of(code))),
      ...places.all().map(ofPlace),
      ...places.inside().flatMap(ofParts),
    ];
    codesOf = new Map();
    for (const code of places.codes) {
      for (const word of places.namesOf(code).map(spelling)) {
        codesOf.set(word, [...(codesOf.get(word) || []), code]);
      }
    }
  }

  /** Whether a name begins with the query but for one wrong, missing, added or swapped letter:
   * TYPO if that is the whole name, TYPO_PREFIX if it goes on, else undefined. */
  function mistyped(query, { text, size }) {
    let same = 0;
    while (same < query.length && query[same] === text[same]) same += 1;
    const [typed, meant] = [query[same + 1], text[same + 1]];
    if (typed && typed !== meant && typed !== text[same] && query[same] !== meant) return undefined;
    const rest = (skipped, added) => {
      const end = query.length + added - skipped;
      if (!text.startsWith(query.slice(same + skipped), same + added)) return undefined;
      if (end === size || end === text.length) return TYPO;
      return end < size ? TYPO_PREFIX : undefined;
    };
    const isSwapped = query[same] === meant && typed === text[same];
    const ends = [rest(1, 1), rest(1, 0), rest(0, 1), isSwapped ? rest(2, 2) : undefined];
    return ends.filter(Boolean).sort()[0];
  }

  function quality(query, { text, size, solid: [own, whole], alias }, tight) {
    if (text.startsWith(query)) {
      const isWhole = query.length === size || query.length === text.length;
      return (isWhole ? EXACT : PREFIX) + alias;
    }
    if (tight === own || tight === whole) return EXACT + alias;
    const inside = text.indexOf(` ${query}`);
    return inside >= 0 && inside < size ? WORD : undefined;
  }

  /** The query, and each way to read its end as a state or country: "portland or". */
  function readings(text, kind = "") {
    const words = spelling(text).split(" ");
    const all = [{ query: words.join(" "), code: "", kind }];
    for (let cut = 1; cut < words.length; cut += 1) {
      const query = words.slice(0, cut).join(" ");
      for (const code of codesOf.get(words.slice(cut).join(" ")) || []) {
        const inside = code === "US" ? readings(query, kind) : [{ query, kind }];
        all.push(...inside.map((it) => ({ ...it, code: it.code || code })));
      }
    }
    return all;
  }

  /** The best of everything by how well it fits one of the readings: option -> quality. */
  function fitting(asked, fits) {
    const best = new Map();
    const tight = new Map(asked.map(({ query }) => [query, solid(query)]));
    for (const option of index) {
      for (const { query, code, kind } of asked) {
        if (kind && option.kind !== kind) continue;
        if (code && option.region !== code && option.country !== code) continue;
        if (code && option.kind === "state" && option.region === code) continue; // New York, NY
        for (const name of option.names) {
          const fit = fits(query, name, tight.get(query));
          if (fit < (best.get(option) ?? Number.POSITIVE_INFINITY)) best.set(option, fit);
        }
      }
    }
    return best;
  }

  /** What a text may mean, the likeliest first: { …option, fit }, each place once. */
  function matching(text) {
    prepare();
    const asked = readings(text);
    if (!asked[0].query) return [];
    const key = text.includes("-") && places.known(text.trim().toLowerCase());
    const meant = key && index.find((option) => option.key === key);
    if (meant) return [{ ...meant, fit: EXACT }];
    let best = fitting(asked, quality);
    const isAtMost = (fit) => [...best.values()].some((each) => each <= fit);
    const without = FR.data.places.kinds.flatMap(([pattern, bare, kind]) => {
      const whole = new RegExp(`^(?:${pattern})$`, "i");
      return whole.test(text.trim()) ? readings(text.trim().replace(whole, bare), kind) : [];
    });
    // "New York City" is a name; in "city of Phoenix" only Phoenix is
    if (without.length && !isAtMost(EXACT_ALIAS)) best = fitting([...without, ...asked], quality);
    if (asked[0].query.length > 3 && !isAtMost(PREFIX_ALIAS)) {
      best = new Map([...fitting(asked, mistyped), ...best]);
    }
    const ranked = [...best].map(([option, fit]) => ({ ...option, fit }));
    const largest = ({ size = 0, order = 0 }) => order - size * 1000;
    ranked.sort((a, b) => a.fit - b.fit || a.tier - b.tier || largest(a) - largest(b));
    const keys = ranked.map(({ key }) => key);
    return ranked.filter(({ key }, number) => keys.indexOf(key) === number).slice(0, MOST);
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
    popup.hidden = true;
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
    const about = el("span", { class: "about" }, option.about);
    const node = el("li", attributes, el("span", {}, option.name), " ", about);
    node.addEventListener("click", () => choose(number));
    return node;
  }

  /** Below the list: what was searched; where a small town leads, that those abroad are not in it. */
  function remarks() {
    const name = field.value.trim();
    const { people } = FR.data.places;
    const [first] = options;
    const isSmall =
      first?.tier === UNRECORDED && first.fit <= EXACT_ALIAS && (first.size || 0) < LARGE;
    return [
      first ? null : /^\d{5}$/.test(name) ? say("zip") : say("not_found", { name, people }),
      first && !isSmall ? null : say("no_towns_abroad"),
    ].filter(Boolean);
  }

  function offer() {
    options = matching(field.value);
    list.replaceChildren(...options.map(item));
    list.hidden = !options.length;
    popup.hidden = !spelling(field.value);
    remark.replaceChildren(...(popup.hidden ? [] : remarks().map((text) => el("p", {}, text))));
    field.setAttribute("aria-expanded", String(options.length > 0));
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

  /** Of options the one that is surely meant, if any: frtracker.places.names.resolve. */
  function sure(found) {
    const exact = found.filter(({ fit }) => fit <= EXACT_ALIAS);
    const regions = exact.filter(({ kind }) => kind in TIERS); // Georgia is two
    const [first, ...others] = regions.length ? regions : exact;
    const isLarge = first?.tier < UNRECORDED || first?.size === LARGE;
    const areSmall = !regions.length && others.every(({ size }) => size === 0);
    return !others.length || (isLarge && areSmall) ? first : undefined;
  }

  /** ?find=Phoenix in the address: open what is surely meant, else show all that may be. */
  function find() {
    const asked = new URLSearchParams(location.search).get("find");
    if (!asked || FR.view.selected) return;
    field.value = asked;
    field.focus();
    offer();
    const meant = sure(options);
    if (meant) choose(options.indexOf(meant));
  }

  function start() {
    field.addEventListener("focus", () => {
      prepare();
      field.select();
    });
    field.addEventListener("input", offer);
    field.addEventListener("keydown", onKey);
    field.addEventListener("blur", close);
    popup.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus
    queueMicrotask(find); // when the page is drawn
  }

  return { start, matching, sure };
})();
