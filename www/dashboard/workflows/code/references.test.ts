import assert from "node:assert/strict";
import { test } from "node:test";

import { about, findReferences, openAt, readable, unitsBefore } from "./references.ts";

test("references are found, and what is escaped is none", () => {
  const found = (text: string): string[] => findReferences(text).map(({ inner, from, to }) => `${inner}@${from}-${to}`);
  assert.deepEqual(found("a {{ find.output }} b"), ["find.output@2-19"]);
  assert.deepEqual(found("\\{{x.output}}"), []);
  assert.deepEqual(found("\\\\{{x.output}}"), ["x.output@2-14"]);
  assert.deepEqual(found("{{a}}{{b}} {{c"), ["a@0-5", "b@5-10"]);
});

test("the menu opens behind braces that are open", () => {
  assert.equal(openAt("say {{fi", 8), 6);
  assert.equal(openAt("say {{", 6), 6);
  assert.equal(openAt("say {", 5), undefined);
  assert.equal(openAt("say \\{{fi", 9), undefined);
  assert.equal(openAt("{{a}} b", 7), undefined);
});

test("references read as the step's title and the way from there", () => {
  const groups = [
    { root: "find.output", title: "Look", kind: "step", variables: [] },
    { root: "settings", title: "Settings", kind: "settings", variables: [{ reference: "settings.p", types: [], title: "Project", sample: undefined }] },
  ];
  assert.equal(readable("find.output.items[0].id", groups), "Look › items[0].id");
  assert.equal(readable("find.output", groups), "Look");
  assert.equal(readable("settings.p", groups), "Settings › Project");
  assert.equal(readable("fnd.output", groups), "fnd.output");
});

test("a variable shows its type and its last value", () => {
  const variable = { reference: "x", title: undefined };
  assert.equal(about({ ...variable, types: ["integer", "number"], sample: "7" }), "number · 7");
  assert.equal(about({ ...variable, types: [], sample: "a".repeat(60) }), `${"a".repeat(39)}…`);
  assert.equal(unitsBefore("😀a", 1), 2);
});
