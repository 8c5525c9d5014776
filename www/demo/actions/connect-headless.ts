import { paragon, type ConnectStatus } from "paragon-connect-wasm";

// Call this first thing in the click handler: the browser opens windows only for clicks.
export function connectHeadless(onStatus: (status: ConnectStatus) => void): Promise<unknown> {
  return paragon.installIntegration("azuredevops", { onStatus });
}
