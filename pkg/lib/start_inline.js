// @ts-check
/** The default: the core's bytes are part of the script. */
import { decode } from "./decode.js";
import { startOnce } from "./start.js";
import text from "#text";

export const start = () => startOnce(() => decode(text));
