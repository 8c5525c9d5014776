import { paragon } from "paragon-connect-wasm";

export interface Project {
  id: string;
  name: string;
}

export async function listProjects(): Promise<Project[]> {
  const page = await paragon.request<{ value: Project[] }>("azuredevops", "/projects?api-version=7.1");
  return page?.value ?? [];
}
