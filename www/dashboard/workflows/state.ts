import { isObject, text, type Json } from "../../lib/json.ts";
import { failureOf, isSignedOut, type Failure } from "../failure.ts";
import {
  checkDraft,
  createWorkflow,
  deployWorkflow,
  readCatalog,
  readWorkflow,
  removeWorkflow,
  saveWorkflow,
  testStep,
  withdrawWorkflow,
  type Catalog,
  type Group,
  type Inspection,
  type StepOutcome,
  type StepTest,
  type WholeWorkflow,
} from "./api.ts";
import { AccountChoices } from "./account-choices.ts";
import { findStep, idOf, newWorkflow, pointer, withPart, type Path } from "./definition.ts";
import { takeOver } from "./handed-over.ts";

/** What the editor shows beside the outline. */
export type Selection = { readonly view: "general" | "trigger" | "inputs" | "json" | "versions" } | { readonly view: "step"; readonly id: string };

/** What waits for the server. */
export type Busy = "save" | "deploy" | "test";

/** How long after the last change a draft is checked, in milliseconds. */
const CHECK_AFTER = 300;

/** The editor's state and what its buttons do. */
export class EditorState {
  readonly project: string;
  /** Undefined while there is no such workflow yet. */
  id: string | undefined;
  whole: WholeWorkflow | undefined;
  catalog: Catalog | undefined;
  draft: Json = newWorkflow("");
  inspection: Inspection = { problems: [], groups: [], places: {} };
  selection: Selection = { view: "general" };
  /** Why the page could not be read. */
  failure: Failure | undefined;
  /** Why the last action failed. */
  problem: Failure | undefined;
  busy: Busy | undefined;
  news = "";
  outcome: StepOutcome | undefined;
  readonly choices: AccountChoices;
  /** What steps gave when they were tried. */
  #outputs: Json = {};
  #saved: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;
  readonly #onChange: () => void;
  readonly #onSignedOut: () => void;

  constructor(project: string, id: string | undefined, onChange: () => void, onSignedOut: () => void) {
    this.project = project;
    this.choices = new AccountChoices(project);
    this.id = id;
    this.#onChange = onChange;
    this.#onSignedOut = onSignedOut;
    const taken = id === undefined ? takeOver() : undefined;
    if (taken !== undefined) this.draft = taken;
    this.#saved = id === undefined ? JSON.stringify(newWorkflow("")) : "";
  }

  get hasChanges(): boolean {
    return (this.whole !== undefined || this.id === undefined) && JSON.stringify(this.draft) !== this.#saved;
  }

  /** Whether the workflow is defined in the configuration file. */
  get isInFile(): boolean {
    return this.whole?.isInFile === true;
  }

  /** The path of the step that is shown. */
  get stepPath(): Path | undefined {
    return this.selection.view === "step" ? findStep(this.draft, this.selection.id) : undefined;
  }

  /** What can be referred to in what is shown. */
  get groups(): readonly Group[] {
    const all = this.inspection.groups ?? [];
    if (this.selection.view === "general") return all.filter(({ kind }) => kind === "user");
    if (this.selection.view === "trigger") return all.filter(({ kind }) => kind === "settings" || kind === "user");
    const path = this.stepPath;
    if (path === undefined) return [];
    const roots = this.inspection.places[pointer(path)] ?? [];
    return all.filter(({ kind, root }) => ["settings", "user", "secrets"].includes(kind) || roots.includes(root));
  }

