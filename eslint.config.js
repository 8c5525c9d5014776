// The JavaScript of the npm package.
const js = require("@eslint/js");

module.exports = [
  {
    files: ["pkg/lib/*.js"],
    ...js.configs.recommended,
    rules: {
      ...js.configs.recommended.rules,
      // The compiler checks names, with those of the host.
      "no-undef": "off",
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
];
