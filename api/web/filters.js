// Publisher, company, type and days to limit a question or a list by, as fields over the facets of the catalog.

import { get } from "./api.js";
import { button, el, fill, icon } from "./dom.js";
import { named, t } from "./i18n.js";

const NAMES = ["publisher", "company", "type", "since", "until"];
let facets = null;

/** What there is to choose from. Asked for once, until something changes. */
export function facetsOf() {
  facets ??= get("/v1/facets");
  facets.catch(() => (facets = null));
  return facets;
}

export function facetsChanged() {
  facets = null;
}

/** The values that are set, without the empty ones. */
export const active = (values) => Object.fromEntries(NAMES.filter((name) => values[name]).map((name) => [name, values[name]]));

/** In a few words: `中金公司 · from 2025-01-01`. */
export function inWords(values) {
  return NAMES.filter((name) => values[name]).map((name) => {
    if (name === "type") return named("type", values.type);
    return name === "since" || name === "until" ? `${t(name)} ${values[name]}` : values[name];
  });
}

/** The fields; `changed` hears of each change, after `values` has it. */
export function filterFields(values, changed) {
  const set = (name) => (event) => {
    values[name] = event.target.value.trim();
    reset.hidden = !Object.keys(active(values)).length;
    changed();
  };
  const companies = el("datalist", { id: "companies" });
  const fields = {
    publisher: el("select", { on: { change: set("publisher") } }, option("", t("any"), values.publisher)),
    company: el("input", { type: "text", list: "companies", value: values.company || "", placeholder: t("any"), on: { change: set("company") } }),
    type: el("select", { on: { change: set("type") } }, option("", t("any"), values.type)),
    since: el("input", { type: "date", value: values.since || "", on: { change: set("since") } }),
    until: el("input", { type: "date", value: values.until || "", on: { change: set("until") } }),
  };
  const clear = () => {
    for (const name of NAMES) {
      values[name] = "";
      fields[name].value = "";
    }
    reset.hidden = true;
    changed();
  };
  const reset = button(t("clear"), clear, { hidden: !Object.keys(active(values)).length });
  facetsOf().then(
    (found) => {
      fields.publisher.append(...found.publishers.map((one) => option(one.value, `${one.value} (${one.reports})`, values.publisher)));
      fields.type.append(...found.types.map((one) => option(one.value, `${named("type", one.value)} (${one.reports})`, values.type)));
      fill(companies, found.companies.map((one) => el("option", { value: one.value })));
    },
    () => {}, // the view says what is wrong
  );
  return el(
    "fieldset",
    { class: "filters" },
    el("legend", {}, t("filters")),
    NAMES.map((name) => el("label", { class: `field field-${name}` }, el("span", {}, t(name)), fields[name])),
    companies,
    el("span", { class: "filters-end" }, reset),
  );
}

/** The same beside a list: always there where it is wide, folded where it is narrow. */
export function sideFilters(values, changed) {
  const wide = matchMedia("(min-width: 1200px)");
  const box = el("details", { class: "side-filters", open: wide.matches }, el("summary", {}, icon("filter"), t("filters")), filterFields(values, changed));
  wide.addEventListener("change", () => (box.open = wide.matches));
  return box;
}

function option(value, label, chosen) {
  return el("option", { value, selected: value !== "" && value === chosen }, label);
}
