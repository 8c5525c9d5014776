// Finds elements the way a person sees them: by what they are and say, also inside web components. Runs in the page.

/** The first element that matches `selector` and holds `text`, shadow trees included. */
export function find(selector, text = "") {
  const look = (tree) => {
    for (const element of tree.querySelectorAll(selector)) if (element.textContent.includes(text)) return element;
    for (const element of tree.querySelectorAll("*")) {
      const found = element.shadowRoot && look(element.shadowRoot);
      if (found) return found;
    }
    return null;
  };
  return look(document);
}

export const byTestId = (id) => `[data-testid="${id}"]`;
