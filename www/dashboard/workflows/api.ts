import { isObject, text, type Json } from "../../lib/json.ts";
import { call, objects, texts } from "../api.ts";

/** A workflow as the list shows it. */
export interface ListedWorkflow {
  readonly id: string;
  readonly description: string;
  readonly infoText: string | undefined;
  readonly trigger: Json | undefined;
  /** Whether the configuration file has it, so that it cannot be changed here. */
  readonly isInFile: boolean;
  readonly savedVersion: number;
  readonly deployedVersion: number | undefined;
  readonly savedAt: Date;
  readonly savedBy: string | undefined;
}

/** A version, without its definition. */
export interface Version {
  readonly version: number;
  readonly savedAt: Date;
  /** Undefined: the configuration file. */
  readonly savedBy: string | undefined;
}

/** A workflow with its newest definition. */
export interface WholeWorkflow extends ListedWorkflow {
  readonly definition: Json;
  readonly versions: readonly Version[];
}

/** One thing that is wrong with a definition. */
export interface Problem {
  /** JSON pointer. */
  readonly path: string;
  /** Characters (code points) before it in a text. */
  readonly position: number | undefined;
  readonly message: string;
}

/** A value that can be referred to. */
export interface Variable {
  readonly reference: string;
  readonly types: readonly string[];
  readonly title: string | undefined;
  readonly sample: string | undefined;
}

/** Values that have a root in common. */
export interface Group {
  readonly root: string;
  readonly title: string;
  readonly kind: string;
  readonly variables: readonly Variable[];
}

/** What a look at a draft finds. */
export interface Inspection {
  readonly problems: readonly Problem[];
  /** Undefined when the draft could not be understood at all. */
  readonly groups: readonly Group[] | undefined;
  /** Roots that each step may refer to, by the step's JSON pointer. */
  readonly places: Readonly<Record<string, readonly string[]>>;
}

/** An action that steps can do. */
export interface Action {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** JSON Schema. */
  readonly parameters: Json;
}

/** What there is to choose from. */
export interface Catalog {
  readonly actions: readonly Action[];
  readonly operators: readonly { readonly name: string; readonly needsRight: boolean }[];
  readonly sources: readonly { readonly key: string; readonly title: string }[];
}

/** A step to be tried. */
export interface StepTest {
  readonly definition: Json;
  readonly step: string;
  /** What earlier steps gave, by their id; the server knows samples for what is left out. */
  readonly outputs: Json;
  readonly settings: Json;
  readonly account?: { readonly userId: string; readonly credentialId: string };
  readonly carryOut: boolean;
}

/** What a tried step came to. */
export interface StepOutcome {
  readonly input: unknown;
  readonly output: unknown;
  readonly error: { readonly code: string; readonly message: string; readonly requestId: string | undefined } | undefined;
  readonly isCarriedOut: boolean;
}

const base = (project: string): string => `/projects/${encodeURIComponent(project)}/workflows`;
const one = (project: string, id: string): string => `${base(project)}/${encodeURIComponent(id)}`;

export async function listWorkflows(project: string): Promise<ListedWorkflow[]> {
  return objects((await call("GET", base(project))).workflows).map(listedOf);
}

export async function readWorkflow(project: string, id: string): Promise<WholeWorkflow> {
  return wholeOf(await call("GET", one(project, id)));
}

/** @throws {HttpError} `invalid_request`, `workflow_taken`. */
export async function createWorkflow(project: string, definition: Json): Promise<WholeWorkflow> {
  return wholeOf(await call("POST", base(project), { definition }));
}

/** @throws {HttpError} `invalid_request`, `revision_conflict`. */
export async function saveWorkflow(project: string, id: string, definition: Json, basedOn: number): Promise<WholeWorkflow> {
  return wholeOf(await call("PUT", one(project, id), { definition, basedOn }));
}

export async function removeWorkflow(project: string, id: string): Promise<void> {
  await call("DELETE", one(project, id));
}

export async function deployWorkflow(project: string, id: string, version: number): Promise<WholeWorkflow> {
  return wholeOf(await call("PUT", `${one(project, id)}/deployment`, { version }));
}

export async function withdrawWorkflow(project: string, id: string): Promise<WholeWorkflow> {
  return wholeOf(await call("DELETE", `${one(project, id)}/deployment`));
}

/** The definition of one version. */
export async function readVersion(project: string, id: string, version: number): Promise<Json> {
  const { definition } = await call("GET", `${one(project, id)}/versions/${version}`);
  return isObject(definition) ? definition : {};
}

