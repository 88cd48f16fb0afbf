// Requests in, the JSON, events and pictures of the API out. The key, where one is needed, goes along in a header.

const KEY = "rr.key";

/** What the API says is wrong, in its own words. */
export class Problem extends Error {
  constructor(status, detail, candidates = []) {
    super(detail);
    this.status = status;
    this.candidates = candidates;
  }
}

export const key = () => sessionStorage.getItem(KEY) || "";

export function setKey(value) {
  if (value) sessionStorage.setItem(KEY, value);
  else sessionStorage.removeItem(KEY);
}

function headers(more = {}) {
  return key() ? { ...more, Authorization: `Bearer ${key()}` } : more;
}

function problem(status, body) {
  let said = {};
  try {
    said = JSON.parse(body);
  } catch {
    // no problem document: a proxy may have answered
  }
  if (status === 401) document.dispatchEvent(new CustomEvent("key-needed"));
  return new Problem(status, said.detail || `HTTP ${status}`, said.candidates || []);
}

async function send(path, options = {}) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (fault) {
    if (fault.name === "AbortError") throw fault;
    throw new Problem(0, "");
  }
  if (!response.ok) throw problem(response.status, await response.text());
  return response;
}

function asJson(body) {
  return { headers: headers({ "Content-Type": "application/json" }), body: JSON.stringify(body) };
}

export async function get(path, signal) {
  return (await send(path, { headers: headers(), signal })).json();
}

export async function post(path, body = {}) {
  return (await send(path, { method: "POST", ...asJson(body) })).json();
}

export async function patch(path, body) {
  return (await send(path, { method: "PATCH", ...asJson(body) })).json();
}

export async function remove(path) {
  await send(path, { method: "DELETE", headers: headers() });
}

/** A picture or file as an address of this page; whoever asked revokes it. */
export async function blobUrl(path, signal) {
  const response = await send(path, { headers: headers(), signal });
  return URL.createObjectURL(await response.blob());
}

/** Saves what a path gives as a file. */
export async function download(path, name) {
  const href = await blobUrl(path);
  const link = document.createElement("a");
  link.href = href;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

/** The server-sent events of a POST, as `[name, data]`. A stream that breaks off raises a Problem. */
export async function* events(path, body, signal) {
  const response = await send(path, { method: "POST", ...asJson(body), signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    let piece;
    try {
      piece = await reader.read();
    } catch (fault) {
      if (fault.name === "AbortError") throw fault;
      throw new Problem(0, "");
    }
    if (piece.done) return;
    rest += piece.value;
    const parts = rest.split(/\r?\n\r?\n/);
    rest = parts.pop();
    for (const part of parts) {
      const event = parse(part);
      if (event) yield event;
    }
  }
}

function parse(part) {
  let name = "message";
  const data = [];
  for (const line of part.split(/\r?\n/)) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
  }
  if (!data.length) return null;
  return [name, JSON.parse(data.join("\n"))];
}

/** Sends a file; `progress` hears the share that is sent. Only XMLHttpRequest tells how far an upload is. */
export function upload(file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/v1/reports");
    for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      if (request.status >= 400) reject(problem(request.status, request.responseText));
      else resolve(JSON.parse(request.responseText).results[0]);
    });
    request.addEventListener("error", () => reject(new Problem(0, "")));
    const form = new FormData();
    form.append("file", file);
    request.send(form);
  });
}

/** `{publisher: "x", since: ""}` as a query string without what is empty. */
export function query(values) {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const one of [value].flat()) if (one !== "" && one !== null && one !== undefined) params.append(name, one);
  }
  const text = params.toString();
  return text ? `?${text}` : "";
}
