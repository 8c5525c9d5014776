import { isObject, text, type Json } from "../lib/json.ts";
import { isOrigin } from "../lib/links.ts";

/** Methods of the SDK that the portal calls. */
export type SdkMethod =
  | "updateContainerStyle"
  | "onOpen"
  | "onClose"
  | "setModalState"
  | "startOAuthFlow"
  | "_oauthCallback"
  | "uninstallIntegration"
  | "cancelOAuthFlow"
  | "reopenOAuthFlow"
  | "enableWorkflow"
  | "disableWorkflow"
  | "updateIntegrationUserSettings"
  | "updateWorkflowUserSettings"
  | "triggerSDKEvent"
  | "getFieldOptions"
  | "_loadCustomDropdownOptions"
  | "_fetchBYOFieldMappingOptions";

/** What the SDK sends on every change of its state. */
export interface Update {
  readonly context: Json;
  readonly modal: Json;
}

/** The part of `Window` the channel needs: given in, so that tests can play the parent. */
export interface Host {
  readonly parent: { postMessage(message: unknown, targetOrigin: string): void };
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** The SDK refused a call; `message` is the SDK's text, `code` its code where it has one. */
export class SdkCallError extends Error {
  override readonly name = "SdkCallError";
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/**
 * The conversation with the SDK in the parent window.
 *
 * SECURITY: a message counts only when `source` is the parent window. The origin of its first state update is pinned:
 * other origins are ignored from then on, and every call goes to that origin alone.
 */
export class Channel {
  readonly #host: Host;
  readonly #onUpdate: (update: Update) => void;
  readonly #pending = new Map<string, Pending>();
  #origin: string | undefined;

  constructor(host: Host, onUpdate: (update: Update) => void) {
    this.#host = host;
    this.#onUpdate = onUpdate;
    host.addEventListener("message", (event) => this.#receive(event));
  }

  /** Origin of the app, once known. */
  get origin(): string | undefined {
    return this.#origin;
  }

  /**
   * Calls a method of the SDK; resolves with its result.
   *
   * @throws {SdkCallError} when the SDK reports an error, or has not introduced itself yet.
   */
  invoke(type: SdkMethod, ...parameters: unknown[]): Promise<unknown> {
    const origin = this.#origin;
    if (origin === undefined) return Promise.reject(new SdkCallError("the app has not opened the portal yet"));
    const id = crypto.randomUUID();
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#host.parent.postMessage({ messageType: "SDK_FUNCTION_INVOCATION", type, parameters, id }, origin);
    });
  }

  #receive(event: MessageEvent): void {
    if (event.source !== this.#host.parent || !isObject(event.data)) return;
    if (this.#origin !== undefined && event.origin !== this.#origin) return;
    const message = event.data;
    if (message.messageType === "UI_UPDATE") this.#update(message, event.origin);
    else if (this.#origin !== undefined) this.#settle(message);
  }

  #update(message: Json, origin: string): void {
    if (!isObject(message.nextContext) || !isObject(message.nextModalState) || !isOrigin(origin)) return;
    this.#origin = origin;
    this.#onUpdate({ context: message.nextContext, modal: message.nextModalState });
  }

  #settle(message: Json): void {
    const id = text(message.id);
    const call = id === undefined ? undefined : this.#pending.get(id);
    if (id === undefined || call === undefined) return;
    if (message.messageType === "SDK_FUNCTION_RESPONSE") call.resolve(message.result);
    else if (message.messageType === "SDK_FUNCTION_ERROR") {
      call.reject(new SdkCallError(text(message.message) ?? "the app refused the call", text(message.code)));
    } else return;
    this.#pending.delete(id);
  }
}
