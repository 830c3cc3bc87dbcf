/* Mouse and finger on the map: what is under them, and when the map may move. */
"use strict";

FR.pointer = (() => {
  const { leaflet: map } = FR.map;
  const REACH = { mouse: 11, touch: 24, pen: 24 }; // pixels to the center of a mark
  const box = map.getContainer();
  const { at } = FR;
  const [tip, hint] = ["tip", "hint"].map(at);
  let hiding = 0;

  /** What is meant by an event: a mark near it, else the outline under it. */
  function meant(event) {
    const point = map.mouseEventToContainerPoint(event);
    const mark = FR.marks.nearest(point, REACH[event.pointerType] ?? REACH.mouse);
    if (mark) return mark;
    const key = event.target.dataset?.key;
    return key ? { key } : null;
  }

  /** The words for what is meant; a mark of many names some of them. */
  function words({ key, numbers }) {
    if (!numbers) return FR.sentenceOf(key);
    if (numbers.length === 1) return FR.sentence(numbers[0]);
    const names = numbers.slice(0, 6).map((number) => FR.data.subjects[number].name);
    const rest = numbers.length - names.length;
    if (rest) names.push(FR.say("more", { count: rest }));
    return FR.say("many", { count: numbers.length, places: FR.listed(names) });
  }

  function hover(event) {
    const found = event.pointerType === "mouse" && !event.buttons ? meant(event) : null;
    tip.hidden = !found;
    box.classList.toggle("is-over", Boolean(found));
    if (!found) return;
    const text = `${words(found)} · ${FR.days.day(FR.view.day)}`;
    if (tip.textContent !== text) tip.textContent = text;
    const { x, y } = map.mouseEventToContainerPoint(event);
    const { x: width, y: height } = map.getSize();
    tip.style.left = `${Math.max(4, Math.min(x + 14, width - tip.offsetWidth - 4))}px`;
    tip.style.top = `${y + 22 + tip.offsetHeight > height ? y - tip.offsetHeight - 10 : y + 18}px`;
  }

  /** A mark of many also offers the state or country that it covers. */
  function press({ originalEvent }) {
    const found = meant(originalEvent);
    const under = originalEvent.target.dataset?.key;
    tip.hidden = true;
    if (originalEvent.pointerType !== "mouse") activate(true);
    if (!found) return;
    if (found.numbers?.length > 1) FR.app.choose(found.numbers, under);
    else FR.app.select(found.key || FR.data.subjects[found.numbers[0]].key);
  }

  /** With a finger the map moves only once it was tapped; before, the page scrolls. */
  function activate(isActive) {
    if (!matchMedia("(hover: none)").matches) return;
    map.dragging[isActive ? "enable" : "disable"]();
  }

  /** The wheel scrolls the page; with Ctrl (or ⌘) it zooms. */
  function turn(event) {
    const zooms = event.ctrlKey || event.metaKey;
    map.scrollWheelZoom[zooms ? "enable" : "disable"]();
    hint.hidden = zooms;
    clearTimeout(hiding);
    hiding = setTimeout(() => {
      hint.hidden = true;
    }, 1400);
  }

  function start() {
    map.scrollWheelZoom.disable();
    map.doubleClickZoom.disable();
    activate(false);
    map.on("click", press);
    box.addEventListener("wheel", turn, { capture: true, passive: true });
    box.addEventListener("pointermove", (event) => requestAnimationFrame(() => hover(event)));
    box.addEventListener("pointerleave", () => tip.toggleAttribute("hidden", true));
    document.addEventListener("pointerdown", (event) => {
      if (!box.contains(event.target)) activate(false);
    });
    box.querySelector(".leaflet-control-zoom").addEventListener("click", () => activate(true));
    for (const button of document.querySelectorAll("[data-pan]")) {
      const [x, y] = button.dataset.pan.split(" ").map((share) => share * 160);
      button.addEventListener("click", () => map.panBy([x, y], { animate: false }));
    }
  }

  return { start };
})();
