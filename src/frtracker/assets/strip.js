/* Time: how many places and agencies are under a ban, as a picture that is dragged to choose the
 * day; a field for the day, steps from change to change, and play. */
"use strict";

FR.strip = (() => {
  const { at, say, days } = FR;
  const { svg } = FR.shapes;
  const { first, last, today, opens, reviewed, recent, bans, vocabulary } = FR.data;
  const [play, slider, field, chart] = ["play", "month", "day", "chart"].map(at);
  const isStill = matchMedia("(prefers-reduced-motion: reduce)");
  const [TOP, BOTTOM, SIDE] = [20, 18, 8]; // pixels around the picture, for words and the handle
  const REST = 700; // milliseconds after the last key in the field
  const YEAR = 36; // pixels that the name of a year needs
  const [{ code: strictest }] = vocabulary.measures;
  const monthEnd = (day) => days.monthOf(day)[1];
  const months = monthEnds();
  let timer = 0;
  let isWhole = false; // all years are in the picture
  let size = { width: 0, height: 0 };
  let shown; // the day in the field
  let picture = {};

  /** The last day of each month, from the first act to the last day that can be shown. */
  function monthEnds() {
    const ends = [monthEnd(first)];
    while (ends.at(-1) < last) ends.push(monthEnd(ends.at(-1) + 1));
    return ends;
  }

  const isMonthEnd = (day) => monthEnd(day) === day;
  const inside = (day) => Math.max(first, Math.min(day, months.at(-1)));
  const changeDays = () => days.changeDays(FR.view.actor).filter((day) => day >= first);

  /** The first and the last day in the picture. */
  function reach() {
    const [from, to] = isWhole ? [first, last] : recent;
    return [days.monthOf(from)[0], monthEnd(to)];
  }

  /** The days on which the number of places and agencies under a ban changes, and these numbers. */
  const counts = () => bans[Object.keys(vocabulary.actors).indexOf(FR.view.actor)];
  function countOn(day) {
    const [changes, numbers] = counts();
    return numbers[changes.findLastIndex((each) => each <= day)] || 0;
  }

  function area({ x, y, from, to }) {
    const steps = counts()[0].map((day) =>
      day > from && day <= to ? `H${x(day)}V${y(countOn(day))}` : "",
    );
    const line = `M${x(from)} ${y(countOn(from))}${steps.join("")}H${x(to)}`;
    return [
      svg("path", { class: `area is-${strictest}`, d: `${line}V${y(0)}H${x(from)}Z` }),
      svg("path", { class: `edge is-${strictest}`, d: line }),
    ];
  }

  /** A tick for each January, with its year where there is room; "today" comes first. */
  function years({ x, from, to, base }) {
    const [begin, end] = [from - 1, to].map((day) => Number(days.iso(day).slice(0, 4)));
    const every = [1, 2, 5, 10, 20].find((step) => step * (x(from + 365) - SIDE) > YEAR) || 50;
    return Array.from({ length: end - begin }, (_, place) => begin + 1 + place).flatMap((year) => {
      const january = x(days.number(`${year}-01-01`));
      const isFree = january + YEAR < x(today) - 18 || january > x(today) + 18;
      const isNamed = !(year % every) && isFree && january + YEAR < x(to) + SIDE;
      return [
        svg("path", { class: "grid", d: `M${january} ${base}v5` }),
        isNamed ? svg("text", { x: january + 3, y: base + 14 }, year) : "",
      ];
    });
  }

  /** What was decided after the last review is not in the picture. */
  function future({ x, from, to, base, right }) {
    if (reviewed === null || reviewed >= to) return [];
    const begin = x(Math.max(from, reviewed));
    const box = { x: begin, y: TOP, width: right - begin, height: base - TOP };
    const words = say("as_decided", { day: days.day(reviewed) });
    return [
      svg("rect", { class: "future", ...box }),
      svg("text", { class: "late", x: right, y: 11 }, words),
    ];
  }

  function now({ x, from, to, base }) {
    if (today < from || today > to) return [];
    return [
      svg("path", { class: "now", d: `M${x(today)} ${TOP}V${base + 4}` }),
      svg("text", { class: "now", x: x(today), y: base + 14 }, say("today")),
    ];
  }

  function draw() {
    const { width, height } = size;
    const [from, to] = reach();
    const what = [FR.view.actor, from, to, width, height].join();
    if (!width) return;
    if (picture.what !== what) {
      const [right, base] = [width - SIDE, height - BOTTOM];
      const [changes, numbers] = counts();
      const inside = numbers.filter((_, row) => changes[row] > from && changes[row] <= to);
      const most = Math.max(1, countOn(from), ...inside);
      const x = (day) => Math.round(SIDE + ((day - from) / (to - from)) * (right - SIDE));
      const y = (count) => Math.round(base - (count / most) * (base - TOP));
      const line = svg("path", { d: `M0 ${TOP - 6}V${base}` });
      const marker = svg("g", { class: "marker" }, line, svg("circle", { r: 5.5 }));
      picture = { what, from, to, right, base, x, y, marker };
      chart
        .querySelector("svg")
        .replaceChildren(
          ...area(picture),
          ...future(picture),
          svg("path", { class: "grid", d: `M${SIDE} ${TOP}H${right}M${SIDE} ${base}H${right}` }),
          svg("text", { x: SIDE, y: 11 }, say(strictest, { count: most })),
          ...years(picture),
          ...now(picture),
          marker,
        );
    }
    const { x, y, marker } = picture;
    marker.setAttribute("transform", `translate(${x(FR.view.day)})`);
    marker.lastChild.setAttribute("cy", y(countOn(FR.view.day)));
  }

  /** Go where the reader wants to be. */
  function move(day) {
    stop();
    if (day !== FR.view.day) FR.app.go(day);
  }

  /** Drag the picture: the day is the end of the month under the pointer. */
  function listenToPointer() {
    let frame = 0;
    let before = 0;
    function follow({ pointerId, clientX }) {
      if (!chart.hasPointerCapture(pointerId)) return;
      const { from, to } = picture;
      const share = (clientX - chart.getBoundingClientRect().left - SIDE) / (size.width - 2 * SIDE);
      const day = Math.max(from, Math.min(Math.floor(from + share * (to - from)), to));
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => move(monthEnd(day)));
    }
    chart.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      before = FR.view.day;
      chart.setPointerCapture(event.pointerId);
      follow(event);
    });
    chart.addEventListener("pointermove", follow);
    chart.addEventListener("pointerup", () => slider.focus({ preventScroll: true }));
    chart.addEventListener("pointercancel", () => {
      cancelAnimationFrame(frame); // the finger scrolls the page
      move(before);
    });
  }

  /** The browser's own keys move by a month, its pages by a year. */
  function listenToKeys() {
    let frame = 0;
    slider.addEventListener("input", () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => move(months[slider.value]));
    });
    slider.addEventListener("keydown", (event) => {
      const way = { PageUp: 12, PageDown: -12 }[event.key];
      if (!way) return;
      event.preventDefault();
      slider.value = Number(slider.value) + way;
      move(months[slider.value]);
    });
  }

  function complain(isWrong) {
    const ends = { first: days.day(first), last: days.day(months.at(-1)) };
    field.setAttribute("aria-invalid", isWrong);
    at("wrong-day").textContent = isWrong ? say("wrong_day", ends) : "";
  }

  /** A day takes effect once it is whole and the keys rest; what is wrong with it is said then. */
  function listenToField() {
    let typing = 0;
    [field.min, field.max] = [first, months.at(-1)].map(days.iso);
    function check() {
      clearTimeout(typing);
      const isEmpty = !field.value && !field.validity.badInput;
      if (isEmpty) field.value = days.iso(shown);
      complain(!field.validity.valid);
      if (field.validity.valid) move(days.number(field.value));
    }
    field.addEventListener("input", () => {
      clearTimeout(typing);
      if (field.value) typing = setTimeout(check, REST);
    });
    field.addEventListener("blur", check);
    field.addEventListener("keydown", ({ key }) => key === "Enter" && check());
  }

  function toggleYears() {
    isWhole = !isWhole;
    const [from, to] = reach();
    if (FR.view.day < from || FR.view.day > to) move(monthEnd(from));
    else show();
  }

  function stop() {
    play.setAttribute("aria-pressed", "false");
    clearInterval(timer);
    timer = 0;
  }

  /** Play the months in which something changes, from the first one if at the end or as opened. */
  function togglePlay() {
    if (timer) {
      stop();
      return;
    }
    const stops = () =>
      days.turns(FR.view.actor).flatMap((day) => (day < first ? [] : monthEnd(day)));
    const next = () => stops().find((end) => end > FR.view.day);
    function step() {
      if (next()) FR.app.go(next());
      if (!next()) stop();
    }
    play.setAttribute("aria-pressed", "true");
    timer = setInterval(step, isStill.matches ? 1500 : 350);
    if (FR.view.day === opens || !next()) FR.app.go(stops()[0] || opens);
  }

  /** Put the shown day into all of it. */
  function show() {
    const { day } = FR.view;
    const changes = changeDays();
    isWhole ||= day < reach()[0] || day > reach()[1];
    if (day !== shown) {
      shown = day;
      field.value = days.iso(day);
      complain(false);
    }
    [slider.min, slider.max, slider.value] = [...reach(), day].map((each) =>
      months.indexOf(monthEnd(each)),
    );
    slider.setAttribute("aria-valuetext", days.day(day));
    at("previous").disabled = !(changes[0] < day);
    at("next").disabled = !(changes.at(-1) > day);
    at("years").setAttribute("aria-pressed", isWhole);
    at("banned").textContent = say("under_ban", { count: countOn(day), actor: FR.actorLabel() });
    const isBeyond = reviewed !== null && day > reviewed; // Without a row there is no review.
    at("as-decided").textContent = say(isBeyond ? "beyond_review" : "reviewed", {
      day: days.day(reviewed),
    });
    at("as-decided").classList.toggle("beyond", isBeyond);
    draw();
  }

  function start() {
    listenToPointer();
    listenToKeys();
    listenToField();
    play.addEventListener("click", togglePlay);
    at("previous").addEventListener("click", () =>
      move(changeDays().findLast((day) => day < FR.view.day)),
    );
    at("next").addEventListener("click", () => move(changeDays().find((day) => day > FR.view.day)));
    at("today").addEventListener("click", () => move(today));
    at("years").addEventListener("click", toggleYears);
    at("years").hidden = first >= recent[0] && last <= recent[1];
    new ResizeObserver(([{ contentRect }]) => {
      size = contentRect;
      draw();
    }).observe(chart);
  }

  return { start, show, isMonthEnd, inside };
})();
