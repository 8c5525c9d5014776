/** Steps of an axis, as multiples of a power of ten. */
const STEPS: readonly number[] = [1, 2, 5, 10];

/** Round values from 0 to at least `most`, evenly apart: the lines of an axis, `wanted` of them or fewer above 0. */
export function ticks(most: number, wanted: number, isWhole: boolean): number[] {
  const least = isWhole ? 1 : 0;
  const rough = Math.max(most, least) / wanted || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(least, (STEPS.find((one) => one * power >= rough - 1e-9) ?? 10) * power);
  const count = Math.max(1, Math.ceil(most / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, at) => at * step);
}

/** Turns values from 0 to `most` into pixels from `height` (below) to 0 (above). */
export function upwards(most: number, height: number): (value: number) => number {
  return (value) => (most === 0 ? height : height - (value / most) * height);
}

/** Widest that a bar gets, in pixels. */
const WIDEST = 56;

/** Places of equal width from 0 to `width`, with a bar in the middle of each. */
export function bands(count: number, width: number): { readonly begin: (at: number) => number; readonly size: number; readonly step: number } {
  const step = count === 0 ? width : width / count;
  const gap = Math.min(6, Math.max(1, step * 0.22));
  const size = Math.min(WIDEST, Math.max(1, step - gap));
  return { begin: (at) => at * step + (step - size) / 2, size, step };
}

/** Every how many places there is room for a label of `room` pixels. */
export function labelEvery(step: number, room: number): number {
  const least = room / Math.max(step, 0.1);
  return [1, 2, 3, 4, 6, 7, 8, 12, 24].find((every) => every >= least) ?? Math.ceil(least);
}

/** The `d` of a line through points; it is broken where one is undefined. */
export function line(points: readonly (readonly [x: number, y: number] | undefined)[]): string {
  let isDrawing = false;
  return points
    .map((point) => {
      if (point === undefined) {
        isDrawing = false;
        return "";
      }
      const command = isDrawing ? "L" : "M";
      isDrawing = true;
      return `${command}${round(point[0])} ${round(point[1])}`;
    })
    .join("");
}

/** To a tenth of a pixel. */
export function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
