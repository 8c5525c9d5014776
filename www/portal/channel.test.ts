import assert from "node:assert/strict";
import { test } from "node:test";
import { Channel, SdkCallError, type Update } from "./channel.ts";

const APP = "https://app.example";
const OPEN = { messageType: "UI_UPDATE", nextContext: { user: {} }, nextModalState: { integration: null } };

interface Sent {
  readonly message: { id: string; type: string; parameters: unknown[] };
  readonly target: string;
}

function stage(): { channel: Channel; updates: Update[]; sent: Sent[]; hear(data: unknown, origin?: string, source?: unknown): void } {
  const updates: Update[] = [];
  const sent: Sent[] = [];
  const parent = { postMessage: (message: unknown, target: string) => void sent.push({ message, target } as Sent) };
  let listener: (event: MessageEvent) => void = () => undefined;
  const host = { parent, addEventListener: (_: "message", added: (event: MessageEvent) => void) => void (listener = added) };
  const channel = new Channel(host, (update) => updates.push(update));
  const hear = (data: unknown, origin = APP, source: unknown = parent): void => listener({ data, origin, source } as MessageEvent);
  return { channel, updates, sent, hear };
}

test("only the parent window is heard", () => {
  const { updates, hear } = stage();
  hear(OPEN, APP, { postMessage: () => undefined });
  assert.equal(updates.length, 0);
  hear(OPEN);
  assert.equal(updates.length, 1);
});

test("the first origin is pinned", () => {
  const { updates, channel, hear } = stage();
  hear(OPEN);
  hear(OPEN, "https://evil.example");
  assert.equal(updates.length, 1);
  assert.equal(channel.origin, APP);
});

test("an opaque origin cannot be answered and is not taken", () => {
  const { updates, hear } = stage();
  hear(OPEN, "null");
  assert.equal(updates.length, 0);
});

test("a malformed message neither throws nor pins", () => {
  const { channel, hear } = stage();
  for (const data of [null, 7, "x", [], {}, { messageType: "UI_UPDATE" }, { ...OPEN, nextContext: null }]) hear(data);
  assert.equal(channel.origin, undefined);
});

test("a call goes to the pinned origin alone and takes the answer with its id", async () => {
  const { channel, sent, hear } = stage();
  hear(OPEN);
  const call = channel.invoke("onOpen");
  assert.equal(sent[0]?.target, APP);
  const { id } = sent[0]?.message ?? { id: "" };
  hear({ messageType: "SDK_FUNCTION_RESPONSE", id: "other", result: "no" });
  hear({ messageType: "SDK_FUNCTION_RESPONSE", id, result: "forged" }, "https://evil.example");
  hear({ messageType: "SDK_FUNCTION_RESPONSE", id, result: "yes" });
  assert.equal(await call, "yes");
});

test("an error of the SDK rejects the call", async () => {
  const { channel, sent, hear } = stage();
  hear(OPEN);
  const call = channel.invoke("startOAuthFlow", "azuredevops", {});
  hear({ messageType: "SDK_FUNCTION_ERROR", error: true, id: sent[0]?.message.id, message: "Popup was blocked by the browser." });
  await assert.rejects(call, new SdkCallError("Popup was blocked by the browser."));
});

test("nothing is sent before the app is known", async () => {
  const { channel, sent } = stage();
  await assert.rejects(channel.invoke("onOpen"), SdkCallError);
  assert.equal(sent.length, 0);
});
