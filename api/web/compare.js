// The view that sets publishers side by side on a topic: where they agree and differ, and what each says by date.

import { post } from "./api.js";
import { understoodTags } from "./answer.js";
import { langOf, sentence } from "./cite.js";
import { button, el, fill } from "./dom.js";
import { facetsOf } from "./filters.js";
import { day, t } from "./i18n.js";
import { go, here } from "./route.js";
import { broken, empty, waiting } from "./states.js";

const SHOWN = 12; // publishers to choose from

/** Draws the view into `view`: the form, and the comparison that the address asks for. */
export function showCompare(view, [topic = "", chosen = "-", since = "-", until = "-"]) {
  const asked = { topic, publishers: listOf(chosen), since: blank(since), until: blank(until) };
  const result = el("div", { class: "comparison", "aria-live": "polite" });
  fill(view, el("h1", {}, t("compare_title")), el("p", { class: "sub" }, t("compare_sub")), form(asked), result);
  if (topic) compare(asked, result);
  else view.querySelector("#topic").focus({ preventScroll: true });
}

const listOf = (text) => (text === "-" ? [] : text.split("|"));
const blank = (text) => (text === "-" ? "" : text);

function form(asked) {
  const field = el("input", { id: "topic", type: "text", value: asked.topic, placeholder: t("topic_hint"), maxlength: 500, autocomplete: "off" });
  const since = el("input", { type: "date", value: asked.since });
  const until = el("input", { type: "date", value: asked.until });
  const choices = el("div", { class: "choices" });
  const which = el("fieldset", { class: "compare-which" }, el("legend", {}, t("which")), choices);
  const show = ({ publishers }) => {
    which.classList.toggle("none", !publishers.length);
    fill(choices, publishers.slice(0, SHOWN).map(({ value }) => choice(value, asked.publishers.includes(value))));
  };
  facetsOf().then(show, () => show({ publishers: [] }));
  const submit = (event) => {
    event.preventDefault();
    const topic = field.value.trim();
    const names = [...choices.querySelectorAll("input:checked")].map((box) => box.value);
    const parts = ["compare", topic, names.join("|") || "-", since.value || "-", until.value || "-"];
    if (topic) go(parts, here().open, { said: history.state?.said });
  };
  return el(
    "form",
    { class: "compare-form", on: { submit } },
    el("label", { class: "field compare-topic" }, el("span", {}, t("topic")), field),
    el("label", { class: "field" }, el("span", {}, t("since")), since),
    el("label", { class: "field" }, el("span", {}, t("until")), until),
    button(t("compare_do"), null, { look: "solid", type: "submit" }),
    which,
  );
}

function choice(name, checked) {
  return el("label", { class: "choice-chip" }, el("input", { type: "checkbox", value: name, checked }), el("span", { lang: langOf(name) }, name));
}

async function compare(asked, result) {
  fill(result, waiting(5, t("comparing")));
  const body = Object.fromEntries(Object.entries(asked).filter(([, value]) => value.length));
  try {
    const found = await post("/v1/compare", body);
    fill(result, drawn(found));
  } catch (error) {
    fill(result, broken(error, () => compare(asked, result)));
  }
}

function drawn(found) {
  const having = found.views.filter((view) => view.stances.length);
  const without = found.views.filter((view) => !view.stances.length);
  const tags = understoodTags(found);
  const contrasts = [contrastList("differ", found.differences), contrastList("agree", found.agreements)];
  return [
    tags.length ? el("p", { class: "understood" }, tags) : null,
    found.notices.map((notice) => el("p", { class: "note" }, notice)),
    having.length ? null : empty(t("refused"), t("nothing_sub")),
    contrasts.some(Boolean) ? contrasts : having.length > 1 && el("p", { class: "note" }, t("no_contrast")),
    having.length > 0 && el("section", {}, el("h2", {}, t("views")), having.map(viewOf)),
    without.length > 0 && el("section", {}, el("h2", {}, t("no_view")), el("ul", { class: "without" }, without.map(silent))),
    found.left_out.length > 0 && el("p", { class: "hint" }, t("left_out", found.left_out.join(", "))),
  ];
}

const silent = (view) => el("li", { class: "hint", lang: langOf(view.reason) }, view.reason);

function contrastList(name, contrasts) {
  return contrasts.length ? el("section", {}, el("h2", {}, t(name)), contrasts.map(contrastOf)) : null;
}

/** Claims on one subject, side by side. */
function contrastOf(contrast) {
  const about = [contrast.subject, contrast.period].filter(Boolean).join(" · ");
  return el(
    "div",
    { class: "contrast" },
    el("h3", {}, el("span", { lang: langOf(about) }, about), el("span", { class: "tag" }, t(`relation_${contrast.relation}`))),
    el("div", { class: "claims" }, contrast.claims.map(claimOf)),
  );
}

function claimOf(claim) {
  const says = claim.says === "up" || claim.says === "down" ? t(`says_${claim.says}`) : claim.says;
  return el(
    "div",
    { class: "claim" },
    el("p", { class: "claim-about" }, [claim.side, day(claim.published)].filter(Boolean).join(" · ")),
    el("p", { class: "claim-says" }, says),
    sentence(claim.sentence, { bare: true }),
  );
}

/** What one side says, report by report, oldest first. */
function viewOf(view) {
  return el(
    "article",
    { class: "side-view" },
    el("h3", { class: "side-name", lang: langOf(view.side) }, view.side),
    el("ol", { class: "stances" }, view.stances.map(stanceOf)),
    view.changes.length > 0 && el("ul", { class: "changes" }, view.changes.map(changeOf)),
    view.moved.length > 0 && el("div", {}, el("h4", {}, t("moved")), view.moved.map(contrastOf)),
  );
}

function stanceOf(stance) {
  const recorded = [stance.rating && `${t("rating")} ${stance.rating}`, stance.target_price && `${t("target_price")} ${stance.target_price}`];
  return el(
    "li",
    {},
    el("p", { class: "stance-about" }, el("time", {}, day(stance.published) || t("undated")), " · ", el("span", { lang: langOf(stance.title) }, stance.title)),
    recorded.some(Boolean) && el("p", { class: "hint" }, recorded.filter(Boolean).join(" · ")),
    stance.sentences.map((one) => sentence(one, { bare: true })),
  );
}

function changeOf({ field, company, was, now }) {
  const when = (one) => (one.published ? ` (${day(one.published)})` : "");
  return el("li", {}, el("span", { class: "tag" }, `${company} · ${t(field)}`), ` ${was.value}${when(was)} → ${now.value}${when(now)}`);
}
