// The settings of the integration.

import { paragon } from "paragon-connect-wasm";
import { useState } from "react";

import { Failure, Form } from "./form.jsx";
import { INTEGRATION, useAction } from "./session.js";

/** The settings in force: those of the account's default configuration. */
const defaults = (account) => account.configurations.find((one) => one.isDefault);

export function Settings({ account, onSaved }) {
  const [saved, setSaved] = useState(false);
  const [save, isBusy, error] = useAction(async (values) => {
    setSaved(false);
    const { errors } = await paragon.updateIntegrationUserSettings(INTEGRATION, values, { selectedCredentialId: account.id });
    if (errors.length) throw new Error(errors.map((one) => one.message ?? one).join(", "));
    setSaved(true);
    onSaved();
  });
  const inputs = paragon.getIntegrationConfig(INTEGRATION).availableUserSettings;
  return (
    <section aria-label="Settings">
      <Form
        label="User settings"
        inputs={inputs}
        values={defaults(account).sharedSettings}
        credential={account.id}
        isBusy={isBusy}
        button="Save settings"
        onSubmit={save}
      />
      {saved && <p role="status">Saved</p>}
      {error && <Failure error={error} />}
    </section>
  );
}
