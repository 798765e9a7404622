// Reasons in the words of people: a whole sentence, its details apart, and the few kinds that many of them come down to.

export interface ReasonParts {
  main: string;
  details: string[];
}

/** Longer than this, what stands in brackets at the end is shown as a list. */
const LONG = 140;

export function sentence(words: string): string {
  const whole = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?…”"]$/.test(whole) || !whole ? whole : `${whole}.`;
}

export function reasonParts(reason: string): ReasonParts {
  const found = reason.length > LONG ? /^(.+?) \(([^()]*; [^()]*)\)\.?$/.exec(reason) : null;
  if (!found) return { main: sentence(reason), details: [] };
  const details: string[] = [];
  for (const part of found[2]!.split("; ")) {
    // what yearly data show belongs to the stretch before it
    if (part.startsWith("yearly data") && details.length) details.push(`${details.pop()}; ${part}`);
    else details.push(part);
  }
  return { main: sentence(found[1]!), details: details.map((d) => d.charAt(0).toUpperCase() + d.slice(1)) };
}

/** Words and ISO days by turns, so that no day is broken over two lines; every other piece is a day. */
export function aroundDays(words: string): string[] {
  return words.split(/(\d{4}-\d{2}-\d{2})/);
}

// the third: whether the reason itself tells more than the claim does
const KINDS: readonly [RegExp, string, boolean][] = [
  [/^event data do not record persons such as /, "event data do not record single persons", false],
  [/^event data do not record ties of the kind /, "event data do not record ties of this kind", false],
  [/^(.+?) does not record /, "$1 does not record what is claimed here", false],
  [/^(no single events of .+ are covered|the record does not cover )/, "the data do not cover the place in this period", true],
  [/^the record knows no actor /, "the record does not know the actor", true],
];

/** What a reason comes down to without the names in it; the reason itself where it is of no known kind. */
export function reasonKind(reason: string): { kind: string; more: boolean } {
  for (const [pattern, kind, more] of KINDS) {
    const found = pattern.exec(reason);
    if (found) return { kind: kind.replace("$1", () => found[1] ?? ""), more };
  }
  return { kind: reason, more: false };
}
