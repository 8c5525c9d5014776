import assert from "node:assert/strict";
import { test } from "node:test";
import { announceDone, askApp, type PopupWindow } from "./opener.ts";

const REF = { flow: "F".repeat(43), origin: "https://app.example" };
const GO = { type: "paragon-flow-go", flow: REF.flow };

interface Stage {
  readonly window: PopupWindow;
  readonly opener: object;
  readonly sent: { message: unknown; target: string }[];
  hear(data: unknown, origin?: string, source?: unknown): void;
}

function stage(): Stage {
  const sent: Stage["sent"] = [];
  const opener = { postMessage: (message: unknown, target: string) => void sent.push({ message, target }) };
  let listener: (event: MessageEvent) => void = () => undefined;
  const window: PopupWindow = { opener, addEventListener: (_type, added) => void (listener = added) };
  const hear = (data: unknown, origin = REF.origin, source: unknown = opener): void => listener({ data, origin, source } as MessageEvent);
  return { window, opener, sent, hear };
}

async function answered(hear: (stage: Stage) => void): Promise<boolean> {
  const played = stage();
  let yes = false;
  void askApp(played.window, REF, new AbortController().signal).then(() => (yes = true));
  hear(played);
  await new Promise((resolve) => setImmediate(resolve));
  return yes;
}

test("the question goes to the flow's origin alone", () => {
  const { window, sent } = stage();
  void askApp(window, REF, new AbortController().signal);
  assert.deepEqual(sent, [{ message: { type: "paragon-flow-hello", flow: REF.flow }, target: REF.origin }]);
});

test("the app's answer counts", async () => {
  assert.equal(await answered(({ hear }) => hear(GO)), true);
});

test("an answer from another origin, window or flow does not count", async () => {
  assert.equal(await answered(({ hear }) => hear(GO, "https://evil.example")), false);
  assert.equal(await answered(({ hear }) => hear(GO, "null")), false);
  assert.equal(await answered(({ hear }) => hear(GO, REF.origin, {})), false);
  assert.equal(await answered(({ hear }) => hear({ ...GO, flow: "G".repeat(43) })), false);
  assert.equal(await answered(({ hear }) => hear(null)), false);
});

test("a window without opener asks nobody and still announces its end", () => {
  const window: PopupWindow = { opener: null, addEventListener: () => assert.fail("nobody can answer") };
  void askApp(window, REF, new AbortController().signal);
  announceDone(window, REF);
});

test("the end is reported to the flow's origin only", () => {
  const { window, sent } = stage();
  announceDone(window, REF);
  assert.deepEqual(sent, [{ message: { type: "paragon-flow-done", flow: REF.flow }, target: REF.origin }]);
});
