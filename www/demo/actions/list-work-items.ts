import { paragon } from "paragon-connect-wasm";

export interface WorkItem {
  id: number;
  fields: Record<string, unknown>;
}

const FIELDS = ["System.Title", "System.State", "System.WorkItemType", "System.ChangedDate"];

export async function listWorkItems(project: string): Promise<WorkItem[]> {
  const path = `/${encodeURIComponent(project)}/_apis/wit`;

  // A query answers ids only …
  const found = await paragon.request<{ workItems: { id: number }[] }>(
    "azuredevops",
    `${path}/wiql?$top=20&api-version=7.1`,
    {
      method: "POST",
      body: { query: "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project ORDER BY [System.ChangedDate] DESC" },
    },
  );
  const ids = found?.workItems.map((item) => item.id) ?? [];
  if (ids.length === 0) return [];

  // … and a batch request their fields. It does not keep the query's order.
  const batch = await paragon.request<{ value: (WorkItem | null)[] }>(
    "azuredevops",
    `${path}/workitemsbatch?api-version=7.1`,
    { method: "POST", body: { ids, fields: FIELDS, errorPolicy: "omit" } },
  );
  const items = batch?.value.filter((item) => item !== null) ?? [];
  return items.sort((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id));
}
