import type { Json } from "../../lib/json.ts";
import { sentence } from "../../lib/messages.ts";
import { readFailure, type Failure } from "../failure.ts";
import { Choices } from "./choices.ts";
import { pagesOf, type Asker } from "./loading.ts";
import type { Mapping } from "./mapping.ts";
import type { LoadedSource, MappingSource, SettingInput } from "./model.ts";
import type { Refusal } from "./refusals.ts";
import { draftOf, problemOf, toValue, type Draft } from "./values.ts";

/** What a form is of: the settings that all workflows share, or one workflow's. */
export type Place = { readonly kind: "shared" } | { readonly kind: "workflow"; readonly id: string };

/** Stores changed values; gives those that the gateway did not take. */
export type Save = (place: Place, values: Json) => Promise<readonly Refusal[]>;

/** Choices of a field, or why there can be none yet. */
export type Offered = { readonly choices: Choices } | { readonly waitsFor: string };

/** Choices of a mapping; of the fields there are none before a type is chosen. */
export interface MappingChoices {
  readonly types: Offered;
  readonly targets: Offered | undefined;
}

const NOT_SAVED = { title: "The settings were not saved", advice: "What you entered is still here. Try again in a moment." };

/**
 * A form of settings: what is stored, what the user changed, what is wrong with it.
 *
 * `onChange` runs after every change of a field.
 */
export class SettingsForm {
  inputs: readonly SettingInput[] = [];
  stored: Json = {};
  busy = false;
  /** The last save went well, and nothing was changed since. */
  saved = false;
  failure: Failure | undefined;

  /** Id of the configuration that it is of. */
  readonly configuration: string;
  readonly place: Place;
  readonly #asker: Asker;
  readonly #save: Save;
  readonly #onChange: () => void;
  /** Where settings stand that this form has not, for choices that depend on them. */
  readonly #shared: SettingsForm | undefined;
  readonly #edits = new Map<string, Draft>();
  readonly #problems = new Map<string, string>();
  readonly #choices = new Map<string, { readonly key: string; readonly choices: Choices }>();

  constructor(configuration: string, place: Place, asker: Asker, save: Save, onChange: () => void, shared?: SettingsForm) {
    this.configuration = configuration;
    this.place = place;
    this.#asker = asker;
    this.#save = save;
    this.#shared = shared;
    this.#onChange = onChange;
  }

  /** Takes in what the SDK says is stored; what the user is changing stays. */
  refresh(inputs: readonly SettingInput[], stored: Json): void {
    this.inputs = inputs;
    this.stored = stored;
  }

  /** Whether something would be lost by leaving. */
  get changed(): boolean {
    return this.#edits.size > 0;
  }

  /** What a field shows. */
  draft(input: SettingInput): Draft {
    return this.#edits.get(input.id) ?? draftOf(input, this.stored[input.id]);
  }

  problem(id: string): string | undefined {
    return this.#problems.get(id);
  }

  /** The user changes a field: what was chosen among choices that depend on it goes back to the default. */
  set(id: string, draft: Draft): void {
    this.#edits.set(id, draft);
    this.#problems.delete(id);
    this.saved = false;
    for (const other of this.inputs) {
      if (other.id === id || !dependsOn(other, id)) continue;
      const fresh = draftOf(other, undefined);
      if (this.draft(other) !== fresh) this.#edits.set(other.id, fresh);
    }
    this.#onChange();
  }

  /** Back to what is stored. */
  discard(): void {
    this.#edits.clear();
    this.#problems.clear();
    this.failure = undefined;
    this.saved = false;
    this.#onChange();
  }

  /** Looks at every field; gives the first that is wrong. */
  check(): SettingInput | undefined {
    this.#problems.clear();
    for (const input of this.inputs) {
      const problem = problemOf(input, this.draft(input));
      if (problem !== undefined) this.#problems.set(input.id, problem);
    }
    this.#onChange();
    return this.firstWrong();
  }

  /**
   * Stores what was changed.
   *
   * @returns whether all of it is stored now; else `failure`, or the problems of single fields, say why.
   */
  async save(): Promise<boolean> {
    if (this.busy || this.check() !== undefined) return false;
    const changed = this.inputs.filter((input) => this.#edits.has(input.id));
    this.failure = undefined;
    if (changed.length === 0) return this.#settled(true);
    this.busy = true;
    this.#onChange();
    try {
      const values = changed.map((input) => [input.id, toValue(input, this.draft(input))]);
      this.#takeRefusals(await this.#save(this.place, Object.fromEntries(values) as Json));
      for (const { id } of changed) if (!this.#problems.has(id)) this.#edits.delete(id);
    } catch (error) {
      this.failure = readFailure(error, NOT_SAVED);
    }
    this.busy = false;
    return this.#settled(this.failure === undefined && this.#problems.size === 0);
  }

  /** The first field that is wrong. */
  firstWrong(): SettingInput | undefined {
    return this.inputs.find(({ id }) => this.#problems.has(id));
  }

  /** The choices of a field, loaded the first time they are asked for and whenever what they depend on changes. */
  choicesOf(id: string, source: LoadedSource, chosen: readonly string[], given: Readonly<Record<string, string>> = {}): Offered {
    const values: Record<string, string> = { ...given };
    if (source.from === "account") {
      for (const name of source.parameters) {
        const value = given[name] ?? this.#toValue(name);
        if (value !== "") values[name] = value;
        else if (!source.optional.includes(name)) return { waitsFor: this.#titleOf(name) };
      }
    }
    const key = JSON.stringify([source, values]);
    const known = this.#choices.get(id);
    if (known?.key === key) return known;
    const made = { key, choices: new Choices(pagesOf(source, values, this.#asker), this.#onChange, chosen) };
    this.#choices.set(id, made);
    return made;
  }

  /** The object types of a mapping, and the fields of the chosen one. */
  mappingChoices(id: string, source: MappingSource, { objectType, rows }: Mapping): MappingChoices {
    const { objectTypes, targets } = source;
    const types = this.choicesOf(`${id} types`, objectTypes, [objectType]);
    if (objectType === "") return { types, targets: undefined };
    const given: Record<string, string> = targets.from === "mapping" ? { objectType } : { workItemType: objectType };
    const chosen = rows.map((row) => row.target);
    return { types, targets: this.choicesOf(`${id} targets`, targets, chosen, given) };
  }

  #settled(saved: boolean): boolean {
    this.saved = saved;
    this.#onChange();
    return saved;
  }

  /** Refusals of fields stand at the fields, others above the form. */
  #takeRefusals(refusals: readonly Refusal[]): void {
    for (const { id, problem } of refusals) {
      const input = this.inputs.find((one) => one.id === id);
      if (input !== undefined) this.#problems.set(id, sentence(`“${input.title}” ${problem}`));
      else this.failure = { ...NOT_SAVED, advice: sentence(`“${id}”: ${problem}`), code: undefined, requestId: undefined };
    }
  }

  #toValue(name: string): string {
    const input = this.inputs.find(({ id }) => id === name);
    if (input === undefined) return this.#shared === undefined ? "" : this.#shared.#toValue(name);
    const draft = this.draft(input);
    return typeof draft === "string" ? draft : "";
  }

  #titleOf(name: string): string {
    const own = this.inputs.find(({ id }) => id === name)?.title;
    return own ?? (this.#shared === undefined ? name : this.#shared.#titleOf(name));
  }
}

function dependsOn(input: SettingInput, id: string): boolean {
  return input.kind === "choice" && input.source.from === "account" && input.source.parameters.includes(id);
}
