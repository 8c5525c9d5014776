import assert from "node:assert/strict";
import { test } from "node:test";
import { SdkCallError } from "../channel.ts";
import { Choices, type Page } from "./choices.ts";
import { pagesOf } from "./loading.ts";

const option = (value: string): { value: string; label: string } => ({ value, label: `The ${value}` });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function stage(pages: (cursor: string | undefined, search: string) => Promise<Page>, chosen: string[] = []) {
  const asked: [string | undefined, string][] = [];
  const load = (cursor: string | undefined, search: string): Promise<Page> => {
    asked.push([cursor, search]);
    return pages(cursor, search);
  };
  return { choices: new Choices(load, () => undefined, chosen), asked };
}

const twoPages = (cursor: string | undefined, search: string): Promise<Page> =>
  Promise.resolve(
    search !== ""
      ? { options: [option(search)], next: undefined }
      : cursor === undefined
        ? { options: [option("a")], next: "2" }
        : { options: [option("a"), option("b")], next: undefined },
  );

test("pages follow each other, each choice once", async () => {
  const { choices, asked } = stage(twoPages);
  await turn();
  assert.equal(choices.hasMore, true);
  await choices.more();
  assert.deepEqual(
    choices.options.map(({ value }) => value),
    ["a", "b"],
  );
  await choices.more();
  assert.deepEqual(
    asked,
    [
      [undefined, ""],
      ["2", ""],
    ],
    "nothing is asked for after the last page",
  );
});

test("the label of a chosen value on a later page is looked for", async () => {
  const { choices, asked } = stage(twoPages, ["a", "z"]);
  assert.equal(choices.labelOf("z"), "z");
  await turn();
  assert.equal(choices.labelOf("z"), "The z");
  assert.deepEqual(asked.at(-1), [undefined, "z"]);
  assert.equal(asked.length, 2);
});

test("typing asks the server once it rests, and only while it may know more", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { choices, asked } = stage(twoPages);
  await turn();
  choices.search("x");
  choices.search("xy ");
  context.mock.timers.tick(250);
  await turn();
  assert.deepEqual(asked.slice(1), [[undefined, "xy"]]);
  assert.deepEqual(
    choices.matching("xy").map(({ value }) => value),
    ["xy"],
  );

  const bySynonym = stage((_, search) => Promise.resolve({ options: search === "boat" ? [option("ship")] : [], next: search === "" ? "2" : undefined }));
  await turn();
  bySynonym.choices.search("boat");
  context.mock.timers.tick(250);
  await turn();
  assert.deepEqual(
    bySynonym.choices.matching("boat").map(({ value }) => value),
    ["ship"],
    "the server knows best what it found",
  );

  const small = stage(() => Promise.resolve({ options: [option("a"), option("b")], next: undefined }));
  await turn();
  small.choices.search("b");
  context.mock.timers.tick(250);
  await turn();
  assert.equal(small.asked.length, 1);
  assert.deepEqual(
    small.choices.matching(" B").map(({ value }) => value),
    ["b"],
  );
});

test("a failure is shown without what the loader threw, and can be retried", async () => {
  let fails = true;
  const { choices } = stage(() =>
    fails ? Promise.reject(new SdkCallError("undefined is not a function")) : Promise.resolve({ options: [option("a")], next: undefined }),
  );
  await turn();
  assert.equal(choices.state, "failed");
  assert.doesNotMatch(`${choices.failure?.title} ${choices.failure?.advice}`, /function/);
  fails = false;
  await choices.retry();
  assert.equal(choices.state, "ready");
  assert.equal(choices.failure, undefined);
});

test("an answer to an older question is dropped", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const answers: ((page: Page) => void)[] = [];
  const { choices } = stage(() => new Promise((resolve) => answers.push(resolve)));
  await turn();
  choices.search("b");
  context.mock.timers.tick(250);
  answers[1]?.({ options: [option("b")], next: undefined });
  answers[0]?.({ options: [option("old")], next: undefined });
  await turn();
  assert.deepEqual(
    choices.options.map(({ value }) => value),
    ["b"],
  );
});

test("each source is asked through its method of the SDK", async () => {
  const calls: unknown[][] = [];
  const invoke = (...call: unknown[]): Promise<unknown> => {
    calls.push(call);
    return Promise.resolve({ data: [option("a")], options: [option("a")], nextPageCursor: "2" });
  };
  const asker = { invoke, integration: "azuredevops", credential: "c1" };
  const account = { from: "account", key: "states", parameters: ["project"], optional: [] } as const;
  assert.deepEqual(await pagesOf(account, { project: "P" }, asker)("1", ""), { options: [option("a")], next: "2" });
  await pagesOf({ from: "app", key: "queues" }, {}, asker)(undefined, "x");
  await pagesOf({ from: "mapping", key: "Task", what: "integrationFields" }, { objectType: "Bug" }, asker)(undefined, "");
  const parameters = [{ key: "project", source: { type: "VALUE", value: "P" } }];
  assert.deepEqual(calls, [
    ["getFieldOptions", { integration: "azuredevops", action: "states", parameters, selectedCredentialId: "c1", cursor: "1", search: undefined }],
    ["_loadCustomDropdownOptions", "queues", undefined, "x"],
    ["_fetchBYOFieldMappingOptions", "azuredevops", "integrationFields", "Task", { objectType: "Bug", cursor: undefined, search: undefined }],
  ]);
  const without = { ...asker, invoke: () => Promise.reject(new SdkCallError("No dropdown loader", "loader_not_found")) };
  assert.deepEqual(await pagesOf({ from: "app", key: "queues" }, {}, without)(undefined, ""), { options: [], next: undefined });
});
