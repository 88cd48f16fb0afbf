// Names and data in, elements out. Data only ever becomes text nodes and attributes, never markup.

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  check: "M3.5 8.5l3 3 6-7",
  partial: "M2.5 9.5c1.8-2.6 3.6-2.6 5.4-1s3.7 1.4 5.6-1.2",
  cross: "M4 4l8 8M12 4l-8 8",
  left: "M10 3L5 8l5 5",
  right: "M6 3l5 5-5 5",
  down: "M3 6l5 5 5-5",
  send: "M8 13V3M3.5 7.5L8 3l4.5 4.5",
  stop: "M4.5 4.5h7v7h-7z",
  copy: "M6 5.5h7v8H6zM3 10.5v-8h7",
  link: "M6.5 9.5l3-3M7 4.5l1.5-1.5a3 3 0 0 1 4.5 4.5L11.5 9M9 11.5L7.5 13A3 3 0 0 1 3 8.5L4.5 7",
  save: "M8 2.5v8M4.5 7.5L8 11l3.5-3.5M3 13.5h10",
  filter: "M2.5 4h11M4.5 8h7M6.5 12h3",
  settings: "M2.5 5h6M11.5 5h2M2.5 11h2M7.5 11h6M10 3.2v3.6M6 9.2v3.6",
  zoom: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.2 3.2M5 7h4M7 5v4",
  upload: "M8 10.5v-8M4.5 6L8 2.5 11.5 6M3 13.5h10",
};

/** An element: `props` are attributes, `on` its listeners, `data` its dataset; children are elements, texts or nothing. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(9).filter((child) => child !== undefined && child !== null && child !== false && child !== ""));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button with a word, an icon, or both; an icon alone is named by `label`. */
export function button(label, act, { look = "quiet", sign, bare = false, ...props } = {}) {
  const named = bare ? { "aria-label": label, title: label } : {};
  return el(
    "button",
    { type: "button", class: `button ${look}${bare ? " bare" : ""}`, on: act ? { click: act } : undefined, ...named, ...props },
    sign && icon(sign),
    !bare && el("span", {}, label),
  );
}

export function fill(node, ...children) {
  node.replaceChildren();
  node.append(...children.flat(9).filter(Boolean));
  return node;
}

let fading;
/** A line at the foot of the page that goes away by itself. */
export function toast(text) {
  const line = document.getElementById("toast");
  line.textContent = text;
  line.classList.add("shown");
  clearTimeout(fading);
  fading = setTimeout(() => line.classList.remove("shown"), 3500);
}

export function remembered(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(`rr.${name}`)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(name, value) {
  localStorage.setItem(`rr.${name}`, JSON.stringify(value));
}
