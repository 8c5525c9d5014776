// Several sets of settings for one account, one for each team.

import { paragon } from "paragon-connect-wasm";
import { useState } from "react";

import { Failure } from "./form.jsx";
import { useAction } from "./session.js";

export function Configurations({ account, onChanged }) {
  const [name, setName] = useState("");
  const [run, isBusy, error] = useAction(async (change) => {
    await change();
    onChanged();
  });
  const credentialId = account.id;
  const create = () => run(() => paragon.createConfiguration({ credentialId, externalId: name }));
  const rename = (id) => run(() => paragon.updateConfiguration({ id, credentialId, meta: { label: name } }));
  const destroy = (id) => run(() => paragon.destroyConfiguration({ id, credentialId }));
  return (
    <section aria-label="Configurations">
      <label>
        Name of the configuration <input value={name} onChange={(event) => setName(event.target.value)} />
      </label>
      <button onClick={create} disabled={isBusy}>
        Add
      </button>
      <ul>
        {account.configurations.map(({ id, externalId, isDefault, configMeta }) => (
          <li key={id}>
            {isDefault ? "default" : externalId} {configMeta?.label} <button onClick={() => rename(id)}>Label</button>{" "}
            <button onClick={() => destroy(id)}>Remove</button>
          </li>
        ))}
      </ul>
      {error && <Failure error={error} />}
    </section>
  );
}
