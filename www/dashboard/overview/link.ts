import { html, nothing, type TemplateResult } from "lit";
import { pathOf, type Route } from "../route.ts";

/** A link to a view of the dashboard; `name` is its accessible name where the context is only visual. */
export type LinkTo = (route: Route, content: unknown, name?: string) => TemplateResult;

/** Links that are followed with `go`, unless another tab or window is asked for. */
export function linkWith(go: (route: Route) => void): LinkTo {
  return (route, content, name) => {
    const follow = (event: MouseEvent): void => {
      if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(route);
    };
    return html`<a href=${pathOf(route)} aria-label=${name ?? nothing} @click=${follow}>${content}</a>`;
  };
}
