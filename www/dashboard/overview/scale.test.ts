import assert from "node:assert/strict";
import { test } from "node:test";
import { bands, labelEvery, line, ticks, upwards } from "./scale.ts";

test("an axis has round values that reach over all", () => {
  assert.deepEqual(ticks(0, 4, true), [0, 1]);
  assert.deepEqual(ticks(3, 4, true), [0, 1, 2, 3]);
  assert.deepEqual(ticks(17, 4, true), [0, 5, 10, 15, 20]);
  assert.deepEqual(ticks(1000, 4, false), [0, 500, 1000]);
  assert.deepEqual(ticks(0.5, 4, false), [0, 0.2, 0.4, 0.6000000000000001]);
});

test("an axis never has more lines than wanted, and none that are no counts", () => {
  for (let most = 1; most < 5000; most = Math.ceil(most * 1.3)) {
    const values = ticks(most, 4, true);
    const last = values.at(-1) ?? 0;
    assert.ok(last >= most && last - (values[1] ?? 0) < most, `${most}: ${values}`);
    assert.ok(values.length <= 5 && values.every(Number.isInteger), `${most}: ${values}`);
  }
});

test("values stand upwards, bars beside each other", () => {
  assert.deepEqual([0, 5, 10].map(upwards(10, 100)), [100, 50, 0]);
  assert.equal(upwards(0, 100)(0), 100);
  const { begin, size, step } = bands(24, 480);
  assert.equal(step, 20);
  assert.ok(begin(0) > 0 && begin(23) + size < 480 && begin(0) + size < begin(1));
  const few = bands(2, 480);
  assert.deepEqual([few.size, few.begin(0) + few.size / 2], [56, 120], "few bars stay slim, each in the middle of its place");
});

test("labels have room, and lines break where nothing is known", () => {
  assert.deepEqual([labelEvery(60, 50), labelEvery(20, 50), labelEvery(9, 50)], [1, 3, 6]);
  assert.equal(line([[0, 1], [2, 3.14159], undefined, [4, 5]]), "M0 1L2 3.1M4 5");
  assert.equal(line([undefined]), "");
});
