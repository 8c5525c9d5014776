import { paragon } from "paragon-connect-wasm";

export function connectInPortal(onError: (error: unknown) => void): void {
  paragon.connect("azuredevops", {}).catch(onError);
}
