// The view of digests: newest first, what is new since the last visit, each as a paragraph or as an outline.

import { get, query } from "./api.js";
import { langOf, sentence } from "./cite.js";
import { button, el, fill, remember, remembered } from "./dom.js";
import { active, sideFilters } from "./filters.js";
import { count, day, fault, moment, named, t } from "./i18n.js";
import { address } from "./route.js";
import { broken, empty, waiting } from "./states.js";

const LEAF = 15;
const limits = {};
let before = null; // when the newest digest of the last visit was made; the visit lasts as long as the page

/** Draws the view into `view`. */
export function showFeed(view) {
  before ??= remembered("seen", "");
  const news = el("p", { class: "sub" }, t("feed_sub"));
  const list = el("div", { class: "feed" });
  const end = el("div", { class: "list-end" });
  const load = () => start(list, end, news);
  const side = el("div", { class: "side" }, sideFilters(limits, load));
  fill(view, el("div", { class: "beside wide" }, el("div", { class: "beside-head" }, el("h1", {}, t("feed_title")), news), side, list, end));
  document.querySelector(".badge").hidden = true;
  load();
}

async function start(list, end, news) {
  fill(end);
  fill(list, waiting(4), waiting(4));
  try {
    const found = await leaf(null);
    fill(list, found.digests.map(entry));
    if (!found.digests.length) fill(list, nothing());
    const fresh = found.digests.filter(isNew).length;
    news.textContent = fresh ? count("unread", fresh) : t("feed_sub");
    const [newest] = found.digests;
    if (newest && newest.made > remembered("seen", "")) remember("seen", newest.made);
    onward(list, end, found.next);
  } catch (error) {
    fill(list, broken(error, () => start(list, end, news)));
  }
}

const leaf = (cursor) => get(`/v1/digests${query({ ...active(limits), limit: LEAF, cursor })}`);
const isNew = (digest) => Boolean(before) && digest.made > before;

function nothing() {
  if (Object.keys(active(limits)).length) return empty(t("nothing"), t("nothing_sub"));
  return empty(t("feed_empty"), t("feed_empty_sub"), el("a", { class: "button solid", href: address(["library"]) }, t("to_library")));
}

function onward(list, end, next) {
  if (!next) return fill(end);
  const more = button(
    t("more"),
    async () => {
      more.disabled = true;
      try {
        const found = await leaf(next);
        list.append(...found.digests.map(entry));
        onward(list, end, found.next);
      } catch (error) {
        fill(end, broken(error, () => onward(list, end, next)));
      }
    },
    { look: "line" },
  );
  return fill(end, more);
}

function entry(digest) {
  const { report } = digest;
  const body = el("div", { class: "digest-body", id: `digest-${report.id}` });
  const about = [report.publisher, day(report.published), report.type && named("type", report.type), report.company];
  const styles = ["brief", "outline"].map((style) =>
    el(
      "label",
      {},
      el("input", { type: "radio", name: `style-${report.id}`, checked: style === "brief", on: { change: () => turn(style, digest, body) } }),
      el("span", {}, t(style)),
    ),
  );
  brief(digest, body);
  return el(
    "article",
    { class: "digest", data: { report: report.id } },
    el(
      "p",
      { class: "digest-about" },
      isNew(digest) && el("span", { class: "fresh" }, t("unread")),
      el("span", {}, about.filter(Boolean).join(" · ")),
      el("time", { datetime: digest.made, class: "digest-made" }, moment(digest.made)),
    ),
    el("h2", { class: "digest-title", lang: langOf(report.title) }, report.title),
    body,
    el("div", { class: "segments", role: "radiogroup", "aria-label": t("digest") }, styles),
  );
}

function brief(digest, body) {
  const sentences = digest.sections.flatMap((section) => section.sentences);
  fill(body, el("p", { class: "brief" }, sentences.map((one) => [sentence(one, { bare: true, tag: "span" }), " "])), notices(digest));
}

function outline(digest, body) {
  const sections = digest.sections.map((section) => [
    section.heading && el("h3", { lang: langOf(section.heading) }, section.heading),
    el("ul", { class: "outline" }, section.sentences.map((one) => sentence(one, { bare: true, tag: "li" }))),
  ]);
  fill(body, sections, notices(digest));
}

const notices = (digest) => digest.notices.map((notice) => el("p", { class: "note" }, notice));

/** Shows a digest in the other style; an outline is made when it is first asked for. */
async function turn(style, digest, body) {
  body.dataset.style = style;
  if (style === "brief") return brief(digest, body);
  body.style.minHeight = `${body.offsetHeight}px`; // nothing below moves up while it is written
  fill(body, waiting(4, t("writing_outline")));
  try {
    digest.outline ??= await get(`/v1/reports/${digest.report.id}/digest?style=outline`);
    if (body.dataset.style === "outline") outline(digest.outline, body);
  } catch (error) {
    if (body.dataset.style === "outline") fill(body, el("p", { class: "note", role: "alert" }, fault(error)));
  }
  body.style.minHeight = "";
  return undefined;
}
