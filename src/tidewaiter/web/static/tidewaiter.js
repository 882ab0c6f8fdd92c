// What a page does without loading anew. Every page works without this file.

const $ = (query, from = document) => from.querySelector(query);
const $$ = (query, from = document) => [...from.querySelectorAll(query)];

let hush;
function say(words) {
  const place = $("#said");
  place.textContent = words;
  clearTimeout(hush);
  hush = setTimeout(() => { place.textContent = ""; }, 4000);
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(`${what} copied`);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "skip";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    say(done ? `${what} copied` : `${what} could not be copied; select and copy it by hand`);
  }
}

// The same address gives the page, or with this header the part of it that changes.
const asked = { "X-Fragment": "1", Accept: "text/html" };
let underWay;

async function swap(address, selector, { push = true } = {}) {
  const place = $(selector);
  if (!place) { location.href = address; return; }
  underWay?.abort();
  underWay = new AbortController();
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { headers: asked, signal: underWay.signal, credentials: "same-origin" });
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = $(selector, found);
    if (!answer.ok || !fresh) { location.href = address; return; }
    place.replaceWith(document.adoptNode(fresh));
    if (found.title) document.title = found.title;
    if (push) history.pushState({ selector }, "", address);
    ready($(selector));
    document.body.dataset.swapped = String(Number(document.body.dataset.swapped || 0) + 1);
  } catch (error) {
    if (error.name !== "AbortError") location.href = address;
  }
}

addEventListener("popstate", (event) => {
  const selector = event.state?.selector;
  if (selector) swap(location.href, selector, { push: false });
  else location.reload();
});

function addressOf(form) {
  const given = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  return `${form.getAttribute("action") || location.pathname}?${given}`;
}

// A form that only asks swaps its answer; typing in a search asks by itself, a moment later.
function live(form) {
  const selector = form.dataset.swap;
  let soon;
  if (!history.state) history.replaceState({ selector }, "");
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(soon); swap(addressOf(form), selector); });
  const box = $("input[data-search]", form);
  box?.addEventListener("input", () => {
    clearTimeout(soon);
    soon = setTimeout(() => swap(addressOf(form), selector), 250);
  });
  form.addEventListener("change", (event) => { if (event.target.tagName === "SELECT") form.requestSubmit(); });
}

// Findings are copied instead of saved: the same form is sent, and its answer goes to the clipboard.
function copies(form) {
  form.addEventListener("submit", async (event) => {
    const kind = event.submitter?.dataset.copy;
    if (!kind) return;
    event.preventDefault();
    const answer = await fetch(event.submitter.formAction, { method: "POST", body: new FormData(form) });
    if (answer.ok) await copy(await answer.text(), `Findings as ${kind}`);
    else say("The findings could not be had; check the story once more");
  });
  for (const button of $$("button[data-copy]", form)) button.textContent = `Copy as ${button.dataset.copy}`;
  const label = $(".label", form);
  if (label) label.hidden = true;
}

function drop(form) {
  const over = (on) => (event) => { event.preventDefault(); form.classList.toggle("over", on); };
  form.addEventListener("dragover", over(true));
  form.addEventListener("dragleave", over(false));
  form.addEventListener("drop", (event) => {
    over(false)(event);
    const field = $("input[type=file]", form);
    if (event.dataTransfer.files.length) { field.files = event.dataTransfer.files; say(`${field.files[0].name} chosen`); }
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
}

function openFor(hash) {
  const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  if (target && target.matches("[tabindex]")) target.focus({ preventScroll: true });
  const box = target && target.closest("details");
  if (box) { box.open = true; box.scrollIntoView({ block: "nearest" }); }
}

function ready(root) {
  for (const each of $$("[data-needs-script]", root)) each.hidden = false;
  for (const form of $$("form[data-swap]", root)) live(form);
  for (const form of $$("[data-copies] form", root)) copies(form);
  for (const form of $$("form[data-drop]", root)) drop(form);
  for (const button of $$("button[data-copy-from]", root)) {
    button.addEventListener("click", () => copy($(button.dataset.copyFrom).textContent.trim(), button.dataset.what));
  }
  for (const button of $$("[data-open]", root)) button.addEventListener("click", () => $$(button.dataset.open).forEach((each) => { each.open = true; }));
  for (const button of $$("[data-close]", root)) button.addEventListener("click", () => $$(button.dataset.close).forEach((each) => { each.open = false; }));
}

function help() {
  let box = $("dialog#keys");
  if (!box) {
    box = document.createElement("dialog");
    box.id = "keys";
    box.setAttribute("aria-labelledby", "keys-title");
    const title = Object.assign(document.createElement("h2"), { id: "keys-title", textContent: "Keys" });
    const list = document.createElement("dl");
    for (const [key, words] of [["/", "search, or the first field"], ["e", "export"], ["c", "copy the citation"], ["?", "this help"], ["Esc", "close"]]) {
      const term = document.createElement("dt");
      term.append(Object.assign(document.createElement("kbd"), { textContent: key }));
      list.append(term, Object.assign(document.createElement("dd"), { textContent: words }));
    }
    const form = Object.assign(document.createElement("form"), { method: "dialog" });
    form.append(Object.assign(document.createElement("button"), { textContent: "Close" }));
    box.append(title, list, form);
    document.body.append(box);
  }
  box.showModal();
}

const keys = {
  "/": () => ($("[data-search]") || $("main input:not([type=hidden]), main textarea"))?.focus(),
  "?": help,
  e: () => { const first = $(".export a, .export button, [data-copies] button"); first?.focus(); first?.scrollIntoView({ block: "center" }); },
  c: () => { const cite = $("[data-cite]"); if (cite) copy(cite.textContent.trim(), "Citation"); else say("There is nothing to cite on this page"); },
};

addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
  const act = keys[event.key];
  if (act) { event.preventDefault(); act(); }
});
addEventListener("hashchange", () => openFor(location.hash));
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='#']");
  if (link) openFor(link.getAttribute("href"));
});

ready(document);
openFor(location.hash);
document.body.dataset.ready = "1";
