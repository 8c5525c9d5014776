/** A piece of source text with what it is. */
export interface Token {
  readonly kind: "plain" | "comment" | "string" | "keyword";
  readonly text: string;
}

const TOKENS =
  /(\/\/[^\n]*)|("(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|\b(async|await|const|export|function|if|import|interface|from|new|return|throw|type|void|null|true|false)\b/g;

/** Splits TypeScript or JSON into comments, strings, keywords and the rest; joined again it is the same text. */
export function tokens(source: string): Token[] {
  const found: Token[] = [];
  let end = 0;
  for (const match of source.matchAll(TOKENS)) {
    if (match.index > end) found.push({ kind: "plain", text: source.slice(end, match.index) });
    const kind = match[1] !== undefined ? "comment" : match[2] !== undefined ? "string" : "keyword";
    found.push({ kind, text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < source.length) found.push({ kind: "plain", text: source.slice(end) });
  return found;
}
