import { html, LitElement, type TemplateResult } from "lit";
import "../elements/notice.ts";
import "../elements/spinner.ts";
import "./account.ts";
import "./audit-log.ts";
import "./integration/integration.ts";
import "./keys.ts";
import "./operators.ts";
import "./overview/overview.ts";
import "./runs/run.ts";
import "./runs/runs.ts";
import "./users.ts";
import "./workflows/list.ts";
import { controls } from "../lib/controls.ts";
import { listProjects, signIn, signOut, whoAmI, type Operator, type Project } from "./api.ts";
import { failureOf, isSignedOut, type Failure } from "./failure.ts";
import { GATEWAY_VIEWS, parseRoute, pathOf, titleOf, type Route } from "./route.ts";
import { beginSignIn, problemIn, USUAL_WAYS, waysToSignIn, withoutProblem, type Ways } from "./sign-in.ts";
import { SIGNED_OUT } from "./asking.ts";
import { style } from "./style.ts";
import { failureNotice } from "./views/failure.ts";
import { shell } from "./views/shell.ts";
import { signInView } from "./views/sign-in.ts";

/** The operator's dashboard: who is signed in, and which view of which project is shown. */
export class DashboardElement extends LitElement {
  static override styles = [controls, style];

  #state: "starting" | "out" | "in" | "failed" = "starting";
  #operator: Operator | undefined;
  #projects: readonly Project[] = [];
  #route: Route = parseRoute(location.pathname, withoutProblem(location.search));
  #busy = false;
  #failure: Failure | undefined;
  #ended = false;
  #ways: Ways = USUAL_WAYS;
  #shown = "";

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("popstate", this.#follow);
    this.addEventListener(SIGNED_OUT, this.#sessionEnded);
    window.addEventListener("pageshow", this.#cameBack);
    void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("popstate", this.#follow);
    window.removeEventListener("pageshow", this.#cameBack);
    this.removeEventListener(SIGNED_OUT, this.#sessionEnded);
  }

  override render(): TemplateResult {
    switch (this.#state) {
      case "starting":
        return html`<main class="gate" aria-busy="true"><p class="progress"><pc-spinner></pc-spinner>Opening the dashboard…</p></main>`;
      case "failed":
        return html`<main class="gate">${failureNotice(this.#failure, () => void this.#start())}</main>`;
      case "out":
        return signInView(
          { busy: this.#busy, failure: this.#failure, ended: this.#ended, ways: this.#ways },
          {
            password: (email, password) => void this.#signIn(email, password),
            provider: () => void this.#goToProvider(),
          },
        );
      case "in":
        return this.#inside();
    }
  }

  /** Announces the heading of a new view and shows it in the title. */
  override updated(): void {
    const shown = this.#state === "in" ? pathOf({ ...this.#route, search: "" }) : this.#state;
    if (shown === this.#shown) return;
    const first = this.#shown === "" || this.#shown === "starting";
    this.#shown = shown;
    const name = this.#projects.find((one) => one.id === this.#route.project)?.name;
    document.title = this.#state === "in" && name !== undefined ? `${titleOf(this.#route.view)} · ${name} · Dashboard` : "Dashboard";
    if (this.#state === "out") this.renderRoot.querySelector<HTMLElement>("#email, #provider")?.focus();
    else if (!first) this.renderRoot.querySelector<HTMLElement>("main")?.focus();
  }

  #inside(): TemplateResult {
    const operator = this.#operator as Operator;
    const { project, view } = this.#route;
    const content = Object.hasOwn(GATEWAY_VIEWS, view)
      ? this.#content(operator, "", view)
      : project === undefined
        ? html`<pc-notice heading="No project yet">Define projects in the gateway's configuration file, as <code>[[projects]]</code>.</pc-notice>`
        : this.#projects.some((one) => one.id === project)
          ? this.#content(operator, project, view)
          : html`<pc-notice tone="warn" heading="Project not found">The gateway has no project <code>${project}</code>. Choose one of its projects.</pc-notice>`;
    return shell({
      operator,
      projects: this.#projects,
      route: this.#route,
      content,
      go: (route) => this.#go(route),
      signOut: () => void this.#signOut(),
    });
  }

  #content(operator: Operator, project: string, view: Route["view"]): TemplateResult {
    switch (view) {
      case "overview":
        return html`<dash-overview .project=${project} .search=${this.#route.search} .go=${(route: Route): void => this.#go(route)}></dash-overview>`;
      case "integration":
        return html`<dash-integration .project=${project} .rights=${operator.rights}></dash-integration>`;
      case "keys":
        return html`<dash-keys .project=${project} .rights=${operator.rights}></dash-keys>`;
      case "workflows":
      case "new-workflow":
        return this.#workflows(operator, project);
      case "users":
        return html`<dash-users .project=${project} .rights=${operator.rights}></dash-users>`;
      case "runs":
        return this.#history(operator, project);
      case "audit":
        return html`<dash-audit-log .project=${project}></dash-audit-log>`;
      case "operators":
        return html`<dash-operators .rights=${operator.rights}></dash-operators>`;
      case "account":
        return html`<dash-account .operator=${operator}></dash-account>`;
    }
  }

  #history(operator: Operator, project: string): TemplateResult {
    const go = (route: Route): void => this.#go(route);
    const { item } = this.#route;
    return item === undefined
      ? html`<dash-runs .project=${project} .search=${this.#route.search} .go=${go}></dash-runs>`
      : html`<dash-run .project=${project} .run=${item} .rights=${operator.rights} .go=${go}></dash-run>`;
  }

  #workflows(operator: Operator, project: string): TemplateResult {
    const go = (route: Route): void => this.#go(route);
    const { item, view } = this.#route;
    // The editor is as large as all the rest; who does not open it does not load it.
    if (item !== undefined || view === "new-workflow") void import("./workflows/editor.ts").catch(this.#unloaded);
    return item === undefined && view === "workflows"
      ? html`<dash-workflows .project=${project} .rights=${operator.rights} .go=${go}></dash-workflows>`
      : html`<dash-workflow .project=${project} .workflow=${item} .rights=${operator.rights} .go=${go}></dash-workflow>`;
  }

  async #start(): Promise<void> {
    this.#state = "starting";
    this.requestUpdate();
    try {
      await this.#enter(await whoAmI());
    } catch (error) {
      if (isSignedOut(error)) await this.#showOut();
      else this.#fail(error);
    }
    if (withoutProblem(location.search) !== location.search) history.replaceState(null, "", location.pathname + withoutProblem(location.search));
    this.requestUpdate();
  }

  /** Shows the ways to sign in, and why the one before did not work. */
  async #showOut(): Promise<void> {
    try {
      this.#ways = await waysToSignIn();
      this.#failure = problemIn(location.search);
      this.#state = "out";
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failure = failureOf(error);
    this.#state = "failed";
  }

  async #enter(operator: Operator): Promise<void> {
    this.#projects = await listProjects();
    this.#operator = operator;
    this.#failure = undefined;
    this.#ended = false;
    this.#state = "in";
    if (this.#route.project === undefined && this.#projects[0] !== undefined) {
      this.#route = { ...this.#route, project: this.#projects[0].id };
      history.replaceState(null, "", pathOf(this.#route));
    }
  }

  async #signIn(email: string, password: string): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    this.#failure = undefined;
    this.requestUpdate();
    try {
      await this.#enter(await signIn(email, password));
    } catch (error) {
      this.#failure = failureOf(error);
    }
    this.#busy = false;
    this.requestUpdate();
  }

  async #goToProvider(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    this.#failure = undefined;
    this.requestUpdate();
    try {
      location.assign(await beginSignIn(location.pathname + location.search));
    } catch (error) {
      this.#failure = failureOf(error);
      this.#busy = false;
    }
    this.requestUpdate();
  }

  /** Back from the provider's page, the browser may show this one as it was left. */
  #cameBack = (event: PageTransitionEvent): void => {
    if (!event.persisted) return;
    this.#busy = false;
    this.requestUpdate();
  };

  async #signOut(): Promise<void> {
    try {
      await signOut();
    } catch (error) {
      if (!isSignedOut(error)) {
        this.#fail(error);
        this.requestUpdate();
        return;
      }
    }
    await this.#leave(false);
  }

  #unloaded = (): void => {
    this.#failure = { title: "The editor could not be loaded", advice: "Check your network, then try again.", reference: undefined };
    this.#state = "failed";
    this.requestUpdate();
  };

  #sessionEnded = (): void => void this.#leave(true);

  async #leave(ended: boolean): Promise<void> {
    this.#ended = ended;
    await this.#showOut();
    this.#operator = undefined;
    this.#projects = [];
    this.requestUpdate();
  }

  #follow = (): void => {
    const route = parseRoute(location.pathname, location.search);
    this.#route = { ...route, project: route.project ?? this.#route.project };
    this.requestUpdate();
  };

  /** Asks before changes are lost that were not saved. */
  #mayLeave(): boolean {
    const view = this.renderRoot.querySelector<HTMLElement & { hasChanges?: boolean }>("main > *");
    return view?.hasChanges !== true || confirm("Leave without saving your changes?");
  }

  #go(route: Route): void {
    const path = pathOf(route);
    if (path === location.pathname + location.search || !this.#mayLeave()) {
      // A choice of another project is taken back.
      this.requestUpdate();
      return;
    }
    history.pushState(null, "", path);
    this.#follow();
    window.scrollTo(0, 0);
  }
}

customElements.define("gateway-dashboard", DashboardElement);
