import { autocompletion, completionKeymap, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { StateEffect, StateField, type Extension, type Range } from "@codemirror/state";
import { Decoration, EditorView, keymap, WidgetType, type DecorationSet } from "@codemirror/view";
import type { Choice, Group } from "../api.ts";
import { about, findReferences, openAt, readable } from "./references.ts";

/** What a field knows besides its text. */
export interface Facts {
  /** What can be referred to here. */
  readonly groups: readonly Group[];
  /** Where something is wrong, in UTF-16 units. */
  readonly wrong: readonly number[];
}

/** Tells a field of new facts. */
export const setFacts = StateEffect.define<Facts>();

const NONE: Facts = { groups: [], wrong: [] };

const facts = StateField.define<Facts>({
  create: () => NONE,
  update: (value, transaction) => transaction.effects.reduce((last, effect) => (effect.is(setFacts) ? effect.value : last), value),
});

/** The menu behind `{{`, and references shown as tokens. Elsewhere a field offers its `choices` for the whole text. */
export function variables(choices: () => Promise<readonly Choice[]>): Extension {
  return [
    facts,
    tokens,
    focus,
    autocompletion({
      override: [complete, (context) => choose(context, choices)],
      icons: false,
      // Enter does nothing else in a line, so it needs no guard against coming too soon.
      interactionDelay: 0,
      activateOnTyping: true,
      activateOnCompletion: () => false,
      maxRenderedOptions: 200,
      tooltipClass: () => "variables",
      addToOptions: [{ render: (completion) => line(completion), position: 90 }],
    }),
    keymap.of(completionKeymap),
  ];
}

function complete(context: CompletionContext): CompletionResult | null {
  const text = context.state.doc.toString();
  const from = openAt(text, context.pos);
  if (from === undefined) return null;
  const rest = text.slice(context.pos);
  const closed = /^\s*\}\}/.exec(rest)?.[0].length ?? 0;
  const { groups } = context.state.field(facts);
  const options = groups.flatMap((group, rank) =>
    group.variables.map(
      (variable): Completion => ({
        label: variable.reference,
        displayLabel: variable.title ?? shortName(variable.reference, group.root),
        detail: about(variable),
        section: { name: group.title, rank },
        // A part of it is wanted more often than the whole.
        boost: variable.reference === group.root ? -99 : 0,
        apply: (view, _completion, begin, end) => {
          const insert = `${variable.reference}}}`;
          view.dispatch({ changes: { from: begin, to: end + closed, insert }, selection: { anchor: begin + insert.length }, userEvent: "input.complete" });
        },
      }),
    ),
  );
  return { from, to: context.pos, options, validFor: /^[^{}]*$/ };
}

/** Choices stand for the whole text; one that holds a reference is not chosen from them. */
function choose(context: CompletionContext, choices: () => Promise<readonly Choice[]>): Promise<CompletionResult | null> | null {
  const text = context.state.doc.toString();
  // Nothing to wait for: while a source is waited for, the menu takes no Enter.
  return text.includes("{{") || text.includes("\n") ? null : offer(text, choices);
}

async function offer(text: string, choices: () => Promise<readonly Choice[]>): Promise<CompletionResult | null> {
  const offered = await choices();
  if (offered.length === 0) return null;
  const options = offered.map(
    ({ label, value }): Completion => ({
      label: value,
      displayLabel: label,
      ...(label === value ? {} : { detail: value }),
      section: { name: "From the account", rank: 0 },
    }),
  );
  return { from: 0, to: text.length, options, validFor: /^[^{}\n]*$/ };
}

function shortName(reference: string, root: string): string {
  return reference === root ? "all of it" : reference.slice(root.length).replace(/^\./, "") || reference;
}

/** The whole reference, small, behind a title that does not show it. */
function line(completion: Completion): Node | null {
  if (completion.apply === undefined) return null;
  const element = document.createElement("span");
  element.className = "variable-reference";
  element.textContent = completion.label;
  return element;
}

class Token extends WidgetType {
  readonly text: string;
  readonly inner: string;
  readonly isWrong: boolean;

  constructor(text: string, inner: string, isWrong: boolean) {
    super();
    this.text = text;
    this.inner = inner;
    this.isWrong = isWrong;
  }

  override eq(other: Token): boolean {
    return other.text === this.text && other.isWrong === this.isWrong;
  }

  override toDOM(): HTMLElement {
    const element = document.createElement("span");
    element.className = this.isWrong ? "token wrong" : "token";
    element.textContent = this.text;
    element.title = `{{${this.inner}}}`;
    return element;
  }

  override ignoreEvent(): boolean {
    return false;
  }
}

const setFocus = StateEffect.define<boolean>();

const hasFocus = StateField.define<boolean>({
  create: () => false,
  update: (value, transaction) => transaction.effects.reduce((last, effect) => (effect.is(setFocus) ? effect.value : last), value),
});

const focus: Extension = [hasFocus, EditorView.focusChangeEffect.of((_state, focusing) => setFocus.of(focusing))];

/** A reference is a token until the cursor is in it; then it is text again. */
const tokens = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (_value, { state }) => {
    const { groups, wrong } = state.field(facts);
    const isActive = state.field(hasFocus, false) === true;
    const { from: first, to: last } = state.selection.main;
    const ranges = findReferences(state.doc.toString()).map(({ from, to, inner }): Range<Decoration> => {
      const isWrong = wrong.some((at) => at >= from && at < to);
      if (isActive && first <= to && last >= from) return Decoration.mark({ class: isWrong ? "reference wrong" : "reference" }).range(from, to);
      return Decoration.replace({ widget: new Token(readable(inner, groups), inner, isWrong) }).range(from, to);
    });
    return Decoration.set(ranges);
  },
  provide: (field) => EditorView.decorations.from(field),
});
