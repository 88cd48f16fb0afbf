// Language, theme and API key, in a popover of the bar.

import { key, setKey } from "./api.js";
import { button, el, fill, icon, toast } from "./dom.js";
import { language, t } from "./i18n.js";

let field;
let why;
let box;

/** The button of the bar with its popover. */
export function settings() {
  box = el("div", { class: "popover", id: "settings", popover: "auto", "aria-label": t("settings"), role: "group" });
  const opener = el(
    "button",
    { type: "button", class: "button quiet bare", popovertarget: "settings", "aria-label": t("settings"), title: t("settings") },
    icon("settings"),
  );
  draw();
  return el("div", { class: "bar-end" }, opener, box);
}

/** Opens it; `needed`: the server has asked for a key. */
export function openSettings(needed) {
  why.textContent = t(needed ? (key() ? "key_wrong" : "key_why") : "key_none");
  why.classList.toggle("asked", needed);
  if (!box.matches(":popover-open")) box.showPopover();
  field.focus();
}

function draw() {
  field = el("input", { type: "password", id: "key", autocomplete: "off", spellcheck: "false", placeholder: "rr_…", value: key() });
  why = el("p", { class: "hint" }, t("key_none"));
  const use = (event) => {
    event.preventDefault();
    setKey(field.value.trim());
    box.hidePopover();
    toast(t("key_set"));
    document.dispatchEvent(new CustomEvent("key-set"));
  };
  fill(
    box,
    choice("language", t("language"), language, { zh: "中文", en: "English" }, (value) => {
      localStorage.setItem("rr.lang", value);
      location.reload();
    }),
    choice("theme", t("theme"), document.documentElement.dataset.theme, { auto: t("auto"), light: t("light"), dark: t("dark") }, (value) => {
      localStorage.setItem("rr.theme", value);
      document.documentElement.dataset.theme = value;
    }),
    el(
      "form",
      { class: "key-form", on: { submit: use } },
      el("label", { for: "key" }, t("key")),
      el("div", { class: "row" }, field, button(t("use"), null, { look: "solid", type: "submit" })),
      why,
    ),
    el("p", { class: "hint" }, el("a", { href: "/docs" }, t("api"))),
  );
}

function choice(name, label, value, options, act) {
  const radios = Object.entries(options).map(([key, word]) =>
    el(
      "label",
      {},
      el("input", { type: "radio", name, value: key, checked: key === value, on: { change: () => act(key) } }),
      el("span", {}, word),
    ),
  );
  return el("fieldset", { class: "choice" }, el("legend", {}, label), el("div", { class: "segments" }, radios));
}
