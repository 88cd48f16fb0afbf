// Keys in, words in Chinese or English out; dates and counts as each language writes them.

import { EN, ZH } from "./strings.js";

const chosen = localStorage.getItem("rr.lang");
export const language = chosen || (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
const WORDS = language === "zh" ? ZH : EN;
document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";

/** The words of a key, with `{}` filled in order. */
export function t(name, ...values) {
  const text = WORDS[name] ?? EN[name] ?? name;
  return text.replace(/\{\}/g, () => String(values.shift() ?? ""));
}

/** A count with its noun: keys `NAME_one` and `NAME_many`. */
export const count = (name, number) => t(number === 1 ? `${name}_one` : `${name}_many`, number.toLocaleString(language));

/** A day as `7 Jul 2025` or `2025年7月7日`. */
export function day(iso) {
  if (!iso) return "";
  const [year, month, date] = iso.slice(0, 10).split("-").map(Number);
  const options = { year: "numeric", month: language === "zh" ? "long" : "short", day: "numeric" };
  return new Date(year, month - 1, date).toLocaleDateString(language === "zh" ? "zh-CN" : "en-GB", options);
}

/** A moment as a day, or as a time where it was today. */
export function moment(iso) {
  const at = new Date(iso);
  const today = at.toDateString() === new Date().toDateString();
  if (today) return at.toLocaleTimeString(language === "zh" ? "zh-CN" : "en-GB", { hour: "2-digit", minute: "2-digit" });
  return day(`${at.getFullYear()}-${at.getMonth() + 1}-${at.getDate()}`);
}

export const verdictWord = (label) => t(`verdict_${label}`);

/** A value of the API (a type of report, a state) in words; as it stands where there are none. */
export const named = (kind, value) => WORDS[`${kind}_${value}`] ?? String(value);

/** A Problem in words. */
export const fault = (error) => (error.status === 0 ? t("unreachable") : error.message || t("failed"));
