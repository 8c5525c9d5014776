// @ts-check
/** @typedef {Pick<typeof import("#core"), "Paragon" | "initSync">} Bindings */

/** Where `bindings.js` leaves the bindings. @type {{ bindings?: Bindings }} */
export const evaluated = {};
