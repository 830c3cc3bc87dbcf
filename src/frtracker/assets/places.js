/* Places without an act: US places, US states, countries, unpacked from what page/places.py packs.
 * The places of a state are unpacked when one of them is asked for, or all are searched. */
"use strict";

FR.places = (() => {
  const { cells, countries, regions, parts } = FR.data.places;
  const LETTERS = { ø: "o", ł: "l", đ: "d", ı: "i", æ: "ae", ß: "ss" };
  const towns = new Map(); // row of `regions` -> its places by key, largest first

  const names = (packed) => (packed ? packed.split(";") : []);

  /** In small letters, without accents. */
  const fold = (text) => {
    if (/^[ -~]*$/.test(text)) return text.toLowerCase();
    return text
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[øłđıæß]/g, (letter) => LETTERS[letter]);
  };
  /** As a part of a key: frtracker.record.tables.slug. */
  const slug = (name) =>
    fold(name)
      .replace(/[^ -~]/g, "")
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "");

  const country = (code) => names(countries[code]);
  const state = (row) => regions.words[row].split(";");

  /** Where a place lies on the US sheet, the middle of its cell: one point, or none off it. */
  function points(row, number) {
    const [left, bottom, width, height] = regions.box[row];
    if (width === undefined) return [];
    const [x, y] = [0, 1].map((n) => cells.indexOf(regions.points[row][2 * number + n]) + 0.5);
    return [[left + (x / cells.length) * width, bottom + (y / cells.length) * height]];
  }

  function unpackState(row) {
    const code = regions.code[row];
    const [inState] = state(row);
    const chains = Object.entries(regions.others[row]).flatMap(([chain, numbers]) =>
      numbers.map((number) => [number, Number(chain)]),
    );
    const other = new Map(chains);
    const placeAt = (full, number) => {
      const after = number < regions.towns[row] ? 0 : 1; // the counties
      const order = number - after * regions.towns[row];
      const size = (order < regions.large[row][after]) + (order < regions.middling[row][after]);
      return {
        key: `${code.toLowerCase()}-${slug(full)}`,
        code,
        name: full.split(", ")[0],
        label: `${full}, ${inState}`,
        kind: ["city", "county"][after],
        at: points(row, number),
        chain: other.get(number) ?? regions.chain[row],
        ...{ size, order },
      };
    };
    return new Map(
      names(regions.names[row])
        .map(placeAt)
        .map((place) => [place.key, place]),
    );
  }

  function townsOf(row) {
    if (!towns.has(row)) towns.set(row, unpackState(row));
    return towns.get(row);
  }

  /** Names of a country or US state by its code: the first is its own. */
  const namesOf = (code) =>
    code in countries ? [...country(code), code] : [...state(regions.code.indexOf(code)), code];

  /** A place without an act by its key (us-az-phoenix) or code (US-AZ, FR), undefined if it is
   * none: `code`, of itself or its state; `name`; `label`, with its state; `kind`; `at`, points as
   * a subject has them; `chain`, the number in FR.data.above of what passes down. */
  function of(key = "") {
    const code = key.toUpperCase();
    const row = regions.code.indexOf(code.slice(0, 5));
    const isState = row >= 0 && code.length === 5;
    if (!isState && !(code in countries)) return row < 0 ? undefined : townsOf(row).get(key);
    const [name] = namesOf(code);
    const chain = FR.data.outlines[code] || 0;
    const kind = isState ? "state" : "country";
    return { key: code, code, name, label: name, kind, at: [], chain };
  }

  /** The key that a key means: itself, or that of the one subject with an alias that gives it, as
   * the name before it was renamed; "" if neither. */
  function known(key) {
    if (FR.numbers.has(key) || of(key)) return key;
    const led = FR.data.subjects.filter(({ key: own, name, aliases }) => {
      const start = own.slice(0, -slug(name).length);
      const keys = names(aliases).map((alias) => slug(alias) && start + slug(alias));
      return own === start + slug(name) && keys.includes(key);
    });
    return (key && led.length === 1 && led[0].key) || "";
  }

  const all = () => regions.code.flatMap((_, row) => [...townsOf(row).values()]);
  const codes = [...regions.code, ...Object.keys(countries)];
  const inside = () => Object.entries(parts).map(([key, packed]) => [key, names(packed)]);
  return { of, known, all, codes, namesOf, inside, fold };
})();
