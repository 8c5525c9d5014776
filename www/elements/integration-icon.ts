import { css, html, LitElement, type TemplateResult } from "lit";

const PLACEHOLDER = "/images/icons/byo-placeholder.svg";

/** Picture of an integration from the page's own origin, with a placeholder when there is none. Decoration only. */
export class IntegrationIconElement extends LitElement {
  static override properties = { type: { type: String }, failed: { state: true } };
  static override styles = css`
    :host {
      display: grid;
      place-items: center;
      flex: none;
      inline-size: 3rem;
      block-size: 3rem;
      border: 1px solid var(--line);
      border-radius: 12px;
      background: #ffffff;
    }
    img {
      inline-size: 64%;
      block-size: 64%;
    }
  `;

  declare type: string;
  declare failed: boolean;

  constructor() {
    super();
    this.type = "";
    this.failed = false;
  }

  override render(): TemplateResult {
    const known = /^[a-z0-9.]{1,64}$/.test(this.type) && !this.type.startsWith("custom") && !this.failed;
    const source = known ? `/integrations/${this.type}.svg` : PLACEHOLDER;
    return html`<img src=${source} alt="" @error=${(): boolean => (this.failed = true)} />`;
  }
}

customElements.define("pc-integration-icon", IntegrationIconElement);
