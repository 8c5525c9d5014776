// A customer's app that shows pages of its own in place of the Connect Portal.

import { paragon } from "paragon-connect-wasm";
import { StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

import { Accounts } from "./accounts.jsx";
import { Configurations } from "./configurations.jsx";
import { Failure } from "./form.jsx";
import { Install } from "./install.jsx";
import { INTEGRATION, signIn, useUser } from "./session.js";
import { Settings } from "./settings.jsx";
import { WorkItems } from "./work-items.jsx";
import { Workflows } from "./workflows.jsx";

function App() {
  const [isReady, setReady] = useState(false);
  const [error, setError] = useState();
  useEffect(() => {
    signIn().then(() => setReady(true), setError);
  }, []);
  if (error) return <Failure error={error} />;
  return isReady ? <Integrations /> : <p>Signing in …</p>;
}

function Integrations() {
  const [user, refresh] = useUser();
  const [chosen, setChosen] = useState();
  const own = user.integrations?.[INTEGRATION];
  const accounts = own?.allCredentials ?? [];
  const account = accounts.find((one) => one.id === chosen) ?? accounts.find((one) => one.id === own?.credentialId);
  return (
    <>
      <ul aria-label="Integrations">
        {paragon.getIntegrationMetadata().map(({ type, name, icon }) => (
          <li key={type}>
            <img src={icon} alt="" width="16" height="16" /> {name}: {user.integrations[type]?.enabled ? "connected" : "not connected"}
          </li>
        ))}
      </ul>
      <Install onInstalled={refresh} />
      <Accounts accounts={accounts} account={account} onChoose={setChosen} onChanged={refresh} />
      {account && (
        <div key={account.id}>
          <Settings account={account} onSaved={refresh} />
          <Workflows account={account} onChanged={refresh} />
          <Configurations account={account} onChanged={refresh} />
          <WorkItems account={account} />
        </div>
      )}
    </>
  );
}

createRoot(document.querySelector("#root")).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
