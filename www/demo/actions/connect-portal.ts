import { paragon } from "paragon-connect-wasm";

/** The desk's own queues, which users choose from in the settings of a workflow. */
async function loadQueues(_cursor: string | undefined, search = "") {
  const queues = ["Berths", "Cranes", "Lighting", "Pumps", "Radio"];
  const found = queues.filter((name) => name.toLowerCase().includes(search.toLowerCase()));
  return { options: found.map((name) => ({ label: name, value: name.toLowerCase() })), nextPageCursor: null };
}

export function connectInPortal(onError: (error: unknown) => void): void {
  paragon.connect("azuredevops", { dropdowns: { queues: { loadOptions: loadQueues } } }).catch(onError);
}
