// Goes through the sandbox's sign-in pages as a browser would.
import { createHash, randomBytes } from "node:crypto";

export const CLIENT_ID = "0a7e5b7c-5a0d-4b0c-9a53-5a4d0b0c0001";
export const CLIENT_SECRET = "sandbox~client-secret";
export const REDIRECT_URI = "http://localhost:4400/oauth";
const RESOURCE = "499b84ac-1321-427f-aa17-267ca6975798";
export const SCOPE = ["openid", "profile", "offline_access", ...["vso.profile", "vso.project", "vso.work_write"].map((name) => `${RESOURCE}/${name}`)].join(
  " ",
);

const form = (url, fields) => fetch(url, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
const context = (html) => /name="ctx" value="([^"]+)"/.exec(html)?.[1];

/** Signs a person in; resolves with the parameters that came back to the app. */
export async function signIn(url, person, { tenant = "organizations", decision = "accept", ...extra } = {}) {
  const base = `${url}/login.microsoftonline.com/${tenant}`;
  const query = new URLSearchParams({ client_id: CLIENT_ID, response_type: "code", redirect_uri: REDIRECT_URI, scope: SCOPE, state: "s1", ...extra });
  const page = await (await fetch(`${base}/oauth2/v2.0/authorize?${query}`, { redirect: "manual" })).text();
  let answer = await form(`${base}/login`, { ctx: context(page), account: person });
  if (answer.status === 200) answer = await form(`${base}/consent`, { ctx: context(await answer.text()), decision });
  return new URL(answer.headers.get("location")).searchParams;
}

/** Asks the token endpoint; resolves with status and body. */
export async function token(url, fields, tenant = "organizations") {
  const body = { client_id: CLIENT_ID, client_secret: CLIENT_SECRET, ...fields };
  const response = await form(`${url}/login.microsoftonline.com/${tenant}/oauth2/v2.0/token`, body);
  return { status: response.status, body: await response.json() };
}

/** The whole flow with PKCE; resolves with the token answer's body. */
export async function connect(url, person, options = {}) {
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const back = await signIn(url, person, { code_challenge: challenge, code_challenge_method: "S256", ...options });
  const answer = await token(url, {
    grant_type: "authorization_code",
    code: back.get("code"),
    redirect_uri: REDIRECT_URI,
    code_verifier: verifier,
    client_info: "1",
  });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}
