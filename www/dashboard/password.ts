/** What is wrong with a new password; the gateway has the last word. */
export function passwordProblem(password: string): string {
  return [...password].length < 12 ? "At least 12 characters." : "";
}
