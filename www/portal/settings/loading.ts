import { objectOf, text } from "../../lib/json.ts";
import { SdkCallError, type SdkMethod } from "../channel.ts";
import type { LoadPage, Page } from "./choices.ts";
import { readOptions, type LoadedSource } from "./model.ts";

/** Calls a method of the SDK. */
export type Invoke = (method: SdkMethod, ...parameters: unknown[]) => Promise<unknown>;

/** Whose choices are asked for. */
export interface Asker {
  readonly invoke: Invoke;
  /** Name of the integration. */
  readonly integration: string;
  readonly credential: string;
}

/**
 * How the choices of `source` are loaded, through the SDK: from its app's loaders, or from the user's account.
 *
 * `values` are those of the source's parameters, by name.
 */
export function pagesOf(source: LoadedSource, values: Readonly<Record<string, string>>, asker: Asker): LoadPage {
  const { invoke, integration, credential } = asker;
  switch (source.from) {
    case "app":
      return async (cursor, search) => ofApp(invoke("_loadCustomDropdownOptions", source.key, cursor, search || undefined));
    case "mapping":
      return async (cursor, search) => {
        const wanted = { objectType: values.objectType, cursor, search: search || undefined };
        return ofApp(invoke("_fetchBYOFieldMappingOptions", integration, source.what, source.key, wanted));
      };
    case "account": {
      const parameters = Object.entries(values).map(([key, value]) => ({ key, source: { type: "VALUE", value } }));
      const request = { integration, action: source.key, parameters, selectedCredentialId: credential };
      return async (cursor, search) => {
        const answer = objectOf(await invoke("getFieldOptions", { ...request, cursor, search: search || undefined }));
        return { options: readOptions(answer.data), next: text(answer.nextPageCursor) };
      };
    }
  }
}

/** What a loader of the app gave; an app without one has no choices to give. */
async function ofApp(asked: Promise<unknown>): Promise<Page> {
  try {
    const page = objectOf(await asked);
    return { options: readOptions(page.options), next: text(page.nextPageCursor) };
  } catch (error) {
    if (error instanceof SdkCallError && error.code === "loader_not_found") return { options: [], next: undefined };
    throw error;
  }
}
