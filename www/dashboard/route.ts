/** A view of the dashboard, as the path names it. */
export interface Route {
  /** Absent until a project is chosen. */
  readonly project: string | undefined;
  readonly view: View;
}

/** Views of a project. */
export type View = "integration" | "audit";

/** Titles of the views, in the order of the navigation. */
export const VIEWS: Readonly<Record<View, string>> = { integration: "Integration", audit: "Audit log" };

const ROOT = "/dashboard";

/** Reads a path; what it does not know leads to the first view. */
export function parseRoute(path: string): Route {
  const [, project, view] = /^\/dashboard\/projects\/([\w-]+)(?:\/([\w-]+))?\/?$/.exec(path) ?? [];
  return { project, view: view !== undefined && Object.hasOwn(VIEWS, view) ? (view as View) : "integration" };
}

/** The path of a view. */
export function pathOf(route: Route): string {
  return route.project === undefined ? ROOT : `${ROOT}/projects/${route.project}/${route.view}`;
}
