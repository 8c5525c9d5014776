import { paragon } from "paragon-connect-wasm";

export async function signIn(user: string): Promise<string> {
  // Your own backend makes this token and signs it with your project's key.
  const answer = await fetch("/demo/token", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user }),
  });
  if (!answer.ok) throw new Error(`no user token: status ${answer.status}`);
  const { token } = (await answer.json()) as { token: string };

  paragon.configureGlobal({ gateway: location.origin });
  await paragon.authenticate("demo", token);
  return token;
}
