import connectHeadless from "./actions/connect-headless.ts?raw";
import connectPortal from "./actions/connect-portal.ts?raw";
import createWorkItem from "./actions/create-work-item.ts?raw";
import disconnect from "./actions/disconnect.ts?raw";
import listProjects from "./actions/list-projects.ts?raw";
import listWorkItems from "./actions/list-work-items.ts?raw";
import signIn from "./actions/sign-in.ts?raw";

/** A thing the demo does, with the very source it runs. */
export interface Step {
  readonly title: string;
  readonly file: string;
  readonly source: string;
}

/** The source shown is the text of the module that is executed: the two cannot differ. */
export const STEPS = {
  signIn: { title: "Sign the user in", file: "sign-in.ts", source: signIn },
  portal: { title: "Connect with the portal", file: "connect-portal.ts", source: connectPortal },
  headless: { title: "Connect with your own button", file: "connect-headless.ts", source: connectHeadless },
  projects: { title: "List projects", file: "list-projects.ts", source: listProjects },
  items: { title: "List work items", file: "list-work-items.ts", source: listWorkItems },
  create: { title: "Create a work item", file: "create-work-item.ts", source: createWorkItem },
  disconnect: { title: "Disconnect", file: "disconnect.ts", source: disconnect },
} as const satisfies Record<string, Step>;

/** Name of a step. */
export type StepName = keyof typeof STEPS;
