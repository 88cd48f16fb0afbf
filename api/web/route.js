// The address in, the view and the page to show out. `#/ask/ID?r=REPORT&p=3&b=x0,y0,x1,y1;...`: view, then open page.

/** Where we are: the parts of the path, and the page that is open beside it, if any. */
export function here() {
  const [path, search = ""] = location.hash.replace(/^#/, "").split("?");
  const params = new URLSearchParams(search);
  const report = params.get("r");
  const page = Number.parseInt(params.get("p") ?? "", 10);
  const open = report && page >= 0 ? { report, page, boxes: boxesOf(params.get("b")) } : null;
  return { parts: path.split("/").filter(Boolean).map(decoded), open };
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // an address typed by hand
  }
}

function boxesOf(text) {
  const boxes = (text || "").split(";").map((box) => box.split(",").map(Number));
  return boxes.filter((box) => box.length === 4 && box.every(Number.isFinite));
}

/** The address of a view with a page open beside it, or none. */
export function address(parts, open = null) {
  const path = parts.length || !open ? `/${parts.map(encodeURIComponent).join("/")}` : "";
  if (!open) return `#${path}`;
  const boxes = open.boxes.slice(0, 60).map((box) => box.map((n) => Math.round(n * 10) / 10).join(","));
  const marks = boxes.length ? `&b=${boxes.join(";")}` : "";
  return `#${path}?r=${encodeURIComponent(open.report)}&p=${open.page}${marks}`;
}

/** Goes there; what is said of the page (its quote) is kept with the entry of the history, and so survives a reload. */
export function go(parts, open = null, { replace = false, said = null } = {}) {
  const act = replace ? "replaceState" : "pushState";
  history[act]({ said }, "", address(parts, open));
  dispatchEvent(new CustomEvent("route"));
}

/** What was said of the page that is open. */
export const said = () => history.state?.said ?? null;
