// PDFs dropped or chosen in, jobs followed until they end. Jobs are the server's: they are there again after a reload.

import { get, post, upload } from "./api.js";
import { button, el, fill } from "./dom.js";
import { fault, t } from "./i18n.js";

const LOOK_MS = 900;
const MOST = 8; // jobs of before that are shown
const RECENT_MS = 10 * 60_000;
const LIVE = new Set(["queued", "running"]);

/** The place to drop files on, with the jobs. `ready` hears when a report can be cited. */
export function uploads(ready) {
  const list = el("ul", { class: "jobs", "aria-label": t("uploads") });
  const rows = new Map(); // by job
  let stopped = false;
  let timer;

  const follow = (job, row) => {
    row ??= rows.get(job.id) ?? addRow(list, job.name);
    const was = rows.get(job.id);
    rows.set(job.id, row);
    const before = row.dataset.state;
    showJob(row, job, follow);
    if (job.state === "done" && LIVE.has(before)) ready();
    if (!was && LIVE.has(job.state)) look();
  };

  const look = () => {
    clearTimeout(timer);
    if (stopped || ![...rows.values()].some((row) => LIVE.has(row.dataset.state))) return;
    timer = setTimeout(async () => {
      try {
        const live = [...rows].filter(([, row]) => LIVE.has(row.dataset.state));
        for (const job of await Promise.all(live.map(([id]) => get(`/v1/jobs/${id}`)))) follow(job);
      } catch {
        // the server may be starting anew: look again
      }
      look();
    }, LOOK_MS);
  };

  const take = async (files) => {
    for (const file of files) {
      const row = addRow(list, file.name);
      if (!/\.pdf$/i.test(file.name) && file.type !== "application/pdf") {
        showFault(row, t("not_pdf"));
        continue;
      }
      await send(file, row, follow);
    }
  };

  const chooser = el("input", {
    type: "file", id: "files", accept: "application/pdf,.pdf", multiple: true, class: "off",
    on: { change: () => { take([...chooser.files]); chooser.value = ""; } },
  });
  const zone = el(
    "div",
    { class: "drop" },
    el("p", {}, el("span", { class: "drop-here" }, t("drop"), " "), el("label", { for: "files", class: "drop-browse" }, t("browse")), chooser),
    el("p", { class: "hint" }, t("drop_sub")),
  );
  const drop = dropping(zone, take);
  pastJobs().then((jobs) => jobs.reverse().forEach((job) => follow(job)), () => {});
  const stop = () => {
    stopped = true;
    clearTimeout(timer);
    drop.abort();
  };
  return { node: el("div", {}, zone, list), stop };
}

/** Files may be dropped anywhere on the view. */
function dropping(zone, take) {
  const ending = new AbortController();
  const listen = (name, act) => addEventListener(name, act, { signal: ending.signal });
  const over = (on) => zone.classList.toggle("over", on);
  listen("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  listen("dragleave", (event) => !event.relatedTarget && over(false));
  listen("drop", (event) => {
    event.preventDefault();
    over(false);
    take([...event.dataTransfer.files]);
  });
  return ending;
}

/** What runs and waits, and what came in the last minutes. */
async function pastJobs() {
  const { jobs } = await get("/v1/jobs?limit=30");
  const lately = Date.now() - RECENT_MS;
  return jobs.filter((job) => job.kind === "upload" && (LIVE.has(job.state) || new Date(job.updated) > lately)).slice(0, MOST);
}

async function send(file, row, follow) {
  try {
    const { job, problem } = await upload(file, (share) => showProgress(row, share, t("up_sending")));
    if (job) follow(job, row);
    else showFault(row, problem.detail);
  } catch (error) {
    showFault(row, fault(error));
  }
}

function addRow(list, name) {
  const row = el(
    "li",
    { class: "job", data: { state: "sending" } },
    el("span", { class: "job-name" }, name),
    el("span", { class: "job-said", role: "status" }, t("up_sending")),
    el("span", { class: "job-act" }),
    el("progress", { class: "job-bar", max: 1, value: 0, "aria-label": name }),
  );
  list.prepend(row);
  return row;
}

const part = (row, name) => row.querySelector(`.job-${name}`);

function showProgress(row, share, said) {
  part(row, "bar").value = share;
  part(row, "said").textContent = said;
}

function showFault(row, said) {
  row.dataset.state = "failed";
  part(row, "said").textContent = said;
}

function showJob(row, job, follow) {
  row.dataset.state = job.state;
  row.classList.toggle("doubtful", job.state === "done" && isEmpty(job.result));
  const act = (name, path) => button(t(name), async () => {
    try {
      follow(await post(`/v1/jobs/${job.id}/${path}`));
    } catch (error) {
      part(row, "said").textContent = fault(error);
    }
  });
  const again = job.state === "failed" || job.state === "cancelled";
  fill(part(row, "act"), LIVE.has(job.state) && !job.cancelling ? act("cancel", "cancel") : again ? act("retry", "retry") : null);
  showProgress(row, job.state === "done" ? 1 : job.total ? job.done / job.total : 0, said(job));
}

function said(job) {
  if (job.cancelling) return t("cancelling");
  if (job.state === "failed") return job.reason || t("job_failed");
  if (job.state === "done") return ended(job.result);
  if (job.state !== "running") return t(`job_${job.state}`);
  const stage = job.stage ? t(`stage_${job.stage}`) : t("job_running");
  return job.total ? `${stage} ${job.done} / ${job.total}` : stage;
}

/** Read, and nothing of it can be cited. */
function isEmpty({ status, chunks }) {
  return (status === "added" || status === "updated") && !chunks;
}

function ended({ status, chunks, warnings }) {
  if (status === "unchanged") return t("job_same");
  if (isEmpty({ status, chunks })) return t("job_nothing");
  return [t("job_done"), ...warnings.slice(0, 1)].join(" · ");
}
