import type { AccountInput } from "./model.ts";

/** Host part of the address of an organization, in both forms Azure DevOps uses. */
const ADDRESS = /^(?:https?:\/\/)?(?:dev\.azure\.com\/([^/?#]+)|([^./?#]+)\.visualstudio\.com)(?:[/?#].*)?$/i;
/** Rule of Azure DevOps for names: 1 to 50 letters, digits and hyphens; no hyphen at either end. */
const ORGANIZATION = /^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/i;

/** Cleans what people paste: spaces around, or the whole address in place of the organization's name. */
export function normalize(input: AccountInput, value: string): string {
  const trimmed = value.trim();
  if (input.id !== "ORGANIZATION") return trimmed;
  const match = ADDRESS.exec(trimmed);
  return match?.[1] ?? match?.[2] ?? trimmed;
}

/** What is wrong with a normalized value, in words for the user; undefined when nothing is. */
export function problem(input: AccountInput, value: string): string | undefined {
  if (value === "") return input.required ? `Enter ${article(input)}.` : undefined;
  if (input.id === "ORGANIZATION" && !ORGANIZATION.test(value)) {
    return "An organization name has only letters, digits and hyphens, such as contoso. Copy it from the URL after dev.azure.com/.";
  }
  if (input.id === "PERSONAL_ACCESS_TOKEN" && !/^[\x21-\x7e]+$/.test(value)) {
    return "A token has only letters and digits. Copy it again from Azure DevOps.";
  }
  return undefined;
}

function article(input: AccountInput): string {
  if (input.id === "ORGANIZATION") return "the name of your organization";
  if (input.id === "PERSONAL_ACCESS_TOKEN") return "your personal access token";
  return input.title.toLowerCase();
}
