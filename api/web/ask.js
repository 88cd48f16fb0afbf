// The view of questions: a box with filters and examples, then the conversation. Kept by the server, found by its link.

import { events, get, Problem } from "./api.js";
import { conversation, Turn } from "./answer.js";
import { button, el, fill, icon, remember, remembered } from "./dom.js";
import { active, facetsOf, filterFields, inWords } from "./filters.js";
import { language, t } from "./i18n.js";
import { langOf } from "./cite.js";
import { address, go, here } from "./route.js";
import { broken, empty, waiting } from "./states.js";

const RECENT = 6;
const limits = {}; // filters last as long as the page

/** Draws the view into `view`; what it gives back ends what runs. */
export function showAsk(view, [id], frame) {
  const page = new Ask(view, id, frame);
  page.start();
  return () => page.leave();
}

class Ask {
  constructor(view, id, frame) {
    this.view = view;
    this.id = id || null;
    this.frame = frame;
    this.running = null;
    this.turns = el("div", { class: "turns" });
    this.intro = el("div", { class: "intro" });
    this.composer = this.makeComposer();
    fill(view, this.intro, this.turns, this.composer);
  }

  async start() {
    if (!this.id) return this.welcome();
    this.talking();
    fill(this.turns, waiting(5));
    try {
      const kept = await conversation(this.id);
      fill(this.turns);
      for (const answer of kept.answers) {
        const turn = new Turn(answer.asked || answer.question);
        turn.whole(answer);
        this.turns.append(turn.node);
      }
    } catch (error) {
      if (error.status === 404) forgetRecent(this.id);
      const fresh = el("a", { class: "button solid", href: address(["ask"]) }, t("new_chat"));
      fill(this.turns, error.status === 404 ? empty(t("nothing_kept"), t("not_kept"), fresh) : broken(error, () => this.start()));
    }
  }

  leave() {
    this.running?.abort();
    this.view.classList.remove("start");
  }

  async welcome() {
    this.view.classList.add("start");
    const more = el("div", { class: "starters" });
    fill(this.intro, el("h1", {}, t("hero")), el("p", { class: "sub" }, t("hero_sub")));
    this.composer.after(more);
    this.starters = more;
    this.field.focus({ preventScroll: true });
    try {
      const { reports, total } = await get("/v1/reports?limit=12");
      if (!total) {
        const link = el("a", { class: "button solid", href: address(["library"]) }, t("to_library"));
        return fill(more, empty(t("empty_corpus"), t("empty_corpus_sub"), link));
      }
      fill(more, this.list("examples", examples(reports), (text) => this.ask(text)), this.recent());
    } catch (error) {
      fill(more, broken(error, () => (more.remove(), this.welcome())));
    }
    return undefined;
  }

  list(name, texts, act) {
    if (!texts.length) return null;
    const items = texts.map((text) => el("li", {}, button(text, () => act(text), { look: "starter", lang: langOf(text) })));
    return el("section", {}, el("h2", {}, t(name)), el("ul", {}, items));
  }

  recent() {
    const kept = remembered("recent", []);
    if (!kept.length) return null;
    const items = kept.map((one) =>
      el("li", {}, el("a", { class: "starter", href: address(["ask", one.id]), lang: langOf(one.question) }, one.question)),
    );
    return el("section", {}, el("h2", {}, t("recent")), el("ul", {}, items));
  }

  talking() {
    this.view.classList.remove("start");
    this.starters?.remove();
    fill(this.intro, el("h1", { class: "off" }, t("ask")));
    this.field.placeholder = t("follow");
  }

