import { objectOf, type Json } from "../../lib/json.ts";
import { readFailure, type Failure } from "../failure.ts";
import type { Account, Portal } from "../model.ts";
import { SettingsForm, type Place, type Save } from "./form.ts";
import type { Invoke } from "./loading.ts";
import type { Workflow } from "./model.ts";
import { readRefusals } from "./refusals.ts";
import { missing } from "./values.ts";

/** Something that has to be filled in before a workflow can be on. */
export interface Wanting {
  readonly titles: readonly string[];
  /** The shared settings of all workflows. */
  readonly shared: boolean;
}

/** Id of the field's element on the page. */
export function fieldId(place: Place, input: string): string {
  return place.kind === "shared" ? `shared-${input}` : `workflow-${place.id}-${input}`;
}

/**
 * Settings and workflows of the account that is shown: what its forms and switches do.
 *
 * `onChange` runs after every change of a field.
 */
export class SettingsSession {
  /** Workflow whose settings are open. */
  opened: string | undefined;
  /** Last thing that went well, for the status line. */
  news = "";
  /** Id of the element that the focus should go to next. */
  focus: string | undefined;

  readonly #invoke: Invoke;
  readonly #onChange: () => void;
  #portal: Portal | undefined;
  #chosen: string | undefined;
  /** By configuration and place. */
  #forms = new Map<string, SettingsForm>();
  readonly #switching = new Set<string>();
  readonly #failures = new Map<string, Failure>();
  readonly #wanting = new Map<string, Wanting>();

  constructor(invoke: Invoke, onChange: () => void) {
    this.#invoke = invoke;
    this.#onChange = onChange;
  }

  /** Takes in the SDK's next state; undefined when nothing is open. */
  update(portal: Portal | undefined): void {
    if (portal?.integrationId !== this.#portal?.integrationId) this.#reset();
    this.#portal = portal;
    for (const [key, form] of this.#forms) if (!this.#refresh(form)) this.#forms.delete(key);
  }

  /** Accounts whose settings can be shown. */
  get accounts(): readonly Account[] {
    return (this.#portal?.accounts ?? []).filter((account) => account.configuration !== undefined);
  }

  /** The account whose settings are shown: the one the user chose, else the app's, else the first. */
  get account(): Account | undefined {
    const { accounts } = this;
    const byId = (id: string | undefined): Account | undefined => accounts.find((account) => account.id === id);
    return byId(this.#chosen) ?? byId(this.#portal?.selectedId) ?? accounts[0];
  }

  /** Whether there is anything to set. */
  get isOffered(): boolean {
    const offer = this.#portal?.offer;
    return offer !== undefined && this.account !== undefined && offer.shared.length + offer.workflows.length > 0;
  }

  get workflows(): readonly Workflow[] {
    return this.#portal?.offer.workflows ?? [];
  }

  /** The form of the settings that all workflows share; undefined where there are none. */
  get shared(): SettingsForm | undefined {
    return this.#portal === undefined || this.#portal.offer.shared.length === 0 ? undefined : this.#form({ kind: "shared" });
  }

  /** The form of a workflow's settings; undefined where it has none. */
  form(workflow: Workflow): SettingsForm | undefined {
    return workflow.inputs.length === 0 ? undefined : this.#form({ kind: "workflow", id: workflow.id });
  }

  isOn(workflow: Workflow): boolean {
    return this.account?.configuration?.workflows[workflow.id]?.enabled === true;
  }

  isSwitching(workflow: Workflow): boolean {
    return this.#switching.has(this.#key(workflow.id));
  }

  /** Why the last switching failed. */
  failure(workflow: Workflow): Failure | undefined {
    return this.#failures.get(this.#key(workflow.id));
  }

  /** What has to be filled in before the workflow can be on, as the user wants it. */
  wanting(workflow: Workflow): Wanting | undefined {
    return this.#wanting.get(this.#key(workflow.id));
  }

  /** Whether something would be lost by leaving. */
  get changed(): boolean {
    return [...this.#forms.values()].some((form) => form.changed);
  }

  /** Shows another account's settings. */
  choose(account: string): void {
    this.#chosen = account;
    this.opened = undefined;
    this.#onChange();
  }

  /** Opens or closes the settings of a workflow. */
  toggleForm(workflow: Workflow): void {
    this.opened = this.opened === workflow.id ? undefined : workflow.id;
    this.#onChange();
  }

  /** Forgets what was changed in a form and, for a workflow's, closes it. */
  discard(form: SettingsForm): void {
    form.discard();
    if (form.place.kind !== "workflow") return;
    this.#wanting.delete(this.#key(form.place.id));
    this.opened = undefined;
    this.focus = `settings-of-${form.place.id}`;
    this.#onChange();
  }

  /** Saves a form; a workflow that waits for its settings is switched on then. */
  async save(form: SettingsForm): Promise<void> {
    if (form.busy) return;
    this.news = "";
    if (await form.save()) {
      this.news = "Settings saved.";
      await this.#switchWaiting(form.place);
    } else this.#focusWrong(form);
    this.#onChange();
  }

  /** Switches a workflow, as far as its settings allow; else shows which are missing. */
  async toggle(workflow: Workflow): Promise<void> {
    const key = this.#key(workflow.id);
    if (this.#switching.has(key)) return;
    this.#failures.delete(key);
    this.#wanting.delete(key);
    const on = !this.isOn(workflow);
    const selection = this.#selection();
    const forms = on ? this.#needed(workflow) : [];
    const wrong = forms.find((form) => form.check() !== undefined);
    if (wrong !== undefined) return this.#want(workflow, key, wrong);
    for (const form of forms) {
      if (form.changed && !(await form.save())) return this.#show(workflow, form);
    }
    await this.#switch(workflow, key, selection, on);
  }

  async #switch(workflow: Workflow, key: string, selection: Json, on: boolean): Promise<void> {
    this.#switching.add(key);
    this.#onChange();
    try {
      await this.#invoke(on ? "enableWorkflow" : "disableWorkflow", workflow.id, selection);
      this.news = `“${workflow.name}” is ${on ? "on" : "off"}.`;
      this.#tell(workflow.id, { enabled: on });
    } catch (error) {
      const title = on ? "The workflow could not be switched on" : "The workflow could not be switched off";
      this.#failures.set(key, readFailure(error, { title, advice: "Try again in a moment." }));
    }
    this.#switching.delete(key);
    this.#onChange();
  }

  /** Forms without which a workflow cannot run: its own, and that of the shared settings while one is missing. */
  #needed(workflow: Workflow): SettingsForm[] {
    const lacking = missing(this.#portal?.offer.shared ?? [], this.account?.configuration?.shared ?? {});
    return [lacking.length > 0 ? this.shared : undefined, this.form(workflow)].filter((form) => form !== undefined);
  }

  /** Notes what is missing, and leads the user to the first of it. */
  #want(workflow: Workflow, key: string, form: SettingsForm): void {
    const inputs = form.inputs.filter(({ id }) => form.problem(id) !== undefined);
    this.#wanting.set(key, { titles: inputs.map(({ title }) => title), shared: form.place.kind === "shared" });
    this.#show(workflow, form);
  }

  #show(workflow: Workflow, form: SettingsForm): void {
    if (form.place.kind === "workflow") this.opened = workflow.id;
    this.#focusWrong(form);
    this.#onChange();
  }

  /** What the user wanted to switch on before the settings of `place` were filled in. */
  async #switchWaiting(place: Place): Promise<void> {
    for (const workflow of this.workflows) {
      const wanting = this.wanting(workflow);
      const isOwn = place.kind === "workflow" && place.id === workflow.id;
      if (wanting !== undefined && (wanting.shared ? place.kind === "shared" : isOwn)) await this.toggle(workflow);
    }
  }

  #focusWrong(form: SettingsForm): void {
    const wrong = form.firstWrong();
    this.focus = wrong === undefined ? `${fieldId(form.place, "failure")}` : fieldId(form.place, wrong.id);
  }

  #key(workflow: string): string {
    return `${this.account?.configuration?.id ?? ""} ${workflow}`;
  }

