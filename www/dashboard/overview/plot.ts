import { html, LitElement, svg, type PropertyValues, type SVGTemplateResult, type TemplateResult } from "lit";
import { controls } from "../../lib/controls.ts";
import { parts as common } from "../style.ts";
import { bands, labelEvery, line, round, ticks, upwards } from "./scale.ts";
import { fillOf, patterns, patternStyle, plotStyle, type Look } from "./looks.ts";
import { count, took } from "./words.ts";

/** Bars of one part, one value for each place. */
export interface Bars {
  readonly look: Look;
  readonly name: string;
  readonly values: readonly number[];
}

/** A line below the bars, in milliseconds; undefined where nothing is known. */
export interface Line {
  readonly look: "p50" | "p95";
  readonly name: string;
  readonly values: readonly (number | undefined)[];
}

/** What a plot shows, place by place from left to right. */
export interface Plot {
  readonly label: string;
  /** All of it in one sentence, for who does not see it. */
  readonly summary: string;
  /** Few characters below each place. */
  readonly labels: readonly string[];
  /** All that a place has to say. */
  readonly readings: readonly string[];
  /** Stacked, the first below. */
  readonly bars: readonly Bars[];
  readonly lines: readonly Line[];
}

const LEFT = 48;
const TOP = 10;
const BARS_HEIGHT = 170;
const LINES_HEIGHT = 96;
/** Room for the labels below. */
const BELOW = 24;
/** Pixels that a label takes, and those between two labels. */
const [LABEL, APART] = [52, 30];

/** Stacked bars over time, and lines with an axis of their own below them. Arrow keys and pointer read one place. */
export class PlotElement extends LitElement {
  static override properties = { plot: { attribute: false } };
  static override styles = [controls, common, patternStyle, plotStyle];

