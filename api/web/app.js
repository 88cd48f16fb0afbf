// The frame of the page: the bar with its views and settings, and which view the address asks for.

import { get, query } from "./api.js";
import { showAsk } from "./ask.js";
import { hideCard } from "./cite.js";
import { showCompare } from "./compare.js";
import { el, fill, remembered } from "./dom.js";
import { showFeed } from "./feed.js";
import { t } from "./i18n.js";
import { showLibrary } from "./library.js";
import { showPanel } from "./panel.js";
import { address, here } from "./route.js";
import { openSettings, settings } from "./settings.js";

const VIEWS = { ask: showAsk, feed: showFeed, compare: showCompare, library: showLibrary };
const view = document.getElementById("view");
let shown = ""; // the path of the view that is drawn
let leave = null; // ends what the view has running

function drawBar() {
  const links = Object.keys(VIEWS).map((name) =>
    el("a", { href: address([name]), data: { view: name } }, t(name), name === "feed" && el("span", { class: "badge", hidden: true })),
  );
  fill(
    document.getElementById("bar"),
    el("a", { class: "skip", href: "#view", on: { click: skip } }, t("skip")),
    el("a", { class: "brand", href: address(["ask"]) }, el("img", { src: "/web/icon.svg", alt: "", width: 22, height: 22 }), "report-rag"),
    el("nav", { "aria-label": t("nav") }, links),
    settings(),
  );
}

function skip(event) {
  event.preventDefault();
  view.focus();
}

/** Draws the view of the address, unless it is there already, and the page beside it. */
function follow() {
  const [name = "ask", ...rest] = here().parts;
  const path = [name, ...rest].join("/");
  hideCard();
  if (path !== shown) {
    shown = path;
    leave?.();
    const at = VIEWS[name] ? name : "ask";
    for (const link of document.querySelectorAll("nav a")) {
      if (link.dataset.view === at) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    document.title = `${t(at)} · report-rag`;
    document.body.dataset.view = at;
    view.replaceChildren();
    scrollTo(0, 0);
    leave = VIEWS[at](view, rest, { moved: (parts) => (shown = parts.join("/")) });
  }
  showPanel();
}

async function countUnread() {
  const seen = remembered("seen", "");
  if (!seen) return;
  try {
    const { digests } = await get(`/v1/digests${query({ made_since: seen, limit: 100 })}`);
    const badge = document.querySelector(".badge");
    badge.textContent = digests.length;
    badge.hidden = !digests.length || shown.startsWith("feed");
  } catch {
    // the view says what is wrong
  }
}

addEventListener("route", follow);
addEventListener("popstate", follow);
addEventListener("hashchange", follow);
document.addEventListener("key-needed", () => openSettings(true));
document.addEventListener("key-set", () => {
  shown = "";
  follow();
});
drawBar();
follow();
countUnread();
