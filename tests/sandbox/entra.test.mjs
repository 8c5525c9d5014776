// The sandbox's sign-in as an app meets it.
import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { connect, signIn, token } from "./sign_in.mjs";
import { control, startSandbox } from "./server.mjs";

let sandbox;
before(async () => (sandbox = await startSandbox()));
beforeEach(() => control(sandbox.url, "POST", "reset"));
after(() => sandbox.stop());

const profile = (access) =>
  fetch(`${sandbox.url}/app.vssps.visualstudio.com/_apis/profile/profiles/me`, {
    headers: { authorization: `Bearer ${access}`, "x-tfs-fedauthredirect": "Suppress" },
  });

test("the id token is signed by the published key and names the user", async () => {
  const tokens = await connect(sandbox.url, "ada", { nonce: "n1" });
  const discovery = await (await fetch(`${sandbox.url}/login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration`)).json();
  const { keys } = await (await fetch(discovery.jwks_uri)).json();
  const [header, claims, signature] = tokens.id_token.split(".");
  const key = createPublicKey({ key: keys[0], format: "jwk" });
  assert.ok(verify("sha256", Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, "base64url")));
  const decoded = JSON.parse(Buffer.from(claims, "base64url"));
  assert.equal(decoded.preferred_username, "ada@contoso.example");
  assert.equal(decoded.nonce, "n1");
  const info = JSON.parse(Buffer.from(tokens.client_info, "base64url"));
  assert.equal(info.uid, decoded.oid);
});

test("an expired access token is refused until it is refreshed", async () => {
  const tokens = await connect(sandbox.url, "grace");
  assert.equal((await profile(tokens.access_token)).status, 200);
  await control(sandbox.url, "POST", "clock", { advanceSeconds: 61 });
  assert.equal((await profile(tokens.access_token)).status, 401);
  const fresh = await token(sandbox.url, { grant_type: "refresh_token", refresh_token: tokens.refresh_token });
  assert.notEqual(fresh.body.refresh_token, tokens.refresh_token);
  assert.equal((await profile(fresh.body.access_token)).status, 200);
  const { refreshes } = await control(sandbox.url, "GET", "requests");
  assert.ok(refreshes >= 1);
});

test("a revoked user, a forced error and a cancelled sign-in look as Microsoft's do", async () => {
  const tokens = await connect(sandbox.url, "ada");
  await control(sandbox.url, "POST", "users/ada/revoke");
  const refresh = { grant_type: "refresh_token", refresh_token: tokens.refresh_token };
  const revoked = await token(sandbox.url, refresh);
  assert.equal(revoked.status, 400);
  assert.deepEqual(revoked.body.error_codes, [50173]);
  await control(sandbox.url, "POST", "token-errors", { code: 90033, retryAfterSeconds: 2 });
  assert.equal((await token(sandbox.url, refresh)).status, 503);
  const cancelled = await signIn(sandbox.url, "grace", { decision: "cancel" });
  assert.equal(cancelled.get("error"), "access_denied");
  assert.equal(cancelled.get("state"), "s1");
});
