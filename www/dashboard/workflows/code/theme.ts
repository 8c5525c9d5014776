import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** Fields of the editor look like the other fields of the page. */
export const theme = EditorView.theme({
  "&": {
    color: "var(--ink)",
    background: "var(--surface)",
    border: "1px solid var(--line-strong)",
    borderRadius: "calc(var(--radius) - 2px)",
    fontSize: "1rem",
  },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "1.5" },
  ".cm-content": { padding: "0.5rem 0.5rem", minHeight: "1.6rem", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 0.25rem" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-placeholder": { color: "var(--ink-soft)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--accent-wash)" },
  ".token": {
    display: "inline-block",
    padding: "0 0.4375rem",
    borderRadius: "999px",
    background: "var(--accent-wash)",
    color: "var(--accent)",
    fontSize: "0.875em",
    fontWeight: "600",
    lineHeight: "1.45",
    cursor: "text",
    maxWidth: "100%",
    overflow: "hidden",
    textOverflow: "ellipsis",
    verticalAlign: "bottom",
  },
  ".reference": { color: "var(--accent)", fontFamily: "var(--mono)", fontSize: "0.9em" },
  ".token.wrong, .reference.wrong": { color: "var(--bad)", background: "var(--bad-wash)", textDecoration: "underline wavy" },
  ".cm-tooltip": {
    color: "var(--ink)",
    background: "var(--surface)",
    border: "1px solid var(--line-strong)",
    borderRadius: "calc(var(--radius) - 2px)",
    boxShadow: "var(--shadow)",
    zIndex: "20",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--font)", maxHeight: "19rem", maxWidth: "min(34rem, 92vw)", minWidth: "min(20rem, 80vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "grid",
    gridTemplateColumns: "fit-content(65%) minmax(0, 1fr)",
    gap: "0 0.75rem",
    padding: "0.3125rem 0.75rem",
    lineHeight: "1.35",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > completion-section": {
    display: "block",
    padding: "0.375rem 0.75rem 0.1875rem",
    border: "0",
    color: "var(--ink-soft)",
    opacity: "1",
    fontSize: "0.8125rem",
    fontWeight: "700",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionLabel": { overflow: "hidden", textOverflow: "ellipsis" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionDetail": {
    fontStyle: "normal",
    fontSize: "0.8125rem",
    color: "var(--ink-soft)",
    marginLeft: "0",
    textAlign: "end",
    whiteSpace: "nowrap",
    overflow: "hidden",
    textOverflow: "ellipsis",
  },
  ".variable-reference": {
    gridColumn: "1 / -1",
    fontFamily: "var(--mono)",
    fontSize: "0.75rem",
    color: "var(--ink-soft)",
    overflow: "hidden",
    textOverflow: "ellipsis",
  },
  "li[aria-selected] .cm-completionDetail, li[aria-selected] .variable-reference": { color: "inherit" },
});

/** What is code is set as such. */
export const monospace = EditorView.theme({ ".cm-scroller": { fontFamily: "var(--mono)", fontSize: "0.875rem" } });

/** Colors of JSON, from the page's own. */
export const jsonColours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.propertyName, color: "var(--accent)" },
    { tag: tags.string, color: "var(--good)" },
    { tag: [tags.number, tags.bool, tags.null], color: "var(--warn)" },
  ]),
);
