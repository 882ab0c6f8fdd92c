"use strict";
(async () => {
  const specs = JSON.parse(document.getElementById("tw-specs").textContent);
  const figures = [...document.querySelectorAll("figure.tw-chart")];
  const narrow = window.matchMedia("(max-width: 40rem)").matches;
  for (const [place, figure] of figures.entries()) {
    const drawings = [...figure.querySelectorAll("svg.tw-wide, svg.tw-phone")];
    const live = document.createElement("div");
    live.className = "tw-live";
    drawings[0].before(live);
    try {
      const spec = narrow ? specs[place].phone : specs[place].wide;
      await vegaEmbed(live, spec, { ast: true, renderer: "svg", actions: false });
      const drawn = live.querySelector("svg");
      for (const part of drawn.querySelectorAll("[role], [aria-roledescription], [aria-label]")) {
        for (const name of ["role", "aria-roledescription", "aria-label"]) part.removeAttribute(name);
      }
      drawn.setAttribute("role", "img");
      drawn.setAttribute("aria-label", figure.querySelector(".tw-title").textContent);
      live.querySelector("[role=graphics-document]")?.removeAttribute("role");
      for (const drawing of drawings) drawing.remove();
    } catch (error) {
      live.remove();
    }
  }
  document.body.dataset.ready = "yes";
})();
