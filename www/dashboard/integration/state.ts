import { failureOf, isSignedOut, type Failure } from "../failure.ts";
import { addSecret, readCatalog, readSettings, removeSecret, saveSettings, testSettings, type Draft } from "./api.ts";
import type { Settings, TestResult } from "./model.ts";
import { isSame, type Catalog } from "./permissions.ts";

/** A part of the page that waits for the server or shows its error. */
export type Part = "save" | "secret" | "test";

/** The page's state and what its buttons do. `onChange` runs after every change, `onSignedOut` when the session has ended. */
export class IntegrationState {
  settings: Settings | undefined;
  catalog: Catalog | undefined;
  draft: Draft = { clientId: "", scopes: [], active: true };
  /** Why the page could not be read. */
  failure: Failure | undefined;
  busy: Part | undefined;
  problems: Partial<Record<Part, Failure>> = {};
  results: readonly TestResult[] | undefined;
  /** What is read out when something was done. */
  news = "";
  /** Secret whose removal is to be confirmed. */
  removing: string | undefined;

  readonly project: string;
  readonly #onChange: () => void;
  readonly #onSignedOut: () => void;

  constructor(project: string, onChange: () => void, onSignedOut: () => void) {
    this.project = project;
    this.#onChange = onChange;
    this.#onSignedOut = onSignedOut;
  }

  get hasChanges(): boolean {
    const { settings, draft } = this;
    if (settings === undefined) return false;
    const base = draftOf(settings);
    return draft.clientId.trim() !== base.clientId || draft.active !== base.active || !isSame(draft.scopes, base.scopes);
  }

  async load(): Promise<void> {
    this.failure = undefined;
    this.settings = undefined;
    this.#onChange();
    try {
      const [settings, catalog] = await Promise.all([readSettings(this.project), readCatalog()]);
      this.catalog = catalog;
      this.#take(settings, true);
    } catch (error) {
      if (isSignedOut(error)) this.#onSignedOut();
      this.failure = failureOf(error);
    }
    this.#onChange();
  }

  change(change: Partial<Draft>): void {
    this.draft = { ...this.draft, ...change };
    delete this.problems.save;
    this.#onChange();
  }

  discard(): void {
    if (this.settings !== undefined) this.#take(this.settings, true);
    delete this.problems.save;
    this.#onChange();
  }

  save(): Promise<void> {
    return this.#run("save", "Saved. The settings take effect immediately.", async (settings) => {
      this.#take(await saveSettings(this.project, settings, this.draft), true);
      this.results = undefined;
    });
  }

  /** @returns whether it was added. */
  async addSecret(secret: string, expiresOn: string): Promise<boolean> {
    await this.#run("secret", "The client secret was added.", async () => {
      this.#take(await addSecret(this.project, secret, expiresOn), false);
      this.results = undefined;
    });
    return this.problems.secret === undefined;
  }

  /** Asks whether a secret is to go; `undefined`: it is not. */
  askToRemove(id: string | undefined): void {
    this.removing = id;
    this.#onChange();
  }

  removeSecret(id: string): Promise<void> {
    return this.#run("secret", "The client secret was removed.", async () => {
      this.#take(await removeSecret(this.project, id), false);
      this.removing = undefined;
      this.results = undefined;
    });
  }

  test(directory: string): Promise<void> {
    return this.#run("test", "", async () => {
      this.results = undefined;
      this.results = await testSettings(this.project, directory);
      this.news = this.results.map((one) => one.message).join(" ");
    });
  }

  async #run(part: Part, done: string, action: (settings: Settings) => Promise<void>): Promise<void> {
    const { settings } = this;
    if (settings === undefined || this.busy !== undefined) return;
    this.busy = part;
    this.news = "";
    delete this.problems[part];
    this.#onChange();
    try {
      await action(settings);
      if (done !== "") this.news = done;
    } catch (error) {
      if (isSignedOut(error)) this.#onSignedOut();
      this.problems[part] = failureOf(error);
    }
    this.busy = undefined;
    this.#onChange();
  }

  /** Takes over what the server says; a draft that is being written stays. */
  #take(settings: Settings, resets: boolean): void {
    const keeps = !resets && this.hasChanges;
    this.settings = settings;
    if (!keeps) this.draft = draftOf(settings);
  }
}

function draftOf(settings: Settings): Draft {
  return { clientId: settings.clientId.saved ?? "", scopes: settings.scopes.value, active: settings.active };
}
