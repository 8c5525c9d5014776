import { listAccounts, readChoices, type Account, type Choice } from "./api.ts";

/** The accounts that steps can be tried with, and what the chosen one offers for fields. */
export class AccountChoices {
  accounts: readonly Account[] = [];
  /** Id of the chosen account's credential; empty: none. */
  chosen = "";
  readonly #project: string;
  readonly #read = new Map<string, Promise<Choice[]>>();

  constructor(project: string) {
    this.#project = project;
  }

  get account(): Account | undefined {
    return this.accounts.find(({ credentialId }) => credentialId === this.chosen);
  }

  /** @throws {HttpError} */
  async load(): Promise<void> {
    this.accounts = await listAccounts(this.#project);
  }

  /** Choices of a source, read once; none without an account, or where they cannot be had. */
  of(source: string, parameters: Readonly<Record<string, string>>): Promise<Choice[]> {
    const { chosen } = this;
    if (chosen === "") return Promise.resolve([]);
    const key = JSON.stringify([chosen, source, parameters]);
    const read =
      this.#read.get(key) ??
      readChoices(this.#project, chosen, source, parameters).catch(() => {
        // Another try may go better; the field takes any text meanwhile.
        this.#read.delete(key);
        return [];
      });
    this.#read.set(key, read);
    return read;
  }
}
