// The user's accounts: choose one, disconnect one.

import { paragon } from "paragon-connect-wasm";

import { Failure } from "./form.jsx";
import { INTEGRATION, useAction } from "./session.js";

export function Accounts({ accounts, account, onChoose, onChanged }) {
  const [disconnect, isBusy, error] = useAction(async (id) => {
    await paragon.uninstallIntegration(INTEGRATION, { selectedCredentialId: id });
    onChanged();
  });
  return (
    <section aria-label="Accounts">
      <ul>
        {accounts.map(({ id, providerData, accountType }) => (
          <li key={id} aria-current={id === account?.id}>
            {providerData.organization} ({accountType}) <button onClick={() => onChoose(id)}>Use</button>{" "}
            <button onClick={() => disconnect(id)} disabled={isBusy}>
              Disconnect
            </button>
          </li>
        ))}
      </ul>
      {error && <Failure error={error} />}
    </section>
  );
}
