import { paragon } from "paragon-connect-wasm";
paragon.setHeadless(true);

/** Calls what works wherever JavaScript runs. */
export async function calls(gateway, token) {
  paragon.configureGlobal({ gateway });
  await paragon.authenticate("p1", token);
  const projects = await paragon.request("azuredevops", "_apis/projects");
  await paragon.event("opened", { at: "host" });
  const workflow = await paragon.workflow("w1", { body: { a: 1 } });
  const user = paragon.getUser();
  return { user: user.userId, version: paragon.getVersion(), projects: projects.value.map(({ name }) => name), workflow };
}