  #form(place: Place): SettingsForm | undefined {
    const { account } = this;
    if (account === undefined || this.#portal === undefined) return undefined;
    const key = `${account.configuration?.id ?? ""} ${place.kind === "shared" ? "" : place.id}`;
    const known = this.#forms.get(key);
    if (known !== undefined) return known;
    const shared = place.kind === "shared" ? undefined : this.shared;
    const asker = { invoke: this.#invoke, integration: this.#portal.type, credential: account.id };
    const save = this.#saver(this.#portal.type, this.#selection());
    const form = new SettingsForm(account.configuration?.id ?? "", place, asker, save, this.#onChange, shared);
    this.#refresh(form);
    this.#forms.set(key, form);
    return form;
  }

  /** Tells a form what is stored; false when its account is gone. */
  #refresh(form: SettingsForm): boolean {
    const configuration = this.accounts.find((account) => account.configuration?.id === form.configuration)?.configuration;
    const offer = this.#portal?.offer;
    if (configuration === undefined || offer === undefined) return false;
    const { place } = form;
    if (place.kind === "shared") form.refresh(offer.shared, configuration.shared);
    else {
      const inputs = offer.workflows.find(({ id }) => id === place.id)?.inputs ?? [];
      form.refresh(inputs, configuration.workflows[place.id]?.settings ?? {});
    }
    return true;
  }

  #saver(integration: string, selection: Json): Save {
    return async (place, values) => {
      const answer =
        place.kind === "shared"
          ? await this.#invoke("updateIntegrationUserSettings", integration, values, selection)
          : await this.#invoke("updateWorkflowUserSettings", integration, place.id, values, selection);
      const { errors } = objectOf(answer);
      const refusals = readRefusals(place, Array.isArray(errors) ? errors.map(String) : []);
      const taken = Object.entries(values).filter(([id]) => !refusals.some((refusal) => refusal.id === id));
      if (place.kind === "workflow" && taken.length > 0) this.#tell(place.id, { settings: Object.fromEntries(taken) });
      return refusals;
    };
  }

  /** The account and configuration that calls are about. */
  #selection(): Json {
    return { selectedCredentialId: this.account?.id, selectedConfigurationId: this.account?.configuration?.id };
  }

  /** Tells the app what the user changed. */
  #tell(workflowId: string, workflowStateChange: Json): void {
    const { integrationId, type } = this.#portal ?? {};
    const event = { type: "onWorkflowChange", integrationId, integrationType: type, workflowId, workflowStateChange };
    this.#invoke("triggerSDKEvent", event).catch(() => undefined);
  }

  #reset(): void {
    this.opened = undefined;
    this.news = "";
    this.focus = undefined;
    this.#chosen = undefined;
    this.#forms.clear();
    this.#switching.clear();
    this.#failures.clear();
    this.#wanting.clear();
  }
}
