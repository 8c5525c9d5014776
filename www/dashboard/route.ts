/** A view of the dashboard, as the path names it. */
export interface Route {
  /** Absent until a project is chosen; views of the gateway keep the one that was chosen last. */
  readonly project: string | undefined;
  readonly view: View;
  /** Which one of the things that the view shows. */
  readonly item?: string | undefined;
  /** Query of the address, with its `?`: what a view shows of its things. */
  readonly search?: string | undefined;
}

/** Views of a project, and of the gateway itself. */
export type View = "overview" | "integration" | "keys" | "workflows" | "new-workflow" | "users" | "runs" | "audit" | "operators" | "account";

/** Titles of a project's views, in the order of the navigation. */
export const PROJECT_VIEWS: Readonly<Partial<Record<View, string>>> = {
  overview: "Overview",
  integration: "Integration",
  keys: "Signing keys",
  workflows: "Workflows",
  users: "Users",
  runs: "Run history",
  audit: "Audit log",
};

/** Titles of the gateway's views, in the order of the navigation. */
export const GATEWAY_VIEWS: Readonly<Partial<Record<View, string>>> = { operators: "Operators", account: "Your account" };

/** Views that no navigation leads to. */
const HIDDEN_VIEWS: Readonly<Partial<Record<View, string>>> = { "new-workflow": "New workflow" };

/** Views whose paths may name one thing. */
const VIEWS_OF_ITEMS: readonly string[] = ["runs", "workflows"];

const ROOT = "/dashboard";

/** Reads a path; what it does not know leads to the integration of the project. */
export function parseRoute(path: string, search = ""): Route {
  const [, view] = /^\/dashboard\/([\w-]+)\/?$/.exec(path) ?? [];
  if (view !== undefined && Object.hasOwn(GATEWAY_VIEWS, view)) return { project: undefined, view: view as View };
  const [, project, named, item] = /^\/dashboard\/projects\/([\w-]+)(?:\/([\w-]+)(?:\/([\w-]+))?)?\/?$/.exec(path) ?? [];
  if (named !== undefined && item !== undefined && VIEWS_OF_ITEMS.includes(named)) return { project, view: named as View, item };
  const isKnown = named !== undefined && (Object.hasOwn(PROJECT_VIEWS, named) || Object.hasOwn(HIDDEN_VIEWS, named));
  return { project, view: isKnown ? (named as View) : "integration", ...(isKnown && search !== "" ? { search } : {}) };
}

/** The path of a view. */
export function pathOf({ project, view, item, search = "" }: Route): string {
  if (Object.hasOwn(GATEWAY_VIEWS, view)) return `${ROOT}/${view}`;
  if (project === undefined) return ROOT;
  return `${ROOT}/projects/${project}/${view}${item === undefined ? "" : `/${item}`}${search}`;
}

/** The title of a view. */
export function titleOf(view: View): string {
  return PROJECT_VIEWS[view] ?? GATEWAY_VIEWS[view] ?? HIDDEN_VIEWS[view] ?? "";
}
