// Workflows: on and off, and their settings.

import { paragon } from "paragon-connect-wasm";

import { Failure, Form } from "./form.jsx";
import { INTEGRATION, useAction } from "./session.js";

export function Workflows({ account, onChanged }) {
  const { availableWorkflows } = paragon.getIntegrationConfig(INTEGRATION);
  return (
    <section aria-label="Workflows">
      {availableWorkflows.map((workflow) => (
        <Workflow key={workflow.id} workflow={workflow} account={account} onChanged={onChanged} />
      ))}
    </section>
  );
}

function Workflow({ workflow, account, onChanged }) {
  const selection = { selectedCredentialId: account.id };
  const state = account.configurations.find((one) => one.isDefault).workflowSettings[workflow.id];
  const [toggle, isSwitching, refusal] = useAction(async (isOn) => {
    await (isOn ? paragon.enableWorkflow(workflow.id, selection) : paragon.disableWorkflow(workflow.id, selection));
    onChanged();
  });
  const [save, isSaving, error] = useAction(async (values) => {
    await paragon.updateWorkflowUserSettings(INTEGRATION, workflow.id, values, selection);
    onChanged();
  });
  const failure = refusal ?? error;
  return (
    <fieldset aria-label={workflow.description}>
      <label>
        <input type="checkbox" checked={state?.enabled ?? false} disabled={isSwitching} onChange={(event) => toggle(event.target.checked)} />
        {workflow.description}
      </label>
      <Form
        label={`Settings of ${workflow.description}`}
        inputs={workflow.inputs}
        values={state?.settings}
        credential={account.id}
        isBusy={isSaving}
        button="Save workflow"
        onSubmit={save}
      />
      <output>{JSON.stringify(state?.settings ?? {})}</output>
      {failure && <Failure error={failure} />}
    </fieldset>
  );
}
