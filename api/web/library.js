// The view of reports: uploads with their progress, the list with filters, and each report with its details.

import { get, query } from "./api.js";
import { langOf } from "./cite.js";
import { button, el, fill } from "./dom.js";
import { active, facetsChanged, sideFilters } from "./filters.js";
import { count, day, named, t } from "./i18n.js";
import { details } from "./report.js";
import { broken, empty, waiting } from "./states.js";
import { uploads } from "./upload.js";

const LEAF = 50;
const limits = { title: "" };

/** Draws the view into `view`; what it gives back ends the look at running jobs. */
export function showLibrary(view) {
  const total = el("p", { class: "sub" }, " ");
  const list = el("ul", { class: "reports" });
  const end = el("div", { class: "list-end" });
  const shown = { list, end, total };
  const load = () => start(shown);
  const adding = uploads(() => {
    facetsChanged();
    load();
  });
  const find = el("input", {
    type: "search", value: limits.title, placeholder: t("search_titles"), "aria-label": t("search_titles"),
    on: { input: after(250, () => { limits.title = find.value.trim(); load(); }) },
  });
  const side = el("div", { class: "side" }, find, sideFilters(limits, load));
  fill(
    view,
    el("div", { class: "beside wide" },
      el("div", { class: "beside-head" }, el("h1", {}, t("library_title")), total),
      side,
      el("div", { class: "library" }, adding.node, list, end),
    ),
  );
  load();
  return adding.stop;
}

/** Runs `act` when nothing came for so many milliseconds. */
function after(ms, act) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, ms);
  };
}

const leaf = (cursor) => get(`/v1/reports${query({ ...active(limits), title: limits.title, limit: LEAF, cursor })}`);
let asked = 0;

async function start(shown) {
  const { list, end, total } = shown;
  const mine = ++asked;
  const open = new Set([...list.querySelectorAll("details[open]")].map((one) => one.dataset.report));
  if (!list.childElementCount) fill(list, el("li", {}, waiting(6)));
  try {
    const found = await leaf(null);
    if (mine !== asked) return;
    total.textContent = count("total", found.total);
    fill(list, found.reports.map((report) => row(report, shown, open.has(report.id))));
    if (!found.total) fill(list, el("li", {}, nothing()));
    onward(shown, found.next);
  } catch (error) {
    fill(list, el("li", {}, broken(error, () => start(shown))));
    fill(end);
  }
}

function nothing() {
  const limited = limits.title || Object.keys(active(limits)).length;
  return limited ? empty(t("nothing"), t("nothing_sub")) : empty(t("library_empty"), t("empty_corpus_sub"));
}

function onward(shown, next) {
  if (!next) return fill(shown.end);
  const more = button(
    t("more"),
    async () => {
      more.disabled = true;
      try {
        const found = await leaf(next);
        shown.list.append(...found.reports.map((report) => row(report, shown, false)));
        onward(shown, found.next);
      } catch (error) {
        fill(shown.end, broken(error, () => onward(shown, next)));
      }
    },
    { look: "line" },
  );
  return fill(shown.end, more);
}

function row(report, shown, opened) {
  const about = [report.publisher || t("unnamed"), day(report.published) || t("undated"), report.type && named("type", report.type), report.company];
  const inside = el("div", { class: "report-inside" });
  const changes = {
    corrected: (now) => {
      facetsChanged();
      item.replaceWith(row(now, shown, true));
    },
    deleted: () => {
      facetsChanged();
      item.remove();
      start(shown);
    },
  };
  const box = el(
    "details",
    { class: "report", data: { report: report.id }, open: opened, on: { toggle: () => box.open && !inside.childElementCount && details(report, inside, changes) } },
    el(
      "summary",
      {},
      el("span", { class: "report-title", lang: langOf(report.title) }, report.title),
      el("span", { class: "report-about" }, about.filter(Boolean).join(" · ")),
      el("span", { class: "report-state" }, el("span", { class: "report-pages" }, count("pages", report.page_count)), el("span", { class: "state-tag done" }, t("ready"))),
    ),
    inside,
  );
  const item = el("li", {}, box);
  return item;
}
