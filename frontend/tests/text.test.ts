import assert from "node:assert/strict";
import { test } from "node:test";
import { utf16Offsets } from "../src/lib/offsets.ts";
import { preferred, segmentBlock } from "../src/lib/segments.ts";
import { model, role, statement } from "./samples.ts";

test("code points before and after an emoji", () => {
  const at = utf16Offsets("a😀b");
  assert.deepEqual([0, 1, 2, 3, 9].map(at), [0, 1, 3, 4, 4]);
  assert.deepEqual([0, 2, 9].map(utf16Offsets("abc")), [0, 2, 3]);
});

test("evidence after an emoji is the quoted words", () => {
  const text = "😀😀 They attacked Dori.";
  const m = model(text, [statement(text, "They attacked Dori.")]);
  assert.equal(text.slice(m.entries[0]!.start, m.entries[0]!.end), "They attacked Dori.");
});

test("nested and overlapping evidence is cut at every boundary, and nothing is lost", () => {
  const text = "One two three four five.";
  const m = model(text, [
    statement(text, "One two three"),
    statement(text, "two", { subject: role(text, "two") }),
    statement(text, "three four"),
  ]);
  const segments = segmentBlock(0, text.length, m.ranges);
  assert.equal(segments.map((s) => text.slice(s.start, s.end)).join(""), text);
  const of = (words: string) => segments.find((s) => text.slice(s.start, s.end) === words)!;
  assert.deepEqual(of("two").entries, [1, 0], "the shortest evidence comes first");
  assert.deepEqual([...of("three").entries].sort(), [0, 2]);
  assert.deepEqual(of("three").ends, [0]);
  assert.equal(preferred(of("two"), new Set([0, 1])), 1);
  assert.equal(preferred(of("two"), new Set([0])), 0);
  assert.equal(preferred(of("two"), new Set()), null);
});

test("a range that runs over two blocks is drawn in both", () => {
  const text = "First half\n\nsecond half";
  const m = model(text, [statement(text, text)]);
  assert.deepEqual(m.blocks.map((b) => text.slice(b.start, b.end)), ["First half", "second half"]);
  for (const b of m.blocks) assert.deepEqual(segmentBlock(b.start, b.end, m.ranges)[0]!.entries, [0]);
});

test("text between blocks is shown too", () => {
  const text = "Head\n\nloose words\n\nTail";
  const block = (start: number, end: number) => ({ start, end, kind: "paragraph", page: null, repeat_of: null });
  const m = model(text, [], [block(0, 4), block(19, 23)]);
  assert.deepEqual(m.blocks.map((b) => text.slice(b.start, b.end)), ["Head", "loose words", "Tail"]);
});
