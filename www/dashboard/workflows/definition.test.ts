import assert from "node:assert/strict";
import { test } from "node:test";

import { findStep, freeId, idOf, insertStep, moveStep, part, pointer, renameStep, stepIds, withPart } from "./definition.ts";

const definition = {
  id: "w",
  steps: [
    { id: "find", do: { type: "action", parameters: { title: "{{trigger.output.title}}" } } },
    {
      id: "known",
      do: {
        type: "conditional",
        branches: [{ when: {}, steps: [{ id: "new", do: { type: "delay", amount: "{{ find.output.count }} \\{{find.output}}" } }] }],
        otherwise: [
          { id: "each", do: { type: "fanOut", over: "{{find.output.items}}", steps: [{ id: "in", do: { type: "delay", amount: "{{each.index}}" } }] } },
        ],
      },
    },
  ],
};

test("parts are read and replaced without a change in place", () => {
  assert.equal(part(definition, ["steps", 1, "do", "branches", 0, "steps", 0, "id"]), "new");
  assert.equal(part(definition, ["steps", 9, "do"]), undefined);
  const changed = withPart(definition, ["steps", 0, "do", "parameters", "a/b"], 1);
  assert.deepEqual(part(changed, ["steps", 0, "do", "parameters"]), { title: "{{trigger.output.title}}", "a/b": 1 });
  assert.equal(part(definition, ["steps", 0, "do", "parameters", "a/b"]), undefined);
  assert.deepEqual(withPart({ list: [1, 2, 3] }, ["list", 1], undefined), { list: [1, 3] });
  assert.deepEqual(withPart({ a: 1, b: 2 }, ["a"], undefined), { b: 2 });
  assert.deepEqual(Object.keys(withPart({ a: 1, b: 2 }, ["a"], 3) as object), ["a", "b"]);
  assert.deepEqual(withPart(undefined, ["a", 0], "x"), { a: ["x"] });
  assert.equal(pointer(["steps", 0, "a/b", "c~d"]), "/steps/0/a~1b/c~0d");
});

test("steps are found wherever they stand", () => {
  assert.deepEqual(stepIds(definition), ["find", "known", "new", "each", "in"]);
  const inside = ["steps", 1, "do", "otherwise", 0, "do", "steps", 0];
  assert.deepEqual(findStep(definition, "in"), inside);
  assert.equal(findStep(definition, "none"), undefined);
  assert.equal(freeId(definition, "find"), "find-2");
  assert.equal(freeId(definition, "create"), "create");
  assert.equal(freeId(definition, "user"), "user-2");
});

test("steps are put in and moved", () => {
  const more = insertStep(definition, ["steps"], 1, { id: "x" });
  assert.deepEqual(stepIds(more).slice(0, 3), ["find", "x", "known"]);
  assert.deepEqual(stepIds(moveStep(more, ["steps", 1], -1)).slice(0, 2), ["x", "find"]);
  assert.deepEqual(stepIds(moveStep(more, ["steps", 0], -1)).slice(0, 2), ["find", "x"], "the first stays the first");
  assert.deepEqual(stepIds(insertStep({ id: "w" }, ["steps"], 0, { id: "y" })), ["y"]);
});

test("a new id reaches every reference, but not what is escaped", () => {
  const renamed = renameStep(definition, ["steps", 0], "look");
  const text = JSON.stringify(renamed);
  assert.ok(text.includes("{{ look.output.count }}") && text.includes("{{look.output.items}}"));
  assert.ok(text.includes("\\\\{{find.output}}"));
  assert.ok(JSON.stringify(renameStep(definition, ["steps", 1, "do", "otherwise", 0], "every")).includes("{{every.index}}"));
});

test("names become ids", () => {
  assert.equal(idOf("Bugs für Tickets!"), "bugs-fur-tickets");
  assert.equal(idOf("  "), "workflow");
  assert.ok(idOf("x".repeat(200)).length <= 48);
});
