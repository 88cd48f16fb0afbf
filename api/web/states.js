// The plain states of a view: nothing there, something wrong, still loading.

import { button, el } from "./dom.js";
import { fault, t } from "./i18n.js";

/** Why there is nothing, and what to do. */
export function empty(title, text, ...more) {
  return el("div", { class: "state" }, el("h2", {}, title), el("p", {}, text), ...more);
}

/** What is wrong in the words of the server, the nearest right values, and a way to try again. */
export function broken(error, again) {
  return el(
    "div",
    { class: "state broken", role: "alert" },
    el("p", {}, fault(error)),
    error.candidates?.length ? el("p", { class: "hint" }, `${t("maybe")} ${error.candidates.join(" · ")}`) : null,
    again && button(t("retry"), again, { look: "line" }),
  );
}

/** Lines that hold the place of what is coming. */
export function waiting(lines = 3, label = t("loading")) {
  return el(
    "div",
    { class: "waiting", role: "status" },
    el("span", { class: "waiting-label" }, label),
    Array.from({ length: lines }, () => el("span", { class: "bone" })),
  );
}
