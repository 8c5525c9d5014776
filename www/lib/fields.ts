/** Shows what is wrong with a field on the line below it; an empty message clears it. */
export function mark(input: HTMLInputElement, message: string): void {
  if (message === "") input.removeAttribute("aria-invalid");
  else input.setAttribute("aria-invalid", "true");
  const line = input.parentElement?.querySelector(".field-error");
  if (line) line.textContent = message;
}

/** Clears the error of a field while it is edited. */
export function clear(event: Event): void {
  mark(event.currentTarget as HTMLInputElement, "");
}

/** The field of a form with this name. */
export function fieldOf(form: HTMLFormElement, name: string): HTMLInputElement {
  return form.elements.namedItem(name) as HTMLInputElement;
}

/** Checks fields by what is wrong with their values, and moves the focus to the first wrong one. @returns whether all are right. */
export function check(form: HTMLFormElement, problems: Record<string, (value: string) => string>): boolean {
  const wrong = Object.entries(problems).filter(([name, problem]) => {
    const input = fieldOf(form, name);
    const message = problem(input.value);
    mark(input, message);
    return message !== "";
  });
  if (wrong[0] !== undefined) fieldOf(form, wrong[0][0]).focus();
  return wrong.length === 0;
}
