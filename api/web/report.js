// The details of a report in the library: what is known of it, how it was read, correction, removal.

import { get, patch, remove } from "./api.js";
import { pageName } from "./cite.js";
import { button, el, fill, toast } from "./dom.js";
import { count, fault, named, t } from "./i18n.js";
import { forget } from "./panel.js";
import { address } from "./route.js";
import { waiting } from "./states.js";

const FIELDS = ["title", "publisher", "published", "type", "company", "ticker", "rating", "target_price", "analysts"];
const TYPES = ["strategy", "macro", "industry", "company", "quant", "fixed income", "filing", "event notice", "news release", "other"];

/** Draws the details into `inside`; `changes` hears of a correction and of the removal. */
export function details(report, inside, changes) {
  const quality = el("dl", { class: "facts" });
  const work = el("div", { class: "report-work" });
  fill(
    inside,
    el(
      "div",
      { class: "report-columns" },
      el("section", {}, el("h3", {}, t("known")), known(report)),
      el("section", {}, el("h3", {}, t("quality")), quality),
    ),
    work,
  );
  buttons(report, work, changes);
  fill(quality, waiting(4));
  get(`/v1/reports/${report.id}/quality`).then(
    (record) => fill(quality, qualityLines(record)),
    (error) => fill(quality, el("p", { class: "note" }, fault(error))),
  );
}

function pageOf(report, page) {
  return el("a", { href: address(["library"], { report: report.id, page, boxes: [] }) }, pageName({ page }));
}

function line(name, ...value) {
  return el("div", {}, el("dt", {}, name), el("dd", {}, ...value));
}

function known(report) {
  const lines = report.facts.map((fact) => {
    const shown = fact.name === "type" ? named("type", fact.value) : fact.name === "language" ? t(`lang_${fact.value}`) : fact.value;
    const from = fact.origin === "page" ? `${t("sure", Math.round(100 * fact.confidence))}` : t(`origin_${fact.origin}`);
    return line(t(`f_${fact.name}`).split(/[（(,，]/)[0], shown, el("span", { class: "fact-from" }, from, fact.page !== null ? [" · ", pageOf(report, fact.page)] : ""));
  });
  return el("dl", { class: "facts" }, lines, line("PDF", report.files.join(", "), el("span", { class: "fact-from" }, report.id)));
}

function qualityLines(record) {
  const read = [record.read_by.text && t("q_text", record.read_by.text), record.read_by.ocr && t("q_ocr", record.read_by.ocr)];
  const lines = [line(t("q_read"), [count("pages", record.pages), ...read].filter(Boolean).join(" · "))];
  const add = (name, value) => value && lines.push(line(t(name), String(value)));
  add("q_tables", record.tables);
  add("q_figures", record.figures);
  add("q_left", record.left_out);
  add("q_hidden", record.hidden);
  add("q_failed", record.failed_pages.map((page) => page + 1).join(", "));
  add("q_garbled", record.garbled > 0.001 && `${(100 * record.garbled).toFixed(1)} %`);
  lines.push(line(t("q_warnings"), record.warnings.length ? record.warnings.join("; ") : t("q_good")));
  return lines;
}

// --- what can be done -----------------------------------------------------------------------------------------------

function buttons(report, work, changes) {
  fill(
    work,
    el(
      "div",
      { class: "actions" },
      el("a", { class: "button", href: address(["library"], { report: report.id, page: 0, boxes: [] }) }, t("open_first")),
      button(t("correct"), () => correct(report, work, changes)),
      button(t("delete"), () => confirm(report, work, changes), { look: "warn" }),
    ),
  );
}

/** Asks in place whether to delete. */
function confirm(report, work, changes) {
  const back = () => {
    buttons(report, work, changes);
    work.querySelector(".warn").focus();
  };
  const no = button(t("cancel"), back, { look: "line" });
  const yes = button(
    t("delete_yes"),
    async () => {
      yes.disabled = no.disabled = true;
      yes.lastChild.textContent = t("deleting");
      try {
        await remove(`/v1/reports/${report.id}`);
        forget(report.id);
        toast(t("deleted"));
        changes.deleted();
      } catch (error) {
        fill(work, el("p", { class: "note", role: "alert" }, fault(error)), button(t("retry"), back));
      }
    },
    { look: "danger" },
  );
  fill(work, el("div", { class: "sure", role: "group" }, el("p", {}, t("delete_sure", report.title)), el("div", { class: "row" }, yes, no)));
  no.focus();
}

/** A form with what is known; only what was changed is sent, an emptied field as null. */
function correct(report, work, changes) {
  const values = Object.fromEntries(FIELDS.map((name) => [name, name === "analysts" ? report.analysts.join("; ") : report[name] || ""]));
  const fields = FIELDS.map((name) => {
    const id = `correct-${report.id}-${name}`;
    const field = name === "type"
      ? el("select", { id, name }, ["", ...TYPES].map((type) => el("option", { value: type, selected: type === values.type }, type ? named("type", type) : "")))
      : el("input", { id, name, type: "text", value: values[name], autocomplete: "off" });
    return el("div", { class: `field correct-${name}` }, el("label", { for: id }, t(`f_${name}`)), field);
  });
  const wrong = el("p", { class: "note", role: "alert", hidden: true });
  const save = button(t("save"), null, { look: "solid", type: "submit" });
  const submit = async (event) => {
    event.preventDefault();
    const changed = FIELDS.filter((name) => form.elements[name].value.trim() !== values[name]);
    if (!changed.length) return buttons(report, work, changes);
    save.disabled = true;
    save.lastChild.textContent = t("saving");
    try {
      const now = await patch(`/v1/reports/${report.id}`, Object.fromEntries(changed.map((name) => [name, sent(name, form.elements[name].value.trim())])));
      forget(report.id);
      toast(t("saved"));
      changes.corrected(now);
    } catch (error) {
      wrong.hidden = false;
      wrong.textContent = fault(error);
      save.disabled = false;
      save.lastChild.textContent = t("save");
    }
    return undefined;
  };
  const form = el(
    "form",
    { class: "correct", on: { submit } },
    fields,
    wrong,
    el("div", { class: "row" }, save, button(t("cancel"), () => buttons(report, work, changes), { look: "line" })),
  );
  fill(work, form);
  form.elements.title.focus();
}

function sent(name, text) {
  if (name === "analysts") return text ? text.split(/[;；]/).map((one) => one.trim()).filter(Boolean) : null;
  return text || null;
}
