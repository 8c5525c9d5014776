import ConnectSDK, {
  OAuthBlockedError,
  RequestError,
  SDK_EVENT,
  authenticate,
  isRequestError,
  paragon,
  request,
  type FlowStatusReport,
  type InstallResult,
} from "paragon-connect-wasm";
import { load, paragon as later } from "paragon-connect-wasm/lazy";

export const example = async (token: string): Promise<string> => {
  paragon.configureGlobal({ gateway: "https://connect.example.com", persistence: "session" });
  paragon.configureGlobal({ host: "example.com" }, { ZEUS_PUBLIC_URL: "https://zeus.example.com" });
  await authenticate("project", token, { metadata: { name: "Ada" } });
  const user = paragon.getUser();
  if (user.authenticated) user.integrations.azuredevops?.enabled;
  const list = await request<{ value: { name: string }[] }>("azuredevops", "_apis/projects", { signal: AbortSignal.abort(), timeout: 1000 });
  const blob: Blob = await paragon.request("azuredevops", "/x", { responseType: "blob", body: new FormData(), method: "POST" });
  const stop: () => boolean = paragon.subscribe(SDK_EVENT.ON_INTEGRATION_INSTALL, (event) => event.credentialId);
  const report = (status: FlowStatusReport): void => (status.popupClosed ? status.reopen() : status.cancel());
  try {
    const result: InstallResult = await paragon.installIntegration("azuredevops", { onStatus: report, oauthTimeout: 60_000 });
    return result.credentialId + list.value[0]?.name + blob.size + String(stop());
  } catch (error) {
    if (error instanceof OAuthBlockedError) await error.retry();
    if (isRequestError(error) && error.status === undefined) throw error.cause;
    if (isRequestError(error)) return `${error.status} ${error.code ?? ""} ${error.requestId ?? ""}`;
    throw error;
  }
};

export const startFlow = (button: HTMLElement): void =>
  paragon.installFlow.start("azuredevops", {
    onError: (error) => {
      if (error.name === "OAuthBlockedError") button.onclick = () => error.retry?.();
    },
  });
export const complete = (authorizationCode: string): Promise<void> =>
  paragon.completeInstall("azuredevops", { authorizationCode, integrationOptions: { ORGANIZATION: "contoso" } });
/** An answer without a server has no status. */
export const statusOf = (error: RequestError): number => error.status ?? 0;
// @ts-expect-error: it may not be there
export const certain = (error: RequestError): number => error.status;

// @ts-expect-error: there is no such response type
void request("azuredevops", "/x", { responseType: "xml" });
new ConnectSDK("example.com").logout();

/** The lazy entry has the same types. */
export const started = (): Promise<void> => load();
export const same: typeof paragon = later;
