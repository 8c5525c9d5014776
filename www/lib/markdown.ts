/** A run of text inside a block. */
export type Span =
  | { readonly kind: "text" | "strong" | "em" | "code"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string };

/** A block of a text. */
export type Block =
  | { readonly kind: "heading" | "paragraph"; readonly spans: readonly Span[] }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly (readonly Span[])[] };

const HEADING = /^#{1,6}\s+(.*?)\s*#*$/;
const BULLET = /^\s{0,3}[-*+]\s+(.*)$/;
const NUMBER = /^\s{0,3}\d{1,9}[.)]\s+(.*)$/;
const RULE = /^\s{0,3}([-*_])(\s*\1){2,}\s*$/;
const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|__([^_]+)__|\*([^*\s][^*]*)\*|!?\[([^\]]*)\]\((https?:\/\/[^\s)]+)\)/g;

/**
 * Reads the part of Markdown that integration descriptions use: headings, paragraphs, lists, emphasis, code, links.
 *
 * The result is data, never HTML: whatever else the text holds (tags, pictures, other schemes) stays visible text.
 */
export function parseMarkdown(source: string): Block[] {
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  const flush = (): void => {
    if (paragraph.length > 0) blocks.push({ kind: "paragraph", spans: parseSpans(paragraph.join(" ")) });
    paragraph = [];
  };
  for (const line of source.split(/\r?\n/)) {
    const item = BULLET.exec(line) ?? NUMBER.exec(line);
    const heading = HEADING.exec(line);
    if (line.trim() === "" || RULE.test(line)) flush();
    else if (heading) {
      flush();
      blocks.push({ kind: "heading", spans: parseSpans(heading[1] ?? "") });
    } else if (item) {
      flush();
      appendItem(blocks, NUMBER.test(line), parseSpans(item[1] ?? ""));
    } else paragraph.push(line.trim());
  }
  flush();
  return blocks;
}

function appendItem(blocks: Block[], ordered: boolean, spans: Span[]): void {
  const last = blocks.at(-1);
  if (last?.kind === "list" && last.ordered === ordered) {
    blocks[blocks.length - 1] = { ...last, items: [...last.items, spans] };
  } else blocks.push({ kind: "list", ordered, items: [spans] });
}

function parseSpans(source: string): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (const match of source.matchAll(INLINE)) {
    if (match.index > end) spans.push({ kind: "text", text: source.slice(end, match.index) });
    spans.push(spanOf(match));
    end = match.index + match[0].length;
  }
  if (end < source.length) spans.push({ kind: "text", text: source.slice(end) });
  return spans;
}

function spanOf(match: RegExpMatchArray): Span {
  const [, code, strong, strongLine, em, label, href] = match;
  if (code !== undefined) return { kind: "code", text: code };
  if (em !== undefined) return { kind: "em", text: em };
  if (href !== undefined) return { kind: "link", text: label === undefined || label === "" ? href : label, href };
  return { kind: "strong", text: strong ?? strongLine ?? "" };
}
