// @ts-check
import { ExternalFilePicker } from "./file_picker.js";
import { PUBLIC } from "./methods.js";

/**
 * The object `paragon`: its functions can be passed around on their own.
 * @param {any} instance
 * @returns {Record<string, any>}
 */
export const readyMade = (instance) => {
  const bound = /** @param {string} name */ (name) => /** @param {unknown[]} values */ (...values) => instance[name](...values);
  return {
    ...Object.fromEntries([...PUBLIC, "paginate"].map((name) => [name, bound(name)])),
    installFlow: instance.installFlow,
    /** Works with and without `new`. @param {string} type @param {object} options */
    ExternalFilePicker: function (type, options) {
      return new ExternalFilePicker(type, options, instance);
    },
  };
};
