// What entries of the list of differences ask of the recordings.

import { differences } from "./compare.mjs";

/** Only ours has it. */
export const absent = ({ reference }) => reference === undefined;

/** Whether both sent the same requests, in whatever order; the default credential of a request depends on the order. */
export const sameRequests = ({ reference, ours }) => {
  const sorted = ({ http }) =>
    JSON.stringify(
      http
        .flat()
        .map((request) => JSON.stringify({ ...request, headers: { ...request.headers, "x-paragon-credential": undefined } }))
        .sort(),
    );
  return sorted(reference) === sorted(ours);
};
/** Whether the last request of both is the same. */
export const sameLastRequest = ({ reference, ours }) => differences(reference.http.at(-1), ours.http.at(-1)).length === 0;
/** Whether ours called the app's callback of this name. */
export const heard =
  (name) =>
  ({ ours }) =>
    ours.log.some((entry) => entry.heard === name);
/** Whether a promise of ours rejected with an error of this name. */
export const rejected =
  (name) =>
  ({ ours }) =>
    ours.log.some(({ how, error }) => how === "rejected" && error.name === name);
/** Whether nothing happened: no callback, no event, no credential. */
export const unmoved = ({ ours }) => !ours.log.some((entry) => entry.heard !== undefined) && !ours.http.flat().some(({ method }) => method === "POST");
