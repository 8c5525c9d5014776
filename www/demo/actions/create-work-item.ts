import { paragon } from "paragon-connect-wasm";
import type { WorkItem } from "./list-work-items.ts";

export async function createWorkItem(project: string, type: string, title: string): Promise<WorkItem> {
  const path = `/${encodeURIComponent(project)}/_apis/wit/workitems/$${encodeURIComponent(type)}`;
  const item = await paragon.request<WorkItem>("azuredevops", `${path}?api-version=7.1`, {
    method: "POST",
    headers: { "Content-Type": "application/json-patch+json" },
    body: [
      { op: "add", path: "/fields/System.Title", value: title },
      { op: "add", path: "/fields/System.Tags", value: "harbor-desk" },
    ],
  });
  if (item === undefined) throw new Error("the answer was empty");
  return item;
}
