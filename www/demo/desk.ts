import { OAuthCancelledError, paragon, SDK_EVENT } from "paragon-connect-wasm";
import { expiryOf } from "../lib/jwt.ts";
import { connectHeadless } from "./actions/connect-headless.ts";
import { connectInPortal } from "./actions/connect-portal.ts";
import { createWorkItem } from "./actions/create-work-item.ts";
import { disconnect } from "./actions/disconnect.ts";
import { listProjects, type Project } from "./actions/list-projects.ts";
import { listWorkItems, type WorkItem } from "./actions/list-work-items.ts";
import { signIn } from "./actions/sign-in.ts";
import { NO_CONNECTION, readConnection, type Connection } from "./connection-state.ts";
import { errorFacts, readable, type Readable } from "./errors.ts";
import { headlessAfter, type Headless } from "./headless-state.ts";
import type { StepName } from "./steps.ts";

/** Data that is fetched: not asked for, on its way, here, or failed. */
export type Loaded<T> =
  | { readonly state: "idle" | "loading" }
  | { readonly state: "ready"; readonly value: T }
  | { readonly state: "failed"; readonly error: Readable };

/** The step shown in the code panel, with its latest outcome. */
export interface Trace {
  readonly step: StepName;
  readonly state: "running" | "ok" | "error";
  readonly result: unknown;
}

const IDLE = { state: "idle" } as const;

/** Harbor Desk's state and what its buttons do. `onChange` runs after every change. */
export class Desk {
  user: string | undefined;
  tokenExpires: Date | undefined;
  signingIn: string | undefined;
  problem: Readable | undefined;
  connection: Connection = { status: "none", organization: undefined, account: undefined };
  headless: Headless = IDLE;
  projects: Loaded<Project[]> = IDLE;
  project: Project | undefined;
  items: Loaded<WorkItem[]> = IDLE;
  created: WorkItem | undefined;
  creating = false;
  /** Why the last work item could not be created. */
  createProblem: Readable | undefined;
  disconnecting = false;
  trace: Trace | undefined;