  makeComposer() {
    this.field = el("textarea", {
      id: "question", rows: 1, maxlength: 2000, placeholder: t("placeholder"), "aria-label": t("question"), enterkeyhint: "send",
      on: {
        keydown: (event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
          event.preventDefault();
          this.ask(this.field.value);
        },
      },
    });
    this.submit = button(t("send"), null, { look: "solid", sign: "send", bare: true, type: "submit" });
    this.stop = button(t("stop"), () => this.running?.abort(), { look: "solid", sign: "stop", bare: true, hidden: true });
    const set = el("span", { class: "filters-set" });
    const tell = () => fill(set, inWords(limits).map((word) => el("span", { class: "tag" }, word)));
    const fields = el("div", { class: "composer-filters", id: "ask-filters", hidden: true }, filterFields(limits, tell));
    const open = (on) => {
      fields.hidden = !on;
      toggle.setAttribute("aria-expanded", String(on));
    };
    this.fold = () => open(false);
    const toggle = el(
      "button",
      {
        type: "button", class: "button quiet", "aria-expanded": "false", "aria-controls": "ask-filters",
        on: { click: () => open(fields.hidden) },
      },
      icon("filter"),
      el("span", {}, t("filters")),
    );
    tell();
    const submit = (event) => {
      event.preventDefault();
      this.ask(this.field.value);
    };
    return el(
      "form",
      { class: "composer", on: { submit } },
      fields,
      this.field,
      el("div", { class: "composer-foot" }, toggle, set, this.submit, this.stop),
    );
  }

  async ask(question) {
    if (!question.trim() || this.running) return;
    if (!this.turns.querySelector(".turn")) fill(this.turns);
    this.talking();
    this.fold();
    const asked = active(limits);
    const turn = new Turn(question.trim(), inWords(limits));
    this.turns.append(turn.node);
    this.field.value = "";
    turn.node.scrollIntoView({ block: "start", behavior: calm() });
    await this.run(turn, question.trim(), asked);
  }

  async run(turn, question, asked) {
    this.running = new AbortController();
    this.submit.hidden = true;
    this.stop.hidden = false;
    const body = { question, stream: true, keep: true, ...asListed(asked) };
    if (this.id) body.conversation = this.id;
    const again = () => {
      turn.node.remove();
      this.field.value = question;
      this.ask(question);
    };
    try {
      let ended = false;
      for await (const [name, data] of events("/v1/answers", body, this.running.signal)) {
        if (name === "error") throw new Problem(data.status, data.detail, data.candidates);
        turn.add(name, data);
        if (name === "done") {
          ended = true;
          this.kept(data.conversation, question);
        }
      }
      if (!ended) throw new Problem(-1, t("interrupted"));
    } catch (error) {
      turn.ended(error.name === "AbortError" ? null : error, again);
    } finally {
      this.running = null;
      this.submit.hidden = false;
      this.stop.hidden = true;
    }
  }

  /** The answer has a link now: the address takes it, without drawing the view anew. */
  kept(id, question) {
    if (this.id || !this.view.contains(this.turns)) return;
    this.id = id;
    this.frame.moved(["ask", id]);
    go(["ask", id], here().open, { replace: true, said: history.state?.said });
    const others = remembered("recent", []).filter((one) => one.id !== id);
    remember("recent", [{ id, question }, ...others].slice(0, RECENT));
  }
}

const calm = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");

function asListed({ publisher, type, ...others }) {
  return { ...(publisher ? { publisher: [publisher] } : {}), ...(type ? { type: [type] } : {}), ...others };
}

function forgetRecent(id) {
  remember("recent", remembered("recent", []).filter((one) => one.id !== id));
}

/** Questions that the newest reports answer, those in the language of the page first. */
function examples(reports) {
  const own = (report) => (report.language === language ? 0 : 1);
  const made = [...reports].sort((a, b) => own(a) - own(b)).map((report) => {
    const words = WORDINGS[report.language];
    if (report.company && report.rating) return words.rating(report.company);
    if (report.type === "filing") return words.results(report.company || report.publisher || report.title);
    if (report.publisher) return words.view(report.publisher);
    return report.company && words.results(report.company);
  });
  return [...new Set(made.filter(Boolean))].slice(0, 4);
}

const WORDINGS = {
  zh: {
    rating: (company) => `${company}的评级和目标价是多少？`,
    view: (publisher) => `${publisher}的主要观点是什么？`,
    results: (company) => `${company}的业绩如何？`,
  },
  en: {
    rating: (company) => `What is the target price of ${company}?`,
    view: (publisher) => `What does ${publisher} expect?`,
    results: (company) => `How did the revenue of ${company} develop?`,
  },
};

facetsOf().catch(() => {});
