import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Settings } from "../model.ts";
import { grouped, standingOf, toggled, type Catalog, type Permission } from "../permissions.ts";
import type { IntegrationState } from "../state.ts";

/** What the picker shows beside the state: the search. */
export interface PickerView {
  readonly search: string;
  readonly setSearch: (search: string) => void;
}

/** The permissions that users are asked for. */
export function permissionsCard(state: IntegrationState, settings: Settings, mayEdit: boolean, view: PickerView): TemplateResult {
  const catalog = state.catalog as Catalog;
  const { scopes } = state.draft;
  const groups = grouped(catalog, view.search, settings.scopes.value);
  return html`<section class="card" aria-labelledby="permissions">
    <div>
      <h2 id="permissions">Permissions</h2>
      <p class="small soft">The permissions your app requests from users. Request as few as possible: fewer permissions need an administrator's approval less often.</p>
    </div>
    ${
      settings.scopes.source === "file"
        ? html`<p class="small source"><span class="badge">From the file</span> The permissions are defined in the gateway's configuration file. Permissions saved here override them.</p>`
        : null
    }
    ${strangers(scopes, catalog)}
    <p class="chosen" data-testid="chosen">
      <span class="visually-hidden">Chosen: </span>${scopes.map((name) => html`<code class="chip">${name}</code> `)}
    </p>
    <div class="field">
      <label for="search">Search permissions</label>
      <input id="search" type="search" autocomplete="off" spellcheck="false" .value=${live(view.search)} @input=${(event: Event): void => view.setSearch((event.currentTarget as HTMLInputElement).value)} />
    </div>
    <div class="groups">
      ${[...groups].map(([name, permissions]) => group(state, catalog, name, permissions, mayEdit, view.search !== ""))}
      ${groups.size === 0 ? html`<p class="soft" role="status">No matching permissions.</p>` : null}
    </div>
  </section>`;
}

function strangers(chosen: readonly string[], catalog: Catalog): TemplateResult | null {
  const unknown = chosen.filter((name) => !catalog.permissions.some((one) => one.name === name));
  if (unknown.length === 0) return null;
  return html`<pc-notice tone="warn">${unknown.join(", ")} from the configuration file cannot be set here and is dropped when you save permissions.</pc-notice>`;
}

function group(state: IntegrationState, catalog: Catalog, name: string, permissions: Permission[], mayEdit: boolean, isSearch: boolean): TemplateResult {
  const standings = permissions.map((one) => standingOf(one, state.draft.scopes, catalog));
  const ticked = standings.filter((one) => one.state !== "open").length;
  return html`<details class="group" ?open=${isSearch || ticked > 0}>
    <summary>${name} <span class="small soft count">${ticked === 0 ? `${permissions.length}` : `${ticked} of ${permissions.length}`}<span class="visually-hidden"> ticked</span></span></summary>
    <ul>
      ${permissions.map((permission, index) => {
        const standing = standings[index] ?? { state: "open" };
        const id = `permission-${permission.name}`;
        const locked = standing.state === "inherited" || standing.state === "required";
        return html`<li class="permission">
          <input
            type="checkbox"
            id=${id}
            .checked=${live(standing.state !== "open")}
            ?disabled=${locked || !mayEdit}
            aria-describedby="${id}-about"
            @change=${(): void => state.change({ scopes: toggled(permission.name, state.draft.scopes, catalog) })}
          />
          <div>
            <label for=${id}><code>${permission.name}</code></label>
            ${permission.highPrivilege ? html`<span class="badge high">High privilege</span>` : null}
            <p class="small soft" id="${id}-about">
              ${permission.allows}.
              ${standing.state === "inherited" ? html`<strong>Included in ${standing.by}.</strong>` : null}
              ${standing.state === "required" ? html`<strong>Always required: the gateway uses it to list the user's organizations.</strong>` : null}
              ${permission.highPrivilege ? html`<span class="visually-hidden">High privilege.</span>` : null}
            </p>
          </div>
        </li>`;
      })}
    </ul>
  </details>`;
}
