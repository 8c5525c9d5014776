// Microsoft's published Swagger files of Azure DevOps (MIT, MicrosoftDocs/vsts-rest-api-specs), and requests held against them.

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

import Ajv from "ajv";

/** These may be left out of a path, although Swagger 2 has no way to say so. */
const LEFT_OUT = ["{project}", "{team}"];
/** Nor that the path of a classification node is empty for the root. */
const EMPTY = "{path}";
/** Items are created in a project, always. */
const NEEDS_PROJECT = "workitems/${type}";

/** Every document of `folder`: `{area}/{version}/{name}.json`. */
export async function readSpecifications(folder) {
  const entries = await readdir(folder, { recursive: true });
  const files = entries.filter((name) => /^[^/]+\/[^/]+\/[^/]+\.json$/.test(name)).sort();
  const documents = await Promise.all(files.map(async (name) => JSON.parse((await readFile(join(folder, name), "utf8")).replace(/^\uFEFF/, ""))));
  return documents.filter((document) => document.swagger === "2.0");
}

/** Says what is wrong with a request `{ method, path, type, body }`, whose path begins with the organization. */
export class RequestCheck {
  #operations = [];
  #areas = new Set();
  #ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  /** In addresses everything is text. */
  #texts = new Ajv({ strict: false, allErrors: true, logger: false, coerceTypes: true });

  constructor(documents) {
    for (const ajv of [this.#ajv, this.#texts]) addFormats(ajv);
    documents.forEach((document, at) => {
      const id = `document:${at}`;
      this.#ajv.addSchema({ $id: id, definitions: strict(document.definitions) });
      for (const [template, methods] of Object.entries(document.paths)) {
        this.#areas.add(areaOf(template));
        for (const [method, operation] of Object.entries(methods)) {
          this.#operations.push(this.#operation(document, id, template, method.toUpperCase(), operation));
        }
      }
    });
  }

  #operation(document, id, template, method, { operationId, parameters, consumes = [] }) {
    const all = parameters.map((one) => (one.$ref ? document.parameters[one.$ref.split("/").at(-1)] : one));
    const body = all.find((one) => one.in === "body");
    const schema = (place) => this.#texts.compile(ofParameters(all.filter((one) => one.in === place)));
    return {
      name: operationId,
      method,
      forms: forms(template).map(pattern),
      path: schema("path"),
      query: schema("query"),
      consumes,
      body: body && this.#ajv.compile(inDocument(body.schema, id)),
    };
  }

  /** Whether a document has the area, which stands behind `_apis`, of a path. */
  covers(path) {
    return this.#areas.has(areaOf(path));
  }

  /** The operation that a request of this method and path is: of several, the one with the most literal segments. */
  #find(method, path) {
    const found = this.#operations.flatMap((operation) =>
      operation.forms.flatMap((form) => {
        const match = operation.method === method && form.exp.exec(path);
        return match ? [{ operation, values: match.groups ?? {}, literals: form.literals }] : [];
      }),
    );
    return found.sort((one, other) => other.literals - one.literals)[0];
  }

  /** `{ operation, faults }`; no operation when the specification has none of this method and path. */
  check({ method, path, type, body }) {
    const url = new URL(path, "http://provider");
    const found = this.#find(method, url.pathname.replace(/\/$/, ""));
    if (!found) return { faults: [`the specification has no ${method} ${url.pathname}`] };
    const { operation } = found;
    const values = Object.fromEntries(Object.entries(found.values).map(([name, value]) => [name, decodeURIComponent(value)]));
    const faults = [...faultsOf(operation.path, values, "path"), ...queryFaults(operation.query, url.searchParams)];
    const media = type?.split(";")[0].trim();
    if (!operation.body) {
      if (body) faults.push("it has a body, and there is none in the specification");
      return { operation: operation.name, faults };
    }
    if (!operation.consumes.includes(media)) faults.push(`content type ${media}, not ${operation.consumes.join(" or ")}`);
    try {
      faults.push(...faultsOf(operation.body, JSON.parse(body), "body"));
    } catch {
      faults.push("the body is no JSON");
    }
    return { operation: operation.name, faults };
  }
}

