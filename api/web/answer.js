// One question and its answer: what was understood, sentences with their chips, refusal, sources. It grows as it comes.

import { download, get } from "./api.js";
import { langOf, pageLink, pageName, sentence } from "./cite.js";
import { button, el, fill, icon, toast } from "./dom.js";
import { count, day, fault, t } from "./i18n.js";
import { address } from "./route.js";
import { broken, waiting } from "./states.js";

/** An article for a question. `add` takes the events of a stream, `whole` a kept answer. */
export class Turn {
  constructor(question, limits = []) {
    this.sentences = [];
    this.about = { question };
    this.lead = el("p", { class: "understood" });
    this.text = el("div", { class: "sentences", "aria-live": "polite" }, waiting(3, t("searching")));
    this.foot = el("div", { class: "turn-foot" });
    this.sources = el("aside", { class: "sources", "aria-label": t("sources") });
    this.node = el(
      "article",
      { class: "turn" },
      el(
        "div",
        { class: "turn-main" },
        el("h2", { class: "asked", lang: langOf(question) }, question),
        this.lead,
        this.text,
        this.foot,
      ),
      this.sources,
    );
    if (limits.length) this.lead.append(tag(t("u_limit", limits.join(" · "))));
  }

  whole(answer) {
    this.understood(answer);
    fill(this.text);
    for (const one of answer.sentences) this.sentence(one);
    if (answer.refusal) this.refusal(answer);
    this.done(answer);
  }

  add(name, data) {
    if (name === "understood") this.understood(data);
    else if (name === "passages") this.passages(data.passages);
    else if (name === "sentence") this.sentence(data);
    else if (name === "refusal") this.refusal(data);
    else if (name === "done") this.done(data);
  }

  understood(one) {
    this.about = { ...this.about, ...one };
    this.lead.append(...understoodTags(one));
  }

  passages(found) {
    const reports = new Set(found.map((passage) => passage.report_id)).size;
    const label = this.text.querySelector(".waiting-label");
    if (label) label.textContent = t("found", found.length, count("reports", reports));
  }

  sentence(one) {
    this.text.querySelector(".waiting")?.remove();
    this.sentences.push(one);
    this.text.append(sentence(one));
    fill(this.sources, sourceList(this.sentences.flatMap((each) => each.citations)));
  }

  refusal({ refusal, leads }) {
    fill(
      this.text,
      el("div", { class: "refusal" }, el("h3", {}, t("refused")), el("p", { lang: langOf(refusal) }, refusal)),
      leads.length ? el("h3", { class: "leads-head" }, t("leads")) : null,
      leads.map((lead) =>
        pageLink(
          lead,
          { class: "lead" },
          el("span", { class: "lead-about" }, [lead.publisher, day(lead.published), pageName(lead)].filter(Boolean).join(" · ")),
          el("span", { class: "lead-title", lang: langOf(lead.title) }, lead.title),
          el("span", { class: "lead-text", lang: langOf(lead.text) }, lead.text.replaceAll("\t", " | ")),
        ),
      ),
    );
  }

  done({ id, conversation, writer, model, notices }) {
    this.about = { ...this.about, id, conversation };
    this.text.querySelector(".waiting")?.remove();
    const link = () => `${location.origin}/${address(["ask", conversation])}`;
    fill(
      this.foot,
      notices.map((notice) => el("p", { class: "note" }, notice)),
      el(
        "div",
        { class: "actions" },
        this.sentences.length ? button(t("copy"), () => copy(this.asText()), { sign: "copy" }) : null,
        conversation && button(t("copy_link"), () => copy(link()), { sign: "link" }),
        id && button(t("export"), () => exported(id), { sign: "save" }),
        el("span", { class: "writer" }, this.sentences.length ? (writer === "llm" ? t("writer_llm", model) : t("writer_extractive")) : ""),
      ),
    );
  }

  /** It ends without `done`: stopped by the reader, or broken off. `again` asks once more. */
  ended(error, again) {
    this.text.querySelector(".waiting")?.remove();
    this.text.hidden = !this.text.childElementCount;
    if (error) return fill(this.foot, broken(error, again));
    return fill(this.foot, el("div", { class: "note", role: "status" }, t("stopped")), el("div", { class: "actions" }, button(t("retry"), again)));
  }

