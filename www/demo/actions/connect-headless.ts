import { paragon } from "paragon-connect-wasm";

/** Progress of the sign-in in the other window. */
export interface Progress {
  status: string;
  popupClosed: boolean;
  reopen(): void;
  cancel(): void;
}

// Call this first thing in the click handler: browsers open windows only for clicks.
export function connectHeadless(onStatus: (progress: Progress) => void): Promise<unknown> {
  return paragon.installIntegration("azuredevops", { onStatus });
}
