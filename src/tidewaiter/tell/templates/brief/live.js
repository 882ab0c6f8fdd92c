"use strict";
(async () => {
  const specs = JSON.parse(document.getElementById("tw-specs").textContent);
  const figures = [...document.querySelectorAll("figure.tw-chart")];
  let place = 0;
  for (const spec of Object.values(specs)) {
    const figure = figures[place++];
    if (!figure) continue;
    const drawing = figure.querySelector("svg");
    const live = document.createElement("div");
    live.className = "tw-live";
    drawing.before(live);
    try {
      await vegaEmbed(live, spec, { ast: true, renderer: "svg", actions: false });
      const drawn = live.querySelector("svg");
      drawn.setAttribute("role", "img");
      drawn.setAttribute("aria-label", figure.querySelector(".tw-title").textContent);
      for (const still of figure.querySelectorAll("svg.tw-wide, svg.tw-phone")) still.remove();
    } catch (error) {
      live.remove();
    }
  }
  document.body.dataset.ready = "yes";
})();
