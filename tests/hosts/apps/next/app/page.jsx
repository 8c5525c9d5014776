import { paragon } from "paragon-connect-wasm";

import Client from "./client.jsx";

export const dynamic = "force-dynamic";

export default function Page() {
  const onServer = { version: paragon.getVersion(), user: paragon.getUser() };
  return (
    <main>
      <p id="server">{JSON.stringify(onServer)}</p>
      <Client />
    </main>
  );
}
