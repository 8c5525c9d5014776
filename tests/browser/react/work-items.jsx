// Work items of the project and type that the user picks.

import { paragon } from "paragon-connect-wasm";
import { useState } from "react";

import { Failure, RemoteSelect } from "./form.jsx";
import { INTEGRATION, useAction } from "./session.js";

export function WorkItems({ account }) {
  const [project, setProject] = useState("");
  const [type, setType] = useState("");
  const [items, setItems] = useState([]);
  const [load, isBusy, error] = useAction(async () => setItems(await list(project, type, account.id)));
  return (
    <section aria-label="Work items">
      <label>
        Of project <RemoteSelect sourceKey="projects" credential={account.id} value={project} onChange={(value) => (setProject(value), setType(""))} />
      </label>
      {project && (
        <label>
          Of type <RemoteSelect sourceKey="workItemTypes" credential={account.id} parameters={{ project }} value={type} onChange={setType} />
        </label>
      )}
      <button onClick={load} disabled={isBusy || !type}>
        List
      </button>
      <ol>
        {items.map(({ id, fields }) => (
          <li key={id}>
            {fields["System.WorkItemType"]}: {fields["System.Title"]}
          </li>
        ))}
      </ol>
      {error && <Failure error={error} />}
    </section>
  );
}

/** The ten newest work items: a query answers ids, a second call their fields. */
async function list(project, type, credential) {
  const post = (path, body) => paragon.request(INTEGRATION, path, { method: "POST", body, selectedCredentialId: credential });
  const place = `/${encodeURIComponent(project)}/_apis/wit`;
  const query = `SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project AND [System.WorkItemType] = '${type.replaceAll("'", "''")}' ORDER BY [System.Id] DESC`;
  const { workItems } = await post(`${place}/wiql?$top=10&api-version=7.1`, { query });
  if (workItems.length === 0) return [];
  const { value } = await post(`${place}/workitemsbatch?api-version=7.1`, {
    ids: workItems.map((item) => item.id),
    fields: ["System.Title", "System.WorkItemType"],
  });
  return value;
}
