import assert from "node:assert/strict";
import { test } from "node:test";
import { tokens } from "./highlight.ts";

test("the pieces are the source again", () => {
  const source = 'import { a } from "b"; // from there\nconst x = `y`;\n';
  assert.equal(
    tokens(source)
      .map((token) => token.text)
      .join(""),
    source,
  );
});

test("a keyword in a string or comment is none", () => {
  const kinds = tokens('"const" // const').map((token) => token.kind);
  assert.deepEqual(kinds, ["string", "plain", "comment"]);
});