  async load(): Promise<void> {
    this.failure = undefined;
    this.#onChange();
    try {
      const [catalog, whole] = await Promise.all([readCatalog(), this.id === undefined ? undefined : readWorkflow(this.project, this.id)]);
      this.catalog = catalog;
      if (whole !== undefined) this.#take(whole);
      await Promise.all([this.#check(), this.#loadAccounts()]);
    } catch (error) {
      this.failure = this.#failed(error);
    }
    this.#onChange();
  }

  /** Without the accounts nothing can be carried out; the rest works. */
  async #loadAccounts(): Promise<void> {
    try {
      await this.choices.load();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Chooses the account whose names are offered, and that steps are tried with. */
  chooseAccount(credential: string): void {
    this.choices.chosen = credential;
    this.#onChange();
  }

  /** Ends what waits. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
  }

  select(selection: Selection): void {
    this.selection = selection;
    this.outcome = undefined;
    this.#onChange();
  }

  change(path: Path, value: unknown): void {
    this.replace(withPart(this.draft, path, value) as Json);
  }

  /** Another definition; a step that is shown is followed when its id changes. */
  replace(definition: Json): void {
    const path = this.stepPath;
    this.draft = definition;
    if (path !== undefined && this.selection.view === "step" && findStep(definition, this.selection.id) === undefined) {
      const step = path.reduce<unknown>((found, key) => (isObject(found) || Array.isArray(found) ? (found as Json)[key as string] : undefined), definition);
      this.selection = isObject(step) ? { view: "step", id: String(step.id) } : { view: "general" };
    }
    this.problem = undefined;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#checkLater(), CHECK_AFTER);
    this.#onChange();
  }

  discard(): void {
    if (this.whole !== undefined) this.#take(this.whole);
    this.problem = undefined;
    this.selection = { view: "general" };
    void this.#checkLater();
    this.#onChange();
  }

  /** @returns the id of a workflow that was made. */
  async save(): Promise<string | undefined> {
    const { id, whole } = this;
    let made: string | undefined;
    await this.#run("save", async () => {
      if (id !== undefined && whole !== undefined) {
        this.#take(await saveWorkflow(this.project, id, this.draft, whole.savedVersion));
      } else {
        const definition = { ...this.draft, id: text(this.draft.id) ?? idOf(text(this.draft.description) ?? "") };
        this.#take(await createWorkflow(this.project, definition));
        made = this.id = this.whole?.id;
      }
      this.news = `Saved as version ${this.whole?.savedVersion ?? 1}.`;
    });
    return made;
  }

  deploy(version: number): Promise<void> {
    return this.#run("deploy", async (id) => {
      this.#takeStatus(await deployWorkflow(this.project, id, version));
      this.news = `Version ${version} is deployed.`;
    });
  }

  withdraw(): Promise<void> {
    return this.#run("deploy", async (id) => {
      this.#takeStatus(await withdrawWorkflow(this.project, id));
      this.news = "The workflow was undeployed.";
    });
  }

  /** @returns whether it was removed. */
  async remove(): Promise<boolean> {
    let removed = false;
    await this.#run("deploy", async (id) => {
      await removeWorkflow(this.project, id);
      this.#saved = JSON.stringify(this.draft);
      removed = true;
    });
    return removed;
  }

  test(test: Omit<StepTest, "definition" | "outputs">, outputs: Json): Promise<void> {
    this.outcome = undefined;
    return this.#run("test", async () => {
      const definition = { ...this.draft, id: text(this.draft.id) ?? "draft" };
      const outcome = await testStep(this.project, { ...test, definition, outputs: { ...this.#outputs, ...outputs } });
      this.outcome = outcome;
      this.news = outcome.error === undefined ? "The step test succeeded." : `The step test failed: ${outcome.error.message}`;
      if (outcome.isCarriedOut && outcome.error === undefined) {
        this.#outputs = { ...this.#outputs, [test.step]: outcome.output };
        await this.#check();
      }
    });
  }

  async #run(busy: Busy, action: (id: string) => Promise<void>): Promise<void> {
    if (this.busy !== undefined) return;
    this.busy = busy;
    this.news = "";
    this.problem = undefined;
    this.#onChange();
    try {
      await action(this.id ?? "");
    } catch (error) {
      this.problem = this.#failed(error);
    }
    this.busy = undefined;
    this.#onChange();
  }

  async #checkLater(): Promise<void> {
    try {
      await this.#check();
    } catch (error) {
      this.problem = this.#failed(error);
    }
    this.#onChange();
  }

  /** What is asked last counts. */
  async #check(): Promise<void> {
    const asked = ++this.#asked;
    // A new workflow gets its id when it is saved.
    const definition = { ...this.draft, id: text(this.draft.id) ?? "draft" };
    const inspection = await checkDraft(this.project, definition, this.#outputs);
    if (asked !== this.#asked) return;
    // What cannot be understood for a moment keeps the menu that it had.
    this.inspection = inspection.groups === undefined ? { ...this.inspection, problems: inspection.problems } : inspection;
  }

  #take(whole: WholeWorkflow): void {
    this.whole = whole;
    this.draft = whole.definition;
    this.#saved = JSON.stringify(whole.definition);
  }

  /** Takes over the deployed version; an edited draft is kept. */
  #takeStatus(whole: WholeWorkflow): void {
    if (this.hasChanges) this.whole = { ...whole, definition: this.whole?.definition ?? whole.definition };
    else this.#take(whole);
  }

  #failed(error: unknown): Failure {
    if (isSignedOut(error)) this.#onSignedOut();
    return failureOf(error);
  }
}
