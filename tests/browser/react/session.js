// Who is signed in: the app's server gives the token, the SDK the rest.

import { paragon } from "paragon-connect-wasm";
import { useCallback, useEffect, useState } from "react";

export const INTEGRATION = "azuredevops";

let signingIn;

/** Signs the app's user in to the SDK, once for the page: in development StrictMode runs each effect twice. */
export const signIn = () => (signingIn ??= begin());

async function begin() {
  const answer = await fetch("/session");
  const { gateway, project, token } = await answer.json();
  paragon.configureGlobal({ gateway });
  paragon.setHeadless(true);
  await paragon.authenticate(project, token);
}

/** The user as the SDK knows it: `[user, refresh]`. */
export function useUser() {
  const [user, setUser] = useState(() => paragon.getUser());
  const refresh = useCallback(() => setUser(paragon.getUser()), []);
  useEffect(() => {
    const stop = ["onIntegrationInstall", "onIntegrationUninstall"].map((event) => paragon.subscribe(event, refresh));
    return () => stop.forEach((unsubscribe) => unsubscribe());
  }, [refresh]);
  return [user, refresh];
}

/** Runs what a button does; gives `[run, isBusy, error]`. */
export function useAction(action) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState();
  const run = async (...values) => {
    setBusy(true);
    setError(undefined);
    try {
      await action(...values);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return [run, isBusy, error];
}
