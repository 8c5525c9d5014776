import assert from "node:assert/strict";
import { test } from "node:test";
import { mappingProblem, readMapping, unused, withCreated, without, withTarget, withType, writeMapping } from "./mapping.ts";
import type { MappingSource, SettingInput, TextKind } from "./model.ts";
import { draftOf, missing, problemOf, toValue } from "./values.ts";

const base = { id: "x", title: "X", required: false, hint: undefined, placeholder: undefined, defaultValue: undefined };
const line = (kind: TextKind, more: object = {}): SettingInput => ({ ...base, kind, ...more });

const SOURCE: MappingSource = {
  fields: [
    { value: "title", label: "Title" },
    { value: "text", label: "Text" },
  ],
  initial: ["title", "text"],
  canRemove: false,
  canCreate: false,
  objectTypes: { from: "app", key: "types" },
  targets: { from: "app", key: "fields" },
};

test("a draft is what is stored, else the default, and becomes a value again", () => {
  assert.equal(draftOf(line("text", { defaultValue: "Bug" }), undefined), "Bug");
  assert.equal(draftOf(line("number"), 5), "5");
  assert.equal(draftOf({ ...base, kind: "switch", defaultValue: true }, false), false);
  assert.equal(toValue(line("number"), " 2.5 "), 2.5);
  assert.equal(toValue(line("text"), "  a "), "a");
  assert.equal(toValue(line("password"), " a "), " a ", "spaces may be part of a password");
  assert.equal(toValue(line("text"), " "), null, "an empty text takes the setting away");
  assert.equal(toValue({ ...base, kind: "checkbox" }, false), false);
});

test("invalid values are reported before they are sent", () => {
  const cases: [TextKind, string, string][] = [
    ["number", "2.5", "five"],
    ["number", "0", "Infinity"],
    ["email", "a@b", "a b@c"],
    ["url", "https://x.test/a", "javascript:alert(1)"],
  ];
  for (const [kind, good, bad] of cases) {
    assert.equal(problemOf(line(kind), good), undefined, `${kind} ${good}`);
    assert.ok(problemOf(line(kind), bad), `${kind} ${bad}`);
    assert.equal(problemOf(line(kind), ""), undefined);
  }
  assert.ok(problemOf(line("text", { required: true }), " "));
});

test("only what is required and has neither value nor default is missing", () => {
  const required = { required: true };
  const inputs = [
    line("text", { ...required, id: "a" }),
    line("text", { ...required, id: "b", defaultValue: "b" }),
    { ...base, ...required, id: "c", kind: "switch" as const },
    line("text", { id: "d" }),
  ];
  assert.deepEqual(
    missing(inputs, {}).map(({ id }) => id),
    ["a"],
  );
  assert.deepEqual(missing(inputs, { a: "set" }), []);
  const mapping: SettingInput = { ...base, ...required, kind: "mapping", source: SOURCE };
  assert.equal(missing([mapping], { x: { objectMapping: "Bug" } }).length, 1);
});

test("a mapping is filled in row by row and stored by the app's fields", () => {
  let mapping = readMapping(undefined, SOURCE);
  assert.equal(writeMapping(mapping), null, "nothing chosen is nothing stored");
  mapping = withTarget(withType(mapping, "Bug"), "title", "System.Title");
  const stored = writeMapping(mapping);
  assert.deepEqual(stored, {
    mappingType: "DYNAMIC",
    objectMapping: "Bug",
    dynamicMappings: { title: { applicationField: "title", integrationField: "System.Title" }, text: { applicationField: "text" } },
  });
  assert.deepEqual(readMapping(stored, SOURCE), mapping);
  assert.equal(withType(mapping, "Task").rows[0]?.target, "", "another type has other fields");
});

test("fields can be removed, named and added again", () => {
  const source = { ...SOURCE, canRemove: true, canCreate: true };
  const less = without(readMapping(undefined, source), "text");
  assert.deepEqual(
    unused(less, source).map(({ value }) => value),
    ["text"],
  );
  const more = withCreated(less, "color");
  assert.deepEqual(more.created, ["color"]);
  assert.equal(withCreated(more, "color"), more);
  assert.deepEqual(
    readMapping(writeMapping(more), source).rows.map(({ field }) => field.value),
    ["title", "color"],
  );
  assert.deepEqual(without(more, "color").created, []);
});

test("a mapping that is required maps something", () => {
  const empty = readMapping(undefined, SOURCE);
  assert.equal(mappingProblem(empty, false), undefined);
  assert.ok(mappingProblem(empty, true));
  assert.ok(mappingProblem(withType(empty, "Bug"), true));
  assert.equal(mappingProblem(withTarget(withType(empty, "Bug"), "title", "System.Title"), true), undefined);
  assert.ok(mappingProblem(withTarget(empty, "title", "System.Title"), false), "a target of no type");
});
