import { paragon } from "paragon-connect-wasm";

export function disconnect(): Promise<void> {
  return paragon.uninstallIntegration("azuredevops");
}
