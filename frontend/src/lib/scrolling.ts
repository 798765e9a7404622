/** Bring the words of a statement into the upper part of the window, so that the card has room below them. */
export function showWords(index: number): void {
  const first = document.querySelector(`[data-evidence~="${index}"]`);
  if (!first) return;
  first.closest("details")?.setAttribute("open", "");
  const box = first.getBoundingClientRect();
  // on a small screen the card is a sheet that covers the lower half
  const small = matchMedia("(max-width: 48rem)").matches;
  if (box.top > 90 && box.bottom < innerHeight * (small ? 0.3 : 0.5)) return;
  scrollTo({ top: scrollY + box.top - innerHeight * (small ? 0.16 : 0.24), behavior: motion() });
}

export function showSection(id: string): void {
  const section = document.getElementById(id);
  section?.scrollIntoView({ block: "start", behavior: motion() });
  section?.focus({ preventScroll: true });
}

function motion(): ScrollBehavior {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}
