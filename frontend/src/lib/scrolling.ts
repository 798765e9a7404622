/** Bring the words of a statement into view; without motion for those who asked for less of it. */
export function showWords(index: number): void {
  const first = document.querySelector(`[data-evidence~="${index}"]`);
  if (!first) return;
  first.closest("details")?.setAttribute("open", "");
  const box = first.getBoundingClientRect();
  if (box.top > 90 && box.bottom < innerHeight * 0.6) return;
  first.scrollIntoView({ block: "center", behavior: motion() });
}

export function showSection(id: string): void {
  const section = document.getElementById(id);
  section?.scrollIntoView({ block: "start", behavior: motion() });
  section?.focus({ preventScroll: true });
}

function motion(): ScrollBehavior {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}
