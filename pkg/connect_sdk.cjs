/** `paragon-connect-wasm/ConnectSDK` for CommonJS. */
"use strict";
const sdk = require("paragon-connect-wasm");

exports.__esModule = true;
exports.default = sdk.default;
exports.ExternalFilePicker = sdk.ExternalFilePicker;
exports.InstallFlow = sdk.InstallFlow;
exports.PARAGON_OVERFLOW_EMPTY_VALUE = sdk.PARAGON_OVERFLOW_EMPTY_VALUE;
