// Python counts code points, JavaScript counts UTF-16 units. They differ after the first character beyond U+FFFF.

/** A function from a code-point offset of `text` to its UTF-16 offset. */
export function utf16Offsets(text: string): (codePoint: number) => number {
  const clamp = (n: number, max: number): number => Math.min(Math.max(n, 0), max);
  if (!/[\u{10000}-\u{10FFFF}]/u.test(text)) return (offset) => clamp(offset, text.length);
  const table: number[] = [];
  let unit = 0;
  for (const character of text) {
    table.push(unit);
    unit += character.length;
  }
  table.push(unit);
  return (offset) => table[clamp(offset, table.length - 1)] ?? unit;
}
