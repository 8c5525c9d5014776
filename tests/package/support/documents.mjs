/** Reads Markdown: its examples, headings and links. */

/** The fenced blocks of `text`: their language, their code, and the line on which the code begins. */
export function blocksOf(text) {
  const blocks = [];
  let open;
  for (const [index, line] of text.split("\n").entries()) {
    const fence = /^\s*```(\w*)/.exec(line);
    if (!fence) open?.lines.push(line);
    else if (open) {
      blocks.push({ language: open.language, code: open.lines.join("\n"), line: open.line });
      open = undefined;
    } else open = { language: fence[1], lines: [], line: index + 1 };
  }
  if (open) throw new Error(`the block of line ${open.line} has no end`);
  return blocks;
}

/** `text` without its fenced blocks. */
const prose = (text) => text.replace(/^\s*```[\s\S]*?^\s*```/gm, "");

export const headingsOf = (text) => [...prose(text).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);

/** The anchors that GitHub gives the headings of `text`. */
export function anchorsOf(text) {
  const seen = new Map();
  return headingsOf(text).map((heading) => {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = plain.replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-");
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times ? `${anchor}-${times}` : anchor;
  });
}

/** The targets of the links in `text`. */
export const linksOf = (text) => [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);

/** What an example is as a file: its name ends as its language says, and its lines are numbered as in the document. */
export function exampleFile(document, { language, code, line }) {
  const name = `${document.replaceAll("/", "-")}.L${line}`;
  const before = "\n".repeat(line);
  if (language === "js" || language === "ts") return { name: `${name}.${language}`, text: `${before}${code}\nexport {};\n` };
  const scripts = [...code.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script]) => script);
  return scripts.length ? { name: `${name}.js`, text: `${before}${scripts.join("\n")}\nexport {};\n` } : undefined;
}
