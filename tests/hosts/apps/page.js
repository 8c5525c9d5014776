import { paragon } from "paragon-connect-wasm";
import { calls } from "./calls.js";

const show = (id, value) => (document.getElementById(id).textContent = JSON.stringify(value));
const failure = (error) => ({ error: error.message, code: error.code });

/** Connects in the click, and tells whether the popup was opened before the call returned. */
function connect() {
  const { open } = window;
  let isOpened = false;
  window.open = (...values) => {
    isOpened = true;
    return open.apply(window, values);
  };
  const connected = paragon.installIntegration("azuredevops", { allowMultipleCredentials: true });
  window.open = open;
  show("opened", isOpened);
  connected.then(
    ({ credentialId }) => show("connected", credentialId),
    (error) => show("connected", failure(error)),
  );
}

/** Runs the app in a page that has `#state`, `#connect`, `#opened` and `#connected`. */
export async function run() {
  const query = new URLSearchParams(location.search);
  document.getElementById("connect").onclick = connect;
  try {
    show("state", await calls(query.get("gateway"), query.get("token")));
  } catch (error) {
    show("state", failure(error));
  }
}
