import { readFailure, type Failure } from "../failure.ts";
import { isExplained } from "../../lib/messages.ts";
import type { Option } from "./model.ts";

/** One page of choices; `next` asks for the page after it. */
export interface Page {
  readonly options: readonly Option[];
  readonly next: string | undefined;
}

/** Asks for a page: the one after `cursor`, of the choices that `search` finds. */
export type LoadPage = (cursor: string | undefined, search: string) => Promise<Page>;

/** How long typing has to rest before the choices are searched, in milliseconds. */
const SEARCH_PAUSE_MS = 250;

const NOT_LOADED = { title: "The options could not be loaded", advice: "Try again in a moment." };

/** What an app's loader throws is not written for users: only errors with a message of their own are shown. */
function failureOf(error: unknown): Failure {
  const failure = readFailure(error, NOT_LOADED);
  return isExplained(failure.code) ? failure : { ...failure, ...NOT_LOADED };
}

/** The choices of one field, loaded page by page. `onChange` runs after every change of a field. */
export class Choices {
  state: "loading" | "ready" | "failed" = "loading";
  options: readonly Option[] = [];
  failure: Failure | undefined;
  /** More pages are there. */
  hasMore = false;

  readonly #load: LoadPage;
  readonly #onChange: () => void;
  #revision = 0;
  readonly #labels = new Map<string, string>();
  #search = "";
  #cursor: string | undefined;
  /** Rises with every question: an answer to an older one is dropped. */
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Begins to load, after the caller's task; `chosen` are values whose labels must be found. */
  constructor(load: LoadPage, onChange: () => void, chosen: readonly string[] = []) {
    this.#load = load;
    this.#onChange = onChange;
    queueMicrotask(() => void this.#begin(chosen));
  }

  /** The account, or the app, has no choice at all. */
  get isEmpty(): boolean {
    return this.#search === "" && this.options.length === 0;
  }

  /** Another number after every change. */
  get revision(): number {
    return this.#revision;
  }

  /** What the choice is called; its value where the label is not known (yet). */
  labelOf(value: string): string {
    return this.#labels.get(value) ?? value;
  }

  /** Looks for choices, once typing rests. Whoever has all choices already looks through them. */
  search(text: string): void {
    const wanted = text.trim();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (wanted === this.#search) return;
    if (this.#search === "" && this.state === "ready" && !this.hasMore) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#search = wanted;
      void this.#first();
    }, SEARCH_PAUSE_MS);
  }

  /** The loaded choices that `text` finds; of an answer to that very search all, whatever it went by. */
  matching(text: string): readonly Option[] {
    const wanted = text.trim().toLowerCase();
    if (text.trim() === this.#search || wanted === "") return this.options;
    return this.options.filter(({ label, value }) => label.toLowerCase().includes(wanted) || value.toLowerCase().includes(wanted));
  }

  /** Loads the next page, if there is one and nothing else is about to be looked for. */
  async more(): Promise<void> {
    if (this.#timer === undefined && this.state === "ready" && this.hasMore) await this.#ask(this.#cursor);
  }

  /** Asks again after a failure. */
  async retry(): Promise<void> {
    await (this.options.length > 0 ? this.#ask(this.#cursor) : this.#first());
  }

  async #begin(chosen: readonly string[]): Promise<void> {
    await this.#first();
    await this.#findLabels(chosen);
  }

  async #first(): Promise<void> {
    this.options = [];
    await this.#ask(undefined);
  }

  async #ask(cursor: string | undefined): Promise<void> {
    const asked = ++this.#asked;
    this.state = "loading";
    this.failure = undefined;
    this.#changed();
    try {
      const page = await this.#load(cursor, this.#search);
      if (asked === this.#asked) this.#take(page);
    } catch (error) {
      if (asked !== this.#asked) return;
      this.state = "failed";
      this.failure = failureOf(error);
    }
    this.#changed();
  }

  #changed(): void {
    this.#revision += 1;
    this.#onChange();
  }

  #take({ options, next }: Page): void {
    const known = new Set(this.options.map(({ value }) => value));
    this.options = [...this.options, ...options.filter(({ value }) => !known.has(value))];
    this.#name(options);
    // A cursor that does not move on would be asked for ever.
    this.hasMore = next !== undefined && next !== this.#cursor;
    this.#cursor = next;
    this.state = "ready";
  }

  #name(options: readonly Option[]): void {
    for (const { value, label } of options) this.#labels.set(value, label);
  }

  /** Values that stand on a later page are searched for by themselves. */
  async #findLabels(values: readonly string[]): Promise<void> {
    for (const value of values) {
      if (value === "" || this.#labels.has(value) || !this.hasMore) continue;
      try {
        this.#name((await this.#load(undefined, value)).options);
        this.#changed();
      } catch {
        // The value is shown in place of its label.
      }
    }
  }
}
