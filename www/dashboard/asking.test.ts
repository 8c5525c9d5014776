import assert from "node:assert/strict";
import { test } from "node:test";
import { HttpError } from "../lib/http.ts";
import { Asking, SIGNED_OUT } from "./asking.ts";

/** A view without a browser, which counts how often it is drawn. */
class View extends EventTarget {
  drawn = 0;
  updateComplete = Promise.resolve(true);
  addController(): void {}
  removeController(): void {}
  requestUpdate(): void {
    this.drawn++;
  }
}

function view(): { view: View; asking: Asking } {
  const view = new View();
  return { view, asking: new Asking(view as unknown as ConstructorParameters<typeof Asking>[0]) };
}

test("an answer is used, and the view is drawn before and after it", async () => {
  const { view: host, asking } = view();
  const used: string[] = [];
  const asked = asking.ask(
    () => Promise.resolve("answer"),
    (answer) => used.push(answer),
  );
  assert.deepEqual([asking.busy, host.drawn], [true, 1]);
  assert.equal(await asked, true);
  assert.deepEqual([asking.busy, host.drawn, used], [false, 2, ["answer"]]);
});

test("the last question counts, in whatever order the answers come", async () => {
  const { asking } = view();
  const used: string[] = [];
  let late = (_: string): void => {};
  const first = asking.ask(
    () => new Promise<string>((resolve) => (late = resolve)),
    (answer) => used.push(answer),
  );
  const second = asking.ask(
    () => Promise.resolve("second"),
    (answer) => used.push(answer),
  );
  assert.equal(await second, true);
  late("first");
  assert.equal(await first, false);
  assert.deepEqual([used, asking.busy, asking.failure], [["second"], false, undefined]);
});

test("a failure of a question that no longer counts is none", async () => {
  const { asking } = view();
  const first = asking.ask(
    () => Promise.reject(new Error("too late")),
    () => {},
  );
  await asking.ask(
    () => Promise.resolve(1),
    () => {},
  );
  assert.equal(await first, false);
  assert.equal(asking.failure, undefined);
});

test("a failure is kept until the next request", async () => {
  const { asking } = view();
  assert.equal(
    await asking.ask(
      () => Promise.reject(new TypeError("failed to fetch")),
      () => {},
    ),
    false,
  );
  assert.notEqual(asking.failure, undefined);
  assert.equal(asking.busy, false);
  await asking.ask(
    () => Promise.resolve(1),
    () => {},
  );
  assert.equal(asking.failure, undefined);
});

test("a view that is gone hears nothing any more", async () => {
  const { asking } = view();
  const used: number[] = [];
  const asked = asking.ask(
    () => Promise.resolve(1),
    (answer) => used.push(answer),
  );
  asking.hostDisconnected();
  assert.equal(await asked, false);
  assert.deepEqual([used, asking.busy], [[], false]);
});

test("an expired session is reported to the dashboard", async () => {
  const { view: host, asking } = view();
  let told = 0;
  host.addEventListener(SIGNED_OUT, () => told++);
  await asking.ask(
    () => Promise.reject(new HttpError("sign in", { status: 401, code: "sign_in_required" })),
    () => {},
  );
  assert.equal(told, 1);
});
