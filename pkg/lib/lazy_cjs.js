// @ts-check
/** `./lazy` for `require`, which loads at once: the SDK itself, started at its first call. */
import main from "#main";

export * from "#main";
export default main.default;

/** There is nothing to wait for. */
export const load = async () => {};
