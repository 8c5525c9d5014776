import { css, svg, type SVGTemplateResult } from "lit";
import type { Part } from "./words.ts";

/** How a part of a bar is drawn: each has a pattern of its own beside its color. */
export type Look = Part<string>["look"];

/** The patterns that `fillOf` names; once in each shadow root. */
export function patterns(): SVGTemplateResult {
  return svg`<defs>
    <pattern id="bad" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="bad" width="6" height="6" /><rect class="ground" width="1.75" height="6" /></pattern>
    <pattern id="warn" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="warn" width="6" height="6" /><circle class="ground" cx="3" cy="3" r="1.25" /></pattern>
    <pattern id="ended" width="6" height="4" patternUnits="userSpaceOnUse"><rect class="ended" width="6" height="4" /><rect class="ground" width="6" height="1.25" /></pattern>
  </defs>`;
}

/** The `fill` of a look. */
export function fillOf(look: Look): string {
  return { good: "var(--good)", open: "var(--accent-wash)", bad: "url(#bad)", warn: "url(#warn)", ended: "url(#ended)" }[look];
}

/** Colors of the patterns. */
export const patternStyle = css`
  .ground {
    fill: var(--surface);
  }
  pattern > .bad {
    fill: var(--bad);
  }
  pattern > .warn {
    fill: var(--warn);
  }
  pattern > .ended {
    fill: var(--ink-soft);
  }
`;

/** Bars, lines, axes and labels. */
export const plotStyle = css`
  :host {
    display: grid;
    gap: 0.5rem;
    min-inline-size: 0;
  }
  .legend {
    list-style: none;
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1.25rem;
  }
  .legend li {
    display: flex;
    gap: 0.5rem;
    align-items: center;
  }
  svg {
    display: block;
    max-inline-size: 100%;
    overflow: visible;
  }
  .legend svg {
    flex: none;
  }
  .stage {
    min-inline-size: 0;
    border-radius: 4px;
    touch-action: pan-y;
  }
  .panel {
    padding-block: 0.25rem;
  }
  text {
    fill: var(--ink-soft);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
  .value {
    text-anchor: end;
  }
  .label {
    text-anchor: middle;
  }
  .grid {
    stroke: var(--line);
  }
  .base {
    stroke: var(--line-strong);
  }
  .cursor {
    fill: var(--accent-wash);
  }
  .bar.open {
    stroke: var(--accent);
    stroke-width: 1.5;
  }
  .line {
    fill: none;
    stroke-width: 2;
    stroke-linejoin: round;
  }
  .line.p95 {
    stroke: var(--accent);
  }
  .line.p50 {
    stroke: var(--ink-soft);
    stroke-dasharray: 5 3;
  }
  .mark.p95 {
    fill: var(--accent);
  }
  .mark.p50 {
    fill: var(--surface);
    stroke: var(--ink-soft);
    stroke-width: 1.5;
  }
  .reading {
    min-block-size: 1.5em;
    font-variant-numeric: tabular-nums;
  }
  @media (forced-colors: active) {
    .bar {
      stroke: CanvasText;
    }
    .line,
    .mark {
      stroke: CanvasText;
    }
  }
`;
