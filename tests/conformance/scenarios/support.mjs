// What the scenario files share.

import { me } from "../world.mjs";

/** Answers in which the user has other states of integrations, or other fields. */
export const withMe = (states = {}, fields = {}) => ({ "GET zeus /sdk/me": { json: me(states, fields) } });

/** A script that calls one method, with nobody signed in. */
export const signedOut = (name, method, ...values) => ({
  name: `${name} without a user`,
  script: `async (t) => { await t.call(${[method, ...values].map((value) => JSON.stringify(value)).join(", ")}); }`,
});

/** A script that signs in and calls one method. */
export const one = (name, method, values = [], answers = {}) => ({
  name,
  script: `async (t) => { await t.login(); await t.call(${[method, ...values].map((value) => JSON.stringify(value)).join(", ")}); }`,
  answers,
});