  declare plot: Plot | undefined;
  #width = 0;
  #at: number | undefined;
  #observer = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0);
    if (width === this.#width) return;
    this.#width = width;
    this.requestUpdate();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has("plot")) this.#at = undefined;
  }

  override render(): TemplateResult | null {
    const { plot } = this;
    if (plot === undefined || this.#width === 0) return null;
    return html`${legend(plot)}
      <div class="stage" tabindex="0" role="group" aria-label="${plot.label}: use the left and right arrow keys to read each bar" @keydown=${this.#key} @pointermove=${this.#point} @pointerdown=${this.#point} @pointerleave=${this.#leave} @blur=${this.#leave}>
        ${this.#barsOf(plot)} ${plot.lines.length === 0 ? null : this.#linesOf(plot)}
      </div>
      <p class="reading small" role="status" data-testid="reading">${this.#at === undefined ? html`<span class="soft">Point at a bar or use the arrow keys to see its values.</span>` : plot.readings[this.#at]}</p>`;
  }

  #barsOf(plot: Plot): TemplateResult {
    const sums = plot.labels.map((_, at) => plot.bars.reduce((sum, { values }) => sum + (values[at] ?? 0), 0));
    const axis = ticks(Math.max(0, ...sums), 4, true);
    const scale = upwards(axis.at(-1) ?? 1, BARS_HEIGHT);
    const places = this.#places(plot);
    return html`<svg role="img" aria-label=${plot.summary} width=${this.#width} height=${TOP + BARS_HEIGHT + BELOW}>
      ${patterns()} ${this.#cursor(plot, BARS_HEIGHT)} ${this.#axis(axis, scale, count)}
      ${plot.labels.map((_, at) => stack(plot.bars, at, LEFT + places.begin(at), places.size, scale))} ${this.#labels(plot, TOP + BARS_HEIGHT)}
    </svg>`;
  }

  #linesOf(plot: Plot): TemplateResult {
    const known = plot.lines.flatMap(({ values }) => values.filter((value) => value !== undefined));
    const axis = ticks(Math.max(1, ...known), 2, true);
    const scale = upwards(axis.at(-1) ?? 1, LINES_HEIGHT);
    const places = this.#places(plot);
    const x = (at: number): number => LEFT + places.begin(at) + places.size / 2;
    const drawn = plot.lines.map(({ look, values }) => {
      const points = values.map((value, at) => (value === undefined ? undefined : ([x(at), TOP + scale(value)] as const)));
      return svg`<path class="line ${look}" d=${line(points)} />${points.map((point) => (point === undefined ? null : mark(look, point)))}`;
    });
    return html`<p class="small soft panel">Response time</p>
      <svg aria-hidden="true" width=${this.#width} height=${TOP + LINES_HEIGHT + BELOW}>${this.#cursor(plot, LINES_HEIGHT)} ${this.#axis(axis, scale, took)} ${drawn} ${this.#labels(plot, TOP + LINES_HEIGHT)}</svg>`;
  }

  #places(plot: Plot): ReturnType<typeof bands> {
    return bands(plot.labels.length, this.#width - LEFT);
  }

  #axis(values: readonly number[], scale: (value: number) => number, write: (value: number) => string): SVGTemplateResult[] {
    return values.map((value) => {
      const y = round(TOP + scale(value)) + 0.5;
      return svg`<line class=${value === 0 ? "base" : "grid"} x1=${LEFT} x2=${this.#width} y1=${y} y2=${y} /><text class="value" x=${LEFT - 8} y=${y + 4}>${value === 0 ? "0" : write(value)}</text>`;
    });
  }

  /** The newest place always has its label. */
  #labels({ labels }: Plot, bottom: number): (SVGTemplateResult | null)[] {
    const { step } = bands(labels.length, this.#width - LEFT);
    const every = labelEvery(step, LABEL + APART);
    return labels.map((label, at) => {
      if ((labels.length - 1 - at) % every !== 0) return null;
      const x = Math.min(LEFT + (at + 0.5) * step, this.#width - LABEL / 2);
      return svg`<text class="label" x=${round(x)} y=${bottom + 17}>${label}</text>`;
    });
  }

  #cursor(plot: Plot, height: number): SVGTemplateResult | null {
    if (this.#at === undefined) return null;
    const { step } = this.#places(plot);
    return svg`<rect class="cursor" x=${round(LEFT + this.#at * step)} y=${TOP} width=${round(step)} height=${height} />`;
  }

  #key = (event: KeyboardEvent): void => {
    const last = (this.plot?.labels.length ?? 0) - 1;
    const moves: Readonly<Record<string, number>> = { ArrowLeft: (this.#at ?? last + 1) - 1, ArrowRight: (this.#at ?? -1) + 1, Home: 0, End: last };
    if (event.key === "Escape") {
      this.#leave();
      return;
    }
    if (!Object.hasOwn(moves, event.key)) return;
    event.preventDefault();
    this.#show(Math.max(0, Math.min(last, moves[event.key] ?? 0)));
  };

  #point = (event: PointerEvent): void => {
    const { plot } = this;
    if (plot === undefined) return;
    const x = event.clientX - (event.currentTarget as HTMLElement).getBoundingClientRect().left - LEFT;
    const at = Math.floor(x / this.#places(plot).step);
    this.#show(at >= 0 && at < plot.labels.length ? at : undefined);
  };

  #leave = (): void => this.#show(undefined);

  #show(at: number | undefined): void {
    if (at === this.#at) return;
    this.#at = at;
    this.requestUpdate();
  }
}

/** The parts of one bar; one that holds anything is at least a line high. */
function stack(bars: readonly Bars[], at: number, x: number, width: number, scale: (value: number) => number): SVGTemplateResult {
  let below = 0;
  const rects = bars.map(({ look, values }) => {
    const value = values[at] ?? 0;
    if (value === 0) return null;
    const [bottom, top] = [scale(below), scale(below + value)];
    below += value;
    // A line of the ground between two parts.
    const height = Math.max(1.5, bottom - top - 1);
    return svg`<rect class="bar ${look}" fill=${fillOf(look)} x=${round(x)} y=${round(TOP + bottom - height)} width=${round(width)} height=${round(height)} />`;
  });
  return svg`<g>${rects}</g>`;
}

function mark(look: Line["look"], [x, y]: readonly [number, number]): SVGTemplateResult {
  return look === "p95"
    ? svg`<rect class="mark ${look}" x=${round(x - 3)} y=${round(y - 3)} width="6" height="6" />`
    : svg`<circle class="mark ${look}" cx=${round(x)} cy=${round(y)} r="3" />`;
}

/** What is drawn how, with the sums. Parts that there is nothing of are left out. */
function legend({ bars, lines }: Plot): TemplateResult {
  const sums = bars.map((one) => ({ ...one, sum: one.values.reduce((sum, value) => sum + value, 0) }));
  return html`<ul class="legend small">
    ${sums.filter(({ sum }) => sum > 0).map(({ look, name, sum }) => html`<li><svg aria-hidden="true" width="16" height="16"><rect class="bar ${look}" fill=${fillOf(look)} x="1" y="1" width="14" height="14" /></svg>${name} <strong>${count(sum)}</strong></li>`)}
    ${lines.map(({ look, name }) => html`<li><svg aria-hidden="true" width="28" height="16"><path class="line ${look}" d="M0 8L28 8" />${mark(look, [14, 8])}</svg>${name}</li>`)}
  </ul>`;
}

customElements.define("dash-plot", PlotElement);
