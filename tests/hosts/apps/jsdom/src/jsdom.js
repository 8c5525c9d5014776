// As test runners do it: the globals of a page come from jsdom, the rest is Node's.
import { JSDOM } from "jsdom";

const { window } = new JSDOM("<!doctype html><body></body>", { url: "http://localhost/" });
const opened = [];
window.open = (url) => opened.push(url) && { closed: false, close() {}, postMessage() {} };
for (const name of ["window", "document", "location", "localStorage", "sessionStorage"]) {
  Object.defineProperty(globalThis, name, { configurable: true, value: name === "window" ? window : window[name] });
}

const { calls } = await import("./calls.js");
const { paragon } = await import("paragon-connect-wasm");
const result = await calls(...process.argv.slice(2));
const connected = paragon.installIntegration("azuredevops", { allowMultipleCredentials: true, oauthTimeout: 1000 });
if (opened.length !== 1) throw new Error("the popup opens before the call returns");
await connected.then(
  () => Promise.reject(new Error("nobody signed in")),
  (error) => error.name === "OAuthTimeoutError" || Promise.reject(error),
);
console.log(JSON.stringify(result));
process.exit();
