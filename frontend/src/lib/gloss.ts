// One line that says what a statement says, in plain words.

import type { Statement, Words } from "./types.ts";

export function typeWords(type: string, words: Words): string {
  return words.types[type] ?? type.replaceAll("_", " ");
}

export function gloss(s: Statement, subject: string | null, object: string | null, words: Words): string {
  const not = s.polarity === "negated" ? "not: " : "";
  const type = typeWords(s.type, words);
  // "globally", "across the region": such words bring their own preposition
  const ready = s.place.every((p) => /ly$|^(across|around|along|in|near|outside|throughout|worldwide)\b/i.test(p.surface));
  const where = s.place.length ? `${ready ? " " : " in "}${s.place.map((p) => p.surface).join(", ")}` : "";
  const amount = s.quantity?.surface;
  switch (s.kind) {
    case "tie":
      // two names of one actor: the canonical name would say nothing
      if (s.type === "alias_of") return `“${s.subject?.surface ?? "?"}” ${not}${type} “${s.object?.surface ?? "?"}”`;
      return `${subject ?? "?"} ${not}${type} ${object ?? "?"}`;
    case "event":
      return `${not}${[subject, type].filter(Boolean).join(": ")}${object ? ` → ${object}` : ""}${where}`;
    case "count":
      return `${not}${amount ?? "?"} ${amount?.includes(type) ? "" : type}${subject ? ` by ${subject}` : ""}${object ? ` of ${object}` : ""}${where}`
        .replace(/ {2,}/g, " ");
    case "strength":
      return `${subject ?? "?"}: ${not}${amount ?? "?"} ${amount?.includes(type) ? "" : type}${where}`.trim();
    case "presence":
      return `${subject ?? "?"}: ${not}${type}${where}`;
    case "aim":
      return `${subject ?? "?"}: ${not}${type} “${s.text ?? ""}”`;
    case "cause":
      return `“${s.text ?? subject ?? "?"}” ${not}${type} “${s.effect ?? object ?? "?"}”`;
  }
}

export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(length - 1, 1)).trimEnd()}…`;
}

/** `55–80 %`, or null where the cue is none of ICD 203's terms. */
export function percent(low: number | null, high: number | null): string | null {
  if (low === null || high === null) return null;
  return `${Math.round(low * 100)}–${Math.round(high * 100)} %`;
}

export function numberWords(low: number | null, high: number | null): string {
  const show = (n: number): string => n.toLocaleString("en-GB");
  if (low !== null && high !== null) return low === high ? show(low) : `${show(low)} to ${show(high)}`;
  if (low !== null) return `${show(low)} or more`;
  if (high !== null) return `up to ${show(high)}`;
  return "no number";
}
