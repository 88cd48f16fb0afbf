// A citation in, its chip out: publisher and page, a card on hover and focus, the marked page on a click.

import { el, fill, icon } from "./dom.js";
import { address, go, here } from "./route.js";
import { day, t, verdictWord } from "./i18n.js";

export const langOf = (text) => (/[㐀-鿿]/.test(text) ? "zh-Hans" : "en");
const SIGN = { supported: "check", partial: "partial", unsupported: "cross" };
const flat = (boxes) => boxes.map((box) => [box.x0, box.y0, box.x1, box.y1]);

/** "p. 4": the number printed on the page, else its place in the file. */
export const pageName = (cited) => t("page_short", cited.page_label || cited.page + 1);

/** Where a citation or passage points to. */
export function target(cited) {
  return { report: cited.report_id, page: cited.page, boxes: flat(cited.boxes) };
}

/** A link that opens the page of a citation or passage with it marked. */
export function pageLink(cited, props, ...children) {
  const open = target(cited);
  const said = { quote: cited.quote || cited.text || "", verdict: cited.verdict || null };
  return el(
    "a",
    {
      ...props,
      href: address([], open),
      data: { report: cited.report_id, page: cited.page },
      on: {
        click(event) {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          const at = here();
          go(at.parts, open, { replace: Boolean(at.open), said });
        },
      },
    },
    ...children,
  );
}

/** The chip of a citation; `bare` leaves the publisher out where all citations are of one report. */
export function chip(cited, bare = false) {
  const label = cited.verdict.label;
  const name = bare ? "" : cited.publisher || cited.title;
  const link = pageLink(
    cited,
    { class: `chip ${label}`, "aria-label": [name, pageName(cited), verdictWord(label)].filter(Boolean).join(", ") },
    name && el("span", { class: "chip-name", lang: langOf(name) }, name),
    el("span", { class: "chip-page" }, pageName(cited)),
    icon(SIGN[label]),
  );
  const show = () => showCard(link, cited);
  link.addEventListener("mouseenter", show);
  link.addEventListener("focus", show);
  link.addEventListener("mouseleave", hideSoon);
  link.addEventListener("blur", hideCard);
  link.addEventListener("click", hideCard);
  return link;
}

/** A sentence with its chips. Cells of a table row are parted by tabs. */
export function sentence(one, { bare = false, tag = "p" } = {}) {
  const cells = one.text.split("\t").filter((cell) => cell.trim());
  const text = cells.flatMap((cell, n) => (n ? [el("span", { class: "cell-bar" }, " | "), cell] : [cell]));
  const chips = one.citations.map((cited) => chip(cited, bare));
  return el(
    tag,
    { class: "sentence", lang: langOf(one.text) },
    el("span", {}, ...text),
    " ",
    chips.length ? el("span", { class: "chips" }, chips) : el("span", { class: "chip unsupported" }, verdictWord("none")),
  );
}

/** What the check found; for a page that supports all of it there is no more to say. */
export function verdictLine({ label, reason }) {
  const said =
    label === "supported"
      ? t("checked")
      : el("span", {}, `${verdictWord(label)} · `, el("span", { lang: langOf(reason) }, reason));
  return el("p", { class: `card-verdict ${label}` }, icon(SIGN[label]), said);
}

// --- the card ---------------------------------------------------------------------------------------------------

let hiding;

function showCard(link, cited) {
  clearTimeout(hiding);
  const card = document.getElementById("card");
  const about = [cited.publisher, day(cited.published), pageName(cited)].filter(Boolean).join(" · ");
  const quote = cited.quote.replaceAll("\t", " | ");
  fill(
    card,
    el("p", { class: "card-about" }, about),
    el("p", { class: "card-title", lang: langOf(cited.title) }, cited.title),
    el("p", { class: "card-quote", lang: langOf(quote) }, quote.length > 260 ? `${quote.slice(0, 260)}…` : quote),
    verdictLine(cited.verdict),
    cited.read_by !== "text" && el("p", { class: "card-about" }, t(`read_${cited.read_by}`)),
  );
  card.hidden = false;
  link.setAttribute("aria-describedby", "card");
  const at = link.getBoundingClientRect();
  const size = card.getBoundingClientRect();
  const below = at.bottom + 8 + size.height < innerHeight;
  card.style.left = `${Math.max(12, Math.min(at.left, innerWidth - size.width - 12))}px`;
  card.style.top = `${below ? at.bottom + 8 : Math.max(12, at.top - 8 - size.height)}px`;
}

export function hideCard() {
  clearTimeout(hiding);
  document.getElementById("card").hidden = true;
}

function hideSoon() {
  hiding = setTimeout(hideCard, 180);
}

const card = document.getElementById("card");
card.addEventListener("mouseenter", () => clearTimeout(hiding));
card.addEventListener("mouseleave", hideSoon);
addEventListener("scroll", hideCard, { passive: true, capture: true });
addEventListener("keydown", (event) => event.key === "Escape" && hideCard());
