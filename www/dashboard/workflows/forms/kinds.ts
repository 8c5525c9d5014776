import type { Json } from "../../../lib/json.ts";
import { freeId } from "../definition.ts";
import type { Catalog } from "../api.ts";

/** A kind of step that can be added. */
export interface Kind {
  readonly key: string;
  readonly title: string;
  readonly description: string;
  /** Word that the id of such a step begins with. */
  readonly word: string;
  readonly work: Json;
}

const EMPTY_CONDITION = { any: [{ all: [{ left: "", operator: "$stringExactlyMatches", right: "" }] }] };

const OTHERS: readonly Kind[] = [
  {
    key: "conditional",
    title: "Condition",
    description: "Runs the first branch whose condition is true.",
    word: "check",
    work: { type: "conditional", branches: [{ when: EMPTY_CONDITION, steps: [] }], otherwise: [] },
  },
  { key: "fanOut", title: "Fan out", description: "Runs its steps for each item of a list.", word: "each", work: { type: "fanOut", over: "", steps: [] } },
  { key: "delay", title: "Delay", description: "Waits before the next step.", word: "wait", work: { type: "delay", amount: 5, unit: "MINUTES" } },
  {
    key: "integrationRequest",
    title: "Azure DevOps request",
    description: "Calls the Azure DevOps REST API with the user's account.",
    word: "call",
    work: { type: "integrationRequest", method: "GET", path: "/_apis/projects?api-version=7.1" },
  },
  {
    key: "request",
    title: "Web request",
    description: "Calls any public HTTPS URL.",
    word: "request",
    work: { type: "request", method: "POST", url: "https://", body: {} },
  },
  { key: "response", title: "Response", description: "Responds to the app's request.", word: "answer", work: { type: "response", status: 200, body: {} } },
];

const WORDS: Readonly<Record<string, string>> = {
  AZURE_DEVOPS_SEARCH_WORKITEMS: "find",
  AZURE_DEVOPS_CREATE_WORKITEM: "create",
  AZURE_DEVOPS_UPDATE_WORKITEM: "update",
  AZURE_DEVOPS_DELETE_WORKITEM: "delete",
};

/** Parameters that a new step begins with, so that its form shows what is mostly wanted. */
const BEGIN: Readonly<Record<string, Json>> = {
  AZURE_DEVOPS_SEARCH_WORKITEMS: { filters: [{ field: "System.Title", operator: "=", value: "" }], fields: ["System.Title"], top: 1 },
  AZURE_DEVOPS_CREATE_WORKITEM: { project: "", workItemType: "Bug", fields: { "System.Title": "" } },
  AZURE_DEVOPS_UPDATE_WORKITEM: { id: "", fields: { "System.Title": "" } },
  AZURE_DEVOPS_DELETE_WORKITEM: { id: "" },
};

/** Every kind of step, the actions first. */
export function kindsOf(catalog: Catalog): Kind[] {
  const actions = catalog.actions.map(
    (action): Kind => ({
      key: action.name,
      title: action.title,
      description: action.description,
      word: WORDS[action.name] ?? "step",
      work: { type: "action", action: action.name, parameters: BEGIN[action.name] ?? {} },
    }),
  );
  return [...actions, ...OTHERS];
}

/** A new step of a kind. */
export function newStep(definition: Json, kind: Kind): Json {
  return { id: freeId(definition, kind.word), do: structuredClone(kind.work) };
}

/** The kind of a step's work. */
export function kindOf(catalog: Catalog, work: Json): Kind | undefined {
  const key = work.type === "action" ? work.action : work.type;
  return kindsOf(catalog).find((kind) => kind.key === key);
}