/** Looks at a draft; `outputs` are what steps gave when they were tried. */
export async function checkDraft(project: string, definition: Json, outputs: Json): Promise<Inspection> {
  const answer = await call("POST", `/projects/${encodeURIComponent(project)}/workflow-drafts/check`, { definition, outputs });
  const places = isObject(answer.places) ? Object.entries(answer.places).map(([path, roots]): [string, string[]] => [path, texts(roots)]) : [];
  return {
    problems: objects(answer.problems).map(problemOf),
    groups: Array.isArray(answer.groups) ? objects(answer.groups).map(groupOf) : undefined,
    places: Object.fromEntries(places),
  };
}

export async function testStep(project: string, test: StepTest): Promise<StepOutcome> {
  const answer = await call("POST", `/projects/${encodeURIComponent(project)}/workflow-drafts/test`, test);
  const error = isObject(answer.error) ? answer.error : undefined;
  return {
    input: answer.input,
    output: answer.output,
    error: error && { code: text(error.code) ?? "", message: text(error.message) ?? "", requestId: text(error.requestId) },
    isCarriedOut: answer.isCarriedOut === true,
  };
}

export async function readCatalog(): Promise<Catalog> {
  const answer = await call("GET", "/workflow-catalog");
  return {
    actions: objects(answer.actions).map((action) => ({
      name: text(action.name) ?? "",
      title: text(action.title) ?? "",
      description: text(action.description) ?? "",
      parameters: isObject(action.parameters) ? action.parameters : {},
    })),
    operators: objects(answer.operators).map((operator) => ({ name: text(operator.name) ?? "", needsRight: operator.needsRight === true })),
    sources: objects(answer.sources).map((source) => ({ key: text(source.key) ?? "", title: text(source.title) ?? "" })),
  };
}

function listedOf(row: Json): ListedWorkflow {
  return {
    id: text(row.id) ?? "",
    description: text(row.description) ?? "",
    infoText: text(row.infoText),
    trigger: isObject(row.trigger) ? row.trigger : undefined,
    isInFile: row.source === "file",
    savedVersion: Number(row.savedVersion),
    deployedVersion: typeof row.deployedVersion === "number" ? row.deployedVersion : undefined,
    savedAt: new Date(text(row.savedAt) ?? 0),
    savedBy: text(row.savedBy),
  };
}

function wholeOf(row: Json): WholeWorkflow {
  return {
    ...listedOf(row),
    definition: isObject(row.definition) ? row.definition : {},
    versions: objects(row.versions).map((version) => ({
      version: Number(version.version),
      savedAt: new Date(text(version.savedAt) ?? 0),
      savedBy: text(version.savedBy),
    })),
  };
}

function problemOf(row: Json): Problem {
  return {
    path: typeof row.path === "string" ? row.path : "",
    position: typeof row.position === "number" ? row.position : undefined,
    message: text(row.message) ?? "",
  };
}

function groupOf(row: Json): Group {
  return {
    root: text(row.root) ?? "",
    title: text(row.title) ?? "",
    kind: text(row.kind) ?? "",
    variables: objects(row.variables).map((variable) => ({
      reference: text(variable.reference) ?? "",
      types: texts(variable.types),
      title: text(variable.title),
      sample: typeof variable.sample === "string" ? variable.sample : undefined,
    })),
  };
}

/** A connected account that steps can be tried with. */
export interface Account {
  readonly userId: string;
  readonly credentialId: string;
  readonly title: string;
}

/** The accounts of the first users, by name. */
export async function listAccounts(project: string): Promise<Account[]> {
  const { users } = await call("GET", `/projects/${encodeURIComponent(project)}/users`);
  return objects(users).flatMap((user) =>
    objects(user.accounts)
      .filter((account) => account.status === "VALID")
      .map((account) => ({
        userId: text(user.id) ?? "",
        credentialId: text(account.id) ?? "",
        title: `${text(user.name) ?? text(user.id) ?? ""}: ${text(account.displayName) ?? text(account.emailAddress) ?? ""} in ${text(account.organization) ?? ""}`,
      })),
  );
}

/** One choice that an account offers. */
export interface Choice {
  readonly label: string;
  readonly value: string;
}

/** Choices of a field as an account has them; the first page. `parameters` narrow them. */
export async function readChoices(project: string, account: string, source: string, parameters: Readonly<Record<string, string>>): Promise<Choice[]> {
  const given = Object.entries(parameters).map(([key, value]) => ({ key, source: { type: "VALUE", value } }));
  const path = `/projects/${encodeURIComponent(project)}/accounts/${encodeURIComponent(account)}/field-options`;
  const { records } = await call("POST", path, { action: "azuredevops", sourceKey: source, parameters: given });
  return objects(records).map((record) => ({ label: text(record.label) ?? "", value: text(record.value) ?? "" }));
}
