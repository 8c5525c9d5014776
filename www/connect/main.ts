import { PopupElement } from "./popup.ts";
import { readPageData } from "./page-data.ts";

// SECURITY: the ticket leaves the address bar and the history before anything else runs.
const fragment = location.hash.slice(1);
const organization = new URLSearchParams(location.search).get("organization") ?? undefined;
history.replaceState(null, "", location.pathname);

PopupElement.begin({
  data: readPageData(document.getElementById("page-data")?.textContent),
  ticket: fragment,
  organization,
});
