// A page of a report beside the view: its picture with the passage marked, and the pages before and behind it.

import { blobUrl, get, query } from "./api.js";
import { button, el, fill } from "./dom.js";
import { langOf, verdictLine } from "./cite.js";
import { day, t } from "./i18n.js";
import { address, go, here, said } from "./route.js";
import { broken } from "./states.js";

const panel = document.getElementById("panel");
const known = new Map(); // reports by id, as promises
let shown = ""; // report and page that the panel holds
let pending = null; // ends what is still loading
let opener = null; // has the focus again when the panel closes
let picture = "";

/** Brings the panel in line with the address. */
export function showPanel() {
  const { open } = here();
  const wanted = open ? JSON.stringify(open) : "";
  const link = open && address([], open);
  for (const chip of document.querySelectorAll("a[data-report]")) chip.classList.toggle("open", chip.hash === link);
  if (wanted === shown) return;
  const wasOpen = Boolean(shown);
  shown = wanted;
  pending?.abort();
  pending = new AbortController();
  document.body.classList.toggle("with-panel", Boolean(open));
  panel.hidden = !open;
  if (!open) return closed();
  if (!wasOpen) opener = document.activeElement === document.body ? null : document.activeElement;
  draw(open, said(), pending.signal);
}

/** Forgets what it knows of a report: it was corrected or deleted. */
export function forget(id) {
  known.delete(id);
}

export function close() {
  if (here().open) go(here().parts);
}

function closed() {
  if (picture) URL.revokeObjectURL(picture);
  picture = "";
  panel.replaceChildren();
  if (opener?.isConnected) opener.focus();
  opener = null;
}

function turn(to) {
  const at = here();
  if (at.open) go(at.parts, { report: at.open.report, page: to, boxes: [] }, { replace: true });
}

async function draw(open, quoted, signal) {
  const heading = el("h2", { class: "panel-title", tabindex: "-1" }, t("loading"));
  const about = el("p", { class: "panel-about" });
  const place = el("span", { class: "panel-place" }, "");
  const back = button(t("prev"), () => turn(open.page - 1), { sign: "left", bare: true, disabled: open.page === 0 });
  const on = button(t("next"), () => turn(open.page + 1), { sign: "right", bare: true, disabled: true });
  const sheet = el("div", { class: "sheet", data: { report: open.report, page: open.page } });
  const scroll = el("div", { class: "panel-scroll", tabindex: "0", "aria-label": t("page_panel") }, sheet);
  const zoom = button(t("zoom"), () => scroll.classList.toggle("zoomed"), { sign: "zoom", bare: true });
  const shut = button(t("close"), close, { sign: "cross", bare: true });
  const text = el("details", { class: "page-text" }, el("summary", {}, t("page_text")));
  panel.setAttribute("aria-label", t("page_panel"));
  fill(
    panel,
    el(
      "div",
      { class: "panel-head" },
      el("div", { class: "panel-names" }, about, heading),
      el("div", { class: "panel-tools" }, back, place, on, zoom, shut),
    ),
    quoted?.quote ? quoteOf(quoted) : null,
    scroll,
  );
  heading.focus({ preventScroll: true });
  try {
    await Promise.all([
      nameReport(open.report).then((report) => {
        heading.textContent = report.title;
        heading.lang = langOf(report.title);
        fill(about, [report.publisher, day(report.published)].filter(Boolean).join(" · "));
        on.disabled = open.page + 1 >= report.page_count;
      }),
      drawPage(open, sheet, { place, text, scroll }, signal),
    ]);
  } catch (error) {
    if (error.name === "AbortError") return;
    heading.textContent = error.status === 404 ? t("page_gone") : t("page_failed");
    fill(sheet, broken(error, () => draw(open, quoted, signal)));
    sheet.classList.add("broken");
  }
}

function nameReport(id) {
  if (!known.has(id)) {
    const asked = get(`/v1/reports/${encodeURIComponent(id)}`);
    asked.catch(() => known.delete(id));
    known.set(id, asked);
  }
  return known.get(id);
}

function quoteOf({ quote, verdict }) {
  const flat = quote.replaceAll("\t", " | ");
  return el(
    "div",
    { class: "panel-quote" },
    el("blockquote", { lang: langOf(flat) }, flat),
    verdict && verdictLine(verdict),
  );
}

async function drawPage(open, sheet, parts, signal) {
  const path = `/v1/reports/${encodeURIComponent(open.report)}/pages/${open.page}`;
  const page = await get(path, signal);
  sheet.style.aspectRatio = `${page.width} / ${page.height}`; // the room is there before the picture
  const label = page.page_label && page.page_label !== String(open.page + 1) ? ` · ${t("printed", page.page_label)}` : "";
  parts.place.textContent = t("page_of", open.page + 1, page.page_count) + label;
  const marks = open.boxes.map((box) => mark(box, page));
  fill(sheet, marks);
  fill(parts.text, el("summary", {}, t("page_text")), el("pre", { lang: langOf(page.text) }, page.text));
  parts.scroll.append(parts.text);
  const wide = Math.min(2400, Math.ceil((sheet.clientWidth * Math.max(2, devicePixelRatio)) / 200) * 200);
  const href = await blobUrl(`${path}.png${query({ width: wide })}`, signal);
  if (signal.aborted) return URL.revokeObjectURL(href);
  if (picture) URL.revokeObjectURL(picture);
  picture = href;
  const { title } = await nameReport(open.report);
  const image = el("img", { alt: t("page_alt", open.page + 1, title), class: "sheet-picture" });
  sheet.prepend(image);
  await loaded(image, href);
  sheet.classList.add("drawn");
  const first = marks[0];
  if (first) parts.scroll.scrollTo({ top: Math.max(0, sheet.offsetTop + first.offsetTop - parts.scroll.clientHeight / 3) });
}

function loaded(image, href) {
  return new Promise((resolve, reject) => {
    image.addEventListener("load", resolve);
    image.addEventListener("error", () => reject(new Error(t("page_failed"))));
    image.src = href;
  });
}

/** A box of the page in points as a mark over its picture, in shares of the sheet, so that it fits any size. */
function mark([x0, y0, x1, y1], page) {
  const node = el("div", { class: "mark" });
  const percent = (part, whole) => `${(100 * part) / whole}%`;
  node.style.left = percent(x0 - 1, page.width);
  node.style.top = percent(y0 - 1, page.height);
  node.style.width = percent(x1 - x0 + 2, page.width);
  node.style.height = percent(y1 - y0 + 2, page.height);
  return node;
}

addEventListener("keydown", (event) => {
  if (!shown || event.defaultPrevented) return;
  if (event.key === "Escape") close();
  if (!panel.contains(document.activeElement) || event.altKey || event.metaKey || event.ctrlKey) return;
  if (event.key === "ArrowLeft") panel.querySelector(".icon-left").parentElement.click();
  if (event.key === "ArrowRight") panel.querySelector(".icon-right").parentElement.click();
});