const areaOf = (path) => /\/_apis\/([^/?]+)/.exec(path)?.[1].toLowerCase();

/** A path as segments, with and without those that may be left out. */
function forms(template) {
  let all = [template.replace(/\/$/, "").split("/")];
  for (const segment of all[0]) {
    const may = segment === EMPTY || (LEFT_OUT.includes(segment) && !template.endsWith(NEEDS_PROJECT));
    if (may) all = all.flatMap((form) => [form, form.filter((one) => one !== segment)]);
  }
  return all;
}

function pattern(segments) {
  const literals = segments.filter((one) => !one.includes("{")).length;
  const parts = segments.map((segment) => {
    const [before, name, after] = segment.split(/[{}]/);
    if (name === undefined) return literal(before);
    // What stands first in a path is no part of an API.
    return `${literal(before)}(?<${name}>(?!_)[^/]+)${literal(after)}`;
  });
  return { literals, exp: new RegExp(`^${parts.join("/")}$`) };
}

/** The files themselves write `workitems` and `workItems`: paths do not tell capitals. A dollar sign may be encoded. */
function literal(text) {
  return text.replace(/./g, (one) =>
    one === "$" ? "(?:\\$|%24)" : /[a-z]/i.test(one) ? `[${one.toLowerCase()}${one.toUpperCase()}]` : one.replace(/\W/, "\\$&"),
  );
}

/** The schema of the parameters in one place: nothing else may stand there. Those of the path are there, or it is no path of theirs. */
function ofParameters(parameters) {
  const schema = ({ name, type, format, enum: values, description }) => ({
    type,
    ...(format && { format }),
    ...(values && { enum: values }),
    ...(name === "api-version" && { const: /'([^']+)'/.exec(description)?.[1] }),
  });
  return {
    type: "object",
    properties: Object.fromEntries(parameters.map((one) => [one.name, schema(one)])),
    required: parameters.filter((one) => one.required && one.in === "query").map((one) => one.name),
    additionalProperties: false,
  };
}

/** Definitions for what is sent: members that they do not name are wrong. */
function strict(definitions) {
  const all = structuredClone(definitions);
  for (const definition of Object.values(all)) {
    // Without members it means anything, and with bases the members of those count too.
    if (definition.type === "object" && Object.keys(definition.properties ?? {}).length > 0 && !definition.allOf) definition.additionalProperties = false;
  }
  if (all.JsonPatchDocument) {
    // The files say an object of an object; what is sent is a list (RFC 6902), and values are of any kind.
    all.JsonPatchDocument = { type: "array", minItems: 1, items: { $ref: "#/definitions/JsonPatchOperation" } };
    all.JsonPatchOperation.required = ["op", "path"];
    delete all.JsonPatchOperation.properties.value.type;
  }
  return all;
}

function inDocument(schema, id) {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${id}#/`));
}

function addFormats(ajv) {
  const list = (is) => (text) => text.split(",").every(is);
  const int32 = (value) => Number.isInteger(Number(value)) && Math.abs(value) < 2 ** 31;
  ajv.addFormat("int32", { type: "number", validate: int32 });
  ajv.addFormat(
    "array (int32)",
    list((one) => /^\d+$/.test(one) && int32(one)),
  );
  ajv.addFormat(
    "array (string)",
    list((one) => one.length > 0),
  );
  ajv.addFormat("uuid", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
  ajv.addFormat("date-time", (text) => !Number.isNaN(Date.parse(text)));
  for (const format of ["byte", "double", "float", "int64", "uri"]) ajv.addFormat(format, true);
}

function queryFaults(validate, parameters) {
  const names = [...parameters.keys()];
  const twice = names.filter((name, at) => names.indexOf(name) !== at).map((name) => `query: ${name} appears twice`);
  return [...twice, ...faultsOf(validate, Object.fromEntries(parameters), "query")];
}

function faultsOf(validate, value, place) {
  if (validate(value)) return [];
  return validate.errors.map((error) => `${place}${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`);
}
