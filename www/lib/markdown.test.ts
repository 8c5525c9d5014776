import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMarkdown } from "./markdown.ts";

test("headings, lists and paragraphs become blocks", () => {
  const blocks = parseMarkdown("## Overview\nOne\ntwo\n\n- a\n- **b**\n1. c");
  assert.deepEqual(
    blocks.map((block) => block.kind),
    ["heading", "paragraph", "list", "list"],
  );
  assert.deepEqual(blocks[1], { kind: "paragraph", spans: [{ kind: "text", text: "One two" }] });
});

test("a link needs http or https", () => {
  const [bad] = parseMarkdown("[x](javascript:alert(1))");
  assert.deepEqual(bad, { kind: "paragraph", spans: [{ kind: "text", text: "[x](javascript:alert(1))" }] });
  const [good] = parseMarkdown("see [docs](https://docs.example/a)");
  assert.ok(good?.kind === "paragraph" && good.spans[1]?.kind === "link");
});

test("tags stay text", () => {
  const [block] = parseMarkdown("<img src=x onerror=alert(1)>");
  assert.deepEqual(block, { kind: "paragraph", spans: [{ kind: "text", text: "<img src=x onerror=alert(1)>" }] });
});