  readonly #onChange: () => void;
  /** Rises when the user changes: answers for the user before are dropped. */
  #epoch = 0;
  #listening = false;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  async signIn(user: string): Promise<void> {
    const epoch = this.#restart();
    this.signingIn = user;
    try {
      const token = await this.#run(
        "signIn",
        () => signIn(user),
        () => paragon.getUser(),
      );
      if (epoch !== this.#epoch) return;
      this.user = user;
      this.tokenExpires = expiryOf(token);
      this.#listen();
      this.#readConnection();
    } catch (error) {
      if (epoch === this.#epoch) this.problem = readable(error);
    }
    if (epoch === this.#epoch) this.signingIn = undefined;
    this.#onChange();
  }

  /** Back to the choice of users. */
  leave(): void {
    this.#restart();
    this.#onChange();
  }

  openPortal(): void {
    this.problem = undefined;
    this.trace = { step: "portal", state: "running", result: undefined };
    connectInPortal((error) => {
      this.trace = { step: "portal", state: "error", result: errorFacts(error) };
      this.problem = error instanceof OAuthCancelledError ? undefined : readable(error);
      this.#onChange();
    });
    this.#onChange();
  }

  /** The window must open in the click's own task: nothing is awaited before. */
  connectHeadless(): void {
    const epoch = this.#epoch;
    this.headless = { state: "waiting", status: undefined };
    const done = this.#run("headless", () =>
      connectHeadless((status) => {
        if (epoch !== this.#epoch || this.headless.state !== "waiting") return;
        this.headless = { state: "waiting", status };
        this.#onChange();
      }),
    );
    void this.#settleHeadless(done, epoch);
  }

  retryHeadless(retry: () => Promise<unknown>): void {
    this.headless = { state: "waiting", status: undefined };
    void this.#settleHeadless(this.#run("headless", retry), this.#epoch);
  }

  async loadProjects(): Promise<void> {
    this.projects = { state: "loading" };
    const loaded = await this.#load("projects", listProjects);
    if (loaded === undefined) return;
    this.projects = loaded;
    const first = loaded.state === "ready" ? loaded.value[0] : undefined;
    if (first !== undefined && this.project === undefined) await this.openProject(first);
    else this.#onChange();
  }

  async openProject(project: Project): Promise<void> {
    this.project = project;
    this.created = undefined;
    this.createProblem = undefined;
    await this.loadItems();
  }

  async loadItems(): Promise<void> {
    const { project } = this;
    if (project === undefined) return;
    this.items = { state: "loading" };
    const items = await this.#load("items", () => listWorkItems(project.id));
    if (items !== undefined && this.project === project) this.items = items;
    this.#onChange();
  }

  /** @returns whether the work item was created. */
  async create(type: string, title: string): Promise<boolean> {
    const { project } = this;
    if (project === undefined || this.creating) return false;
    const epoch = this.#epoch;
    this.creating = true;
    this.createProblem = undefined;
    this.created = undefined;
    try {
      const item = await this.#run("create", () => createWorkItem(project.id, type, title));
      if (epoch !== this.#epoch) return false;
      this.created = item;
    } catch (error) {
      if (epoch === this.#epoch) this.createProblem = readable(error);
    }
    this.creating = false;
    this.#readConnection();
    this.#onChange();
    if (this.created !== undefined) void this.#refreshItems(project);
    return this.created !== undefined;
  }

  async disconnect(): Promise<void> {
    const epoch = this.#epoch;
    this.disconnecting = true;
    this.problem = undefined;
    try {
      await this.#run("disconnect", disconnect);
    } catch (error) {
      if (epoch === this.#epoch) this.problem = readable(error);
    }
    this.disconnecting = false;
    this.#readConnection();
    this.#onChange();
  }

  /** Reloads the list but leaves the created item's code in the panel. */
  async #refreshItems(project: Project): Promise<void> {
    try {
      const value = await listWorkItems(project.id);
      if (this.project === project) this.items = { state: "ready", value };
    } catch (error) {
      if (this.project === project) this.items = { state: "failed", error: readable(error) };
    }
    this.#onChange();
  }

  async #settleHeadless(done: Promise<unknown>, epoch: number): Promise<void> {
    let next: Headless = IDLE;
    try {
      await done;
    } catch (error) {
      next = headlessAfter(error);
    }
    if (epoch !== this.#epoch) return;
    this.headless = next;
    this.#readConnection();
    this.#onChange();
  }

  /** Undefined when the user changed in the meantime. */
  async #load<T>(step: StepName, action: () => Promise<T>): Promise<Loaded<T> | undefined> {
    const epoch = this.#epoch;
    let result: Loaded<T>;
    try {
      result = { state: "ready", value: await this.#run(step, action) };
    } catch (error) {
      result = { state: "failed", error: readable(error) };
    }
    if (epoch !== this.#epoch) return undefined;
    this.#readConnection();
    return result;
  }

  /** Runs a step and shows it in the code panel with its result or error, unless a later step is shown. */
  async #run<T>(step: StepName, action: () => Promise<T>, show: (result: T) => unknown = (result) => result): Promise<T> {
    const running: Trace = { step, state: "running", result: undefined };
    this.trace = running;
    const pending = action();
    this.#onChange();
    try {
      const result = await pending;
      if (this.trace === running) this.trace = { step, state: "ok", result: show(result) };
      return result;
    } catch (error) {
      if (this.trace === running) this.trace = { step, state: "error", result: errorFacts(error) };
      throw error;
    }
  }

  #listen(): void {
    if (this.#listening) return;
    this.#listening = true;
    paragon.subscribe(SDK_EVENT.ON_INTEGRATION_INSTALL, (event: unknown) => this.#connectionChanged("ok", event));
    paragon.subscribe(SDK_EVENT.ON_INTEGRATION_UNINSTALL, (event: unknown) => this.#connectionChanged("ok", event));
  }

  #connectionChanged(state: Trace["state"], event: unknown): void {
    if (this.trace?.step === "portal") this.trace = { step: "portal", state, result: event };
    this.problem = undefined;
    this.#readConnection();
    this.#onChange();
  }

  /** Reads the SDK's state; a new connection fetches the projects, a lost one forgets them. */
  #readConnection(): void {
    const before = this.connection.status;
    this.connection = this.user === undefined ? NO_CONNECTION : readConnection(paragon.getUser());
    if (this.connection.status === "none") {
      this.projects = IDLE;
      this.project = undefined;
      this.items = IDLE;
      this.created = undefined;
    } else if (before !== "connected" && this.connection.status === "connected") {
      this.headless = IDLE;
      void this.loadProjects();
    }
  }

  #restart(): number {
    this.user = undefined;
    this.tokenExpires = undefined;
    this.signingIn = undefined;
    this.problem = undefined;
    this.connection = NO_CONNECTION;
    this.headless = IDLE;
    this.projects = IDLE;
    this.project = undefined;
    this.items = IDLE;
    this.created = undefined;
    this.creating = false;
    this.createProblem = undefined;
    this.disconnecting = false;
    this.trace = undefined;
    return ++this.#epoch;
  }
}
