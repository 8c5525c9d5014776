/** `paragon-connect-wasm/ConnectSDK`: the class alone, out of the package's one core. */
export { default, ExternalFilePicker, InstallFlow, PARAGON_OVERFLOW_EMPTY_VALUE } from "paragon-connect-wasm";