  /** Question and sentences with numbered notes, to paste elsewhere. */
  asText() {
    const notes = [];
    const lines = this.sentences.map((one) => {
      const marks = one.citations.map((cited) => `[${number(notes, noteOf(cited))}]`).join("");
      return `${one.text.replaceAll("\t", " | ")} ${marks}`.trim();
    });
    return [this.about.question, "", ...lines, "", ...notes.map((note, n) => `[${n + 1}] ${note}`)].join("\n");
  }
}

function noteOf(cited) {
  return [cited.publisher, cited.title, cited.published, pageName(cited)].filter(Boolean).join(", ");
}

function number(notes, note) {
  if (!notes.includes(note)) notes.push(note);
  return notes.indexOf(note) + 1;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = el("textarea", { class: "off", value: text }); // where the page is not served securely
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  toast(t("copied"));
}

async function exported(id) {
  try {
    await download(`/v1/answers/${id}/export`, `answer-${id}.md`);
  } catch (error) {
    toast(fault(error));
  }
}

// --- what was understood --------------------------------------------------------------------------------------------

const tag = (...content) => el("span", { class: "tag" }, ...content);

/** What was read out of a question or topic, as tags. */
export function understoodTags(one) {
  const said = [];
  const add = (name, values) => values.length && said.push(t(name, values.join(", ")));
  const { limits, published } = one;
  if (one.asked) said.push(one.question); // a follow-up, made whole from what went before
  add("u_only", [...limits.publishers, ...limits.kinds, ...limits.languages.map((code) => t(`lang_${code}`))]);
  if (limits.since || limits.until) said.push(t("u_only", span(limits)));
  add("u_publishers", one.mentioned.filter((name) => !limits.publishers.includes(name)));
  add("u_companies", one.companies);
  add("u_periods", one.periods);
  add("u_kinds", one.kinds.filter((kind) => !limits.kinds.includes(kind)));
  if (published) said.push(t("u_published", span(published)));
  if (one.compares) said.push(t("u_compares"));
  for (const term of one.terms.slice(0, 4)) {
    const others = [...new Set([...term.zh, ...term.en])].filter((name) => name.toLowerCase() !== term.text.toLowerCase());
    if (others.length) said.push(t("u_terms", `${term.text} = ${others.slice(0, 2).join(", ")}`));
  }
  add("u_quoted", one.quoted);
  for (const wording of one.rewritten) said.push(t("u_rewritten", wording));
  return said.length ? [el("span", { class: "understood-label" }, t("understood")), ...said.map((text) => tag(text))] : [];
}

const span = ({ since, until }) => `${since || "…"} – ${until || "…"}`;

// --- its sources ----------------------------------------------------------------------------------------------------

/** All citations by report, in the order they were first cited, each page once. */
export function sourceList(citations) {
  const reports = new Map();
  for (const cited of citations) {
    if (!reports.has(cited.report_id)) reports.set(cited.report_id, new Map());
    const pages = reports.get(cited.report_id);
    const before = pages.get(cited.page);
    pages.set(cited.page, before ? { ...before, boxes: [...before.boxes, ...cited.boxes] } : cited);
  }
  if (!reports.size) return [];
  const entries = [...reports.values()].map((pages) => {
    const [first] = pages.values();
    const links = [...pages.values()].sort((a, b) => a.page - b.page);
    return el(
      "li",
      {},
      el("span", { class: "source-about" }, [first.publisher, day(first.published)].filter(Boolean).join(" · ")),
      el("span", { class: "source-title", lang: langOf(first.title) }, first.title),
      el("span", { class: "source-pages" }, links.map((cited) => pageLink(cited, { class: "source-page" }, pageName(cited)))),
    );
  });
  return [el("h3", {}, icon("check"), t("sources")), el("ol", {}, entries)];
}

/** The answers of a conversation that is kept. */
export const conversation = (id, signal) => get(`/v1/conversations/${encodeURIComponent(id)}`, signal);
