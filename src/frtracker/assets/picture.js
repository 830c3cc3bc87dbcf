/* The view as a picture: the map as it is drawn, with its headline, legend and source, as PNG. */
"use strict";

FR.picture = async () => {
  const [{ svg }, { leaflet: map }] = [FR.shapes, FR.map];
  const [TOP, LINE, SCALE] = [64, 24, 2]; // pixels above the map and for each line of the legend
  const { x: width, y: height } = map.getSize();
  const words = (content, x, y, look) => svg("text", { x, y, class: look }, content);

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
  const tall = y + LINE * 1.6;
  const size = { width: width * SCALE, height: tall * SCALE };
  const styles = [...document.querySelectorAll("style")].map((each) => each.textContent);
  const whole = svg(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${tall}`, ...size },
    svg(
      "style",
      {},
      styles.join("\n"),
      "text { font: 14px sans-serif; fill: var(--ink) } .title { font-size: 20px }",
    ),
    document.querySelector(".patterns defs").cloneNode(true),
    svg("rect", { width, height: tall, class: "page" }),
    svg("svg", { y: 0, width, height: TOP + height }, ...drawings),
    svg("rect", { width, height: TOP, class: "page" }),
    words(document.getElementById("headline").textContent.trim(), 16, 26, "title"),
    words(FR.say("caption", { day: FR.days.day(FR.view.day), actor: FR.actorLabel() }), 16, 50),
    ...keys,
    words(FR.say("credit"), 16, tall - 12),
  );
  const image = new Image();
  const drawn = new XMLSerializer().serializeToString(whole);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawn)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), size);
  canvas.getContext("2d").drawImage(image, 0, 0);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  FR.save(blob, `frtracker-${FR.days.iso(FR.view.day)}-${FR.view.actor}.png`);
};
