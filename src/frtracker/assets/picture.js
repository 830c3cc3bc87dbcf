/* The view as a picture: the map as it is drawn, with its headline, legend and source, as PNG. */
"use strict";

FR.picture = async () => {
  const [{ svg }, { leaflet: map }] = [FR.shapes, FR.map];
  const [LINE, SCALE] = [24, 2]; // pixels of a line of words
  const { x: width, y: height } = map.getSize();
  const words = (content, x, y, look) => svg("text", { x, y, class: look }, content);

  /** A text in as many lines as it needs, with letters of that width. */
  function wrapped(text, letter) {
    const lines = [""];
    for (const word of text.split(" ")) {
      const longer = `${lines.at(-1)} ${word}`.trim();
      if (longer.length * letter > width - 32) lines.push(word);
      else lines.splice(-1, 1, longer);
    }
    return lines;
  }
  const caption = FR.say("caption", { day: FR.days.day(FR.view.day), actor: FR.actorLabel() });
  const answer = [...document.querySelectorAll("#panel h2, #panel .answer")];
  const chosen = answer.map(({ textContent }) => textContent).join(": ");
  const said = FR.view.selected ? `${chosen} ${caption}` : caption;
  const lines = [
    ...wrapped(FR.at("headline").textContent.trim(), 11).map((it) => [it, "title"]),
    ...wrapped(said, 8).map((it) => [it]),
  ];
  const TOP = lines.length * LINE + 16;

  function moved(drawing, x, y) {
    const copy = drawing.cloneNode(true);
    copy.removeAttribute("style");
    copy.setAttribute("x", x);
    copy.setAttribute("y", y);
    return copy;
  }
  /** One of Leaflet's drawings, where it is in sight now. */
  function placed(drawing) {
    const { x, y } = map.layerPointToContainerPoint(L.DomUtil.getPosition(drawing));
    return moved(drawing, x, y + TOP);
  }
  const drawings = [...map.getContainer().querySelectorAll(".leaflet-pane > svg")].map(placed);

  /** The pressed or counted categories, as many in a line as there is room for. */
  let [x, y] = [16, TOP + height + 22];
  const keys = [...document.querySelectorAll("#legend li button:not(.zero)")].flatMap((button) => {
    const label = [...button.querySelectorAll("span")].map((each) => each.textContent).join(" ");
    const room = 44 + 7.4 * label.length;
    if (x + room > width) [x, y] = [16, y + LINE];
    x += room;
    return [moved(button.querySelector("svg"), x - room, y - 12), words(label, x - room + 22, y)];
  });
  const source = wrapped(FR.say("credit", { edition: FR.say("edition") }), 8);
  const tall = y + LINE * (source.length + 1);
  const size = { width: width * SCALE, height: tall * SCALE };
  const letters = "text { font: 14px sans-serif; fill: var(--ink) } .title { font-size: 20px }";
  const styles = [...document.querySelectorAll("style")].map((each) => each.textContent);
  const whole = svg(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${tall}`, ...size },
    svg("style", {}, styles.join("\n"), letters),
    document.querySelector(".patterns defs").cloneNode(true),
    svg("rect", { width, height: tall, class: "page" }),
    svg("svg", { y: 0, width, height: TOP + height }, ...drawings),
    svg("rect", { width, height: TOP, class: "page" }),
    ...lines.map(([it, look], row) => words(it, 16, (row + 1) * LINE + 2, look)),
    ...keys,
    ...source.map((it, row) => words(it, 16, y + LINE * (row + 1.4))),
  );
  const image = new Image();
  const drawn = new XMLSerializer().serializeToString(whole);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawn)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), size);
  canvas.getContext("2d").drawImage(image, 0, 0);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const about = [FR.days.iso(FR.view.day), FR.view.actor, FR.view.selected].filter(Boolean);
  FR.save(blob, `frtracker-${about.join("-")}.png`);
};
