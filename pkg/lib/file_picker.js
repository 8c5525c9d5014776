// @ts-check
/**
 * The vendors' file pickers. Their scripts are not part of this SDK and it loads none: an app gets the checks, and an
 * error that says so.
 */
import { failure } from "./errors.js";

/** What `init` wants to be given for each type: option and error text. @type {Map<string, string[]>} */
const PICKERS = new Map([
  ["box", ["folderId", "Please provide a valid Folder ID"]],
  ["googledrive", ["developerKey", "Please provide a valid developer key"]],
  ["onedrive", []],
  ["sharepoint", []],
]);

/** A picker of files of the user's account. */
export class ExternalFilePicker {
  #wanted;
  #type;

  /**
   * @param {string} type the integration
   * @param {object} _options callbacks
   * @param {any} sdk the instance
   */
  constructor(type, _options, sdk) {
    if (!sdk.getUser().authenticated) throw failure("user_not_authenticated", "Authentication is required");
    if (!type) throw failure("argument_missing", "Missing argument: Integration type is required");
    sdk.validateAction(type);
    const wanted = PICKERS.get(type);
    if (!wanted) throw failure("picker_not_supported", `${type}'s file picker is not supported`);
    this.#wanted = wanted;
    this.#type = type;
  }

  /** @param {Record<string, unknown>} [options] */
  async init(options) {
    const [key, text] = this.#wanted;
    if (key && !options?.[key]) throw failure("argument_missing", text);
    const message = `the file picker of ${this.#type} cannot be opened: this SDK does not load vendors' scripts`;
    throw failure("picker_not_loaded", message);
  }

  /** Whether the picker is shown: never, as it cannot be loaded. */
  open() {
    return false;
  }

  /** The vendor's object: there is none. */
  getInstance() {
    return null;
  }
}
