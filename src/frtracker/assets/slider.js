/* The slider of months, steps from change to change, and play. */
"use strict";

FR.slider = (() => {
  const { el } = FR;
  const { first, last } = FR.data;
  const at = (id) => document.getElementById(id);
  const [play, slider] = [at("play"), at("month")];
  const isStill = matchMedia("(prefers-reduced-motion: reduce)");
  const months = monthEnds();
  let timer = 0;

  /** The last day of each month from the first act to the last scheduled change. */
  function monthEnds() {
    const ends = [FR.days.monthOf(first)[1]];
    while (ends.at(-1) < last) ends.push(FR.days.monthOf(ends.at(-1) + 1)[1]);
    return ends;
  }

  const placeOf = (day) => {
    const place = months.findIndex((end) => day <= end);
    return place < 0 ? months.length - 1 : place;
  };
  const isMonthEnd = (day) => months[placeOf(day)] === day;
  const inside = (day) => Math.max(first, Math.min(day, months.at(-1)));
  const changeDays = () => FR.days.changeDays(FR.view.actor).filter((day) => day >= first);

  function jump(way) {
    const { day } = FR.view;
    const days = changeDays();
    const next = way > 0 ? days.find((each) => each > day) : days.findLast((each) => each < day);
    if (next !== undefined) FR.app.go(next);
  }

  function label(pressed, sign, word) {
    play.setAttribute("aria-pressed", pressed);
    play.replaceChildren(
      el("span", { "aria-hidden": "true" }, sign),
      el("span", { class: "word" }, word),
    );
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    label("false", "▶", "Play");
  }

  function step() {
    const place = Number(slider.value) + 1;
    if (place < months.length) FR.app.go(months[place]);
    else stop();
  }

  function togglePlay() {
    if (timer) {
      stop();
      return;
    }
    if (Number(slider.value) >= months.length - 1) FR.app.go(months[0]);
    label("true", "❚❚", "Pause");
    timer = setInterval(step, isStill.matches ? 1500 : 350);
  }

  /** Put the shown day into the slider. */
  function show() {
    const { day } = FR.view;
    const days = changeDays();
    slider.value = placeOf(day);
    slider.setAttribute("aria-valuetext", FR.days.day(day));
    at("day").textContent = FR.days.day(day);
    at("previous").disabled = !(days[0] < day);
    at("next").disabled = !(days.at(-1) > day);
  }

  function start() {
    let frame = 0;
    slider.max = months.length - 1;
    slider.addEventListener("input", () => {
      stop();
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => FR.app.go(months[Number(slider.value)]));
    });
    play.addEventListener("click", togglePlay);
    at("previous").addEventListener("click", () => jump(-1));
    at("next").addEventListener("click", () => jump(1));
  }

  return { start, show, months, isMonthEnd, inside };
})();
