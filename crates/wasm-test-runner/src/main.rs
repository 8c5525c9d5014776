//! Runs tests that are compiled to WebAssembly in a browser: `wasm-bindgen-test-runner`, at the version of the bindings.
//!
//! A package of the workspace, so that its version and what it is built from are locked with everything else.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())
}
