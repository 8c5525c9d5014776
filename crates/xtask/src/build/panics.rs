//! Panics without their texts. The core has no panic hook, so nobody can read what a panic says: what JavaScript gets is
//! the trap at its end, a `RuntimeError`. Here each panic becomes that trap at once, and the texts go.

use std::collections::HashSet;
use std::ops::Range;

use anyhow::{bail, ensure};
use walrus::ir::{Call, Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, DataKind, FunctionBuilder, FunctionId, FunctionKind, LocalFunction, Module,
};

/// Parts of the names of the standard library's functions that panic, and of what they call to do so.
const PANICKING: [&str; 12] = [
    "]::panicking::",
    "::unwrap_failed",
    "::expect_failed",
    "::slice_index_fail",
    "::len_mismatch_fail",
    "::panic_access_error",
    "::panic_already_",
    "::panic_poisoned",
    "::capacity_overflow",
    "::handle_error",
    "::handle_alloc_error",
    "::rust_oom",
];
/// What these functions are part of.
const LIBRARY: [&str; 4] = ["core[", "alloc[", "std[", "hashbrown["];

/// Makes every function that only panics a trap, with the formatting of texts, which nothing else does, and clears the
/// places in the sources that panics name.
///
/// # Errors
/// Where there is no such function: the standard library has other names for them now. Where the core formats a text.
pub(crate) fn remove_texts(module: &mut Module) -> anyhow::Result<()> {
    let panicking = named(module, panics);
    let formatting = named(module, formats);
    ensure!(
        panicking.len() >= PANICKING.len(),
        "found only {} functions that panic: look for their names in `build/panics.rs`",
        panicking.len(),
    );
    let unused: HashSet<_> = panicking.into_iter().chain(formatting).collect();
    for (id, function) in module.funcs.iter_local() {
        if !unused.contains(&id)
            && let Some(called) = first_formatting(module, function)
        {
            let caller = module.funcs.get(id).name.as_deref().unwrap_or_default();
            bail!("`{caller}` calls `{called}`: the core joins texts and does not format them");
        }
    }
    for id in unused {
        trap_at_once(module, id);
    }
    clear_locations(module);
    Ok(())
}

fn named(module: &Module, has_name: fn(&str) -> bool) -> Vec<FunctionId> {
    let all = module.funcs.iter_local().map(|(id, _)| id);
    all.filter(|id| module.funcs.get(*id).name.as_deref().is_some_and(has_name))
        .collect()
}

fn panics(name: &str) -> bool {
    let is_library = LIBRARY
        .iter()
        .any(|part| name.trim_start_matches('<').starts_with(part));
    is_library && PANICKING.iter().any(|part| name.contains(part))
}

/// Whether it is part of `core::fmt`, or an implementation of one of its traits.
fn formats(name: &str) -> bool {
    name.contains("]::fmt::") || name.contains("core::fmt::")
}

/// The first function that `function` calls to format a text.
fn first_formatting<'a>(module: &'a Module, function: &LocalFunction) -> Option<&'a str> {
    struct Calls(Vec<FunctionId>);
    impl Visitor<'_> for Calls {
        fn visit_call(&mut self, call: &Call) {
            self.0.push(call.func);
        }
    }
    let mut calls = Calls(Vec::new());
    dfs_in_order(&mut calls, function, function.entry_block());
    let mut names = calls
        .0
        .into_iter()
        .filter_map(|id| module.funcs.get(id).name.as_deref());
    names.find(|name| formats(name))
}

fn trap_at_once(module: &mut Module, id: FunctionId) {
    let kind = module.types.get(module.funcs.get(id).ty());
    let (parameters, results) = (kind.params().to_vec(), kind.results().to_vec());
    let arguments = parameters.iter().map(|kind| module.locals.add(*kind));
    let arguments = arguments.collect();
    let mut builder = FunctionBuilder::new(&mut module.types, &parameters, &results);
    builder.func_body().unreachable();
    let trap = builder.local_func(arguments);
    module.funcs.get_mut(id).kind = FunctionKind::Local(trap);
}

/// Clears each `core::panic::Location`, and the name of its file. Its layout: address and length of the name, line, column.
fn clear_locations(module: &mut Module) {
    const BYTES: usize = 16;
    let mut memory = Memory::of(module);
    let mut unused = Vec::new();
    for start in (0..memory.bytes.len().saturating_sub(BYTES)).step_by(4) {
        let name = memory.word(start)..memory.word(start) + memory.word(start + 4);
        let is_line = memory.word(start + 8) > 0 && memory.word(start + 8) < 100_000;
        if is_line && memory.bytes.get(name.clone()).is_some_and(is_rust_file) {
            unused.extend([name, start..start + BYTES]);
        }
    }
    for range in unused {
        memory.bytes[range].fill(0);
    }
    memory.write_to(module);
}

fn is_rust_file(name: &[u8]) -> bool {
    name.ends_with(b".rs") && name.iter().all(u8::is_ascii_graphic)
}

/// The data as it is in memory at the start.
struct Memory {
    bytes: Vec<u8>,
}

impl Memory {
    fn of(module: &Module) -> Self {
        let mut bytes = Vec::new();
        for data in module.data.iter() {
            if let Some(range) = place(data) {
                bytes.resize(bytes.len().max(range.end), 0);
                bytes[range].copy_from_slice(&data.value);
            }
        }
        Self { bytes }
    }

    fn word(&self, at: usize) -> usize {
        let word = self.bytes[at..].first_chunk().copied();
        word.map_or(0, |word| u32::from_le_bytes(word) as usize)
    }

    fn write_to(&self, module: &mut Module) {
        let ids: Vec<_> = module.data.iter().map(walrus::Data::id).collect();
        for id in ids {
            let data = module.data.get_mut(id);
            if let Some(range) = place(data) {
                data.value.copy_from_slice(&self.bytes[range]);
            }
        }
    }
}

/// Where in memory `data` is; nothing for data that is not put there at the start.
fn place(data: &walrus::Data) -> Option<Range<usize>> {
    match data.kind {
        DataKind::Active {
            offset: ConstExpr::Value(Value::I32(start)),
            ..
        } => {
            let start = usize::try_from(start).ok()?;
            Some(start..start + data.value.len())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use walrus::ModuleConfig;
    use walrus::ir::Instr;

    use super::*;

    /// A module with a function for each of these names, and one more that calls `called`.
    fn module(names: &[String], called: &str) -> Module {
        let mut module = Module::with_config(ModuleConfig::new());
        let mut target = None;
        for name in names {
            let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
            builder.name(name.clone()).func_body().i32_const(1).drop();
            let id = builder.finish(vec![], &mut module.funcs);
            target = target.or((name == called).then_some(id));
        }
        let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
        let mut body = builder.name("own".to_owned()).func_body();
        if let Some(target) = target {
            body.call(target);
        }
        builder.finish(vec![], &mut module.funcs);
        module
    }

    fn names() -> Vec<String> {
        let panicking = PANICKING.iter().map(|part| match part.strip_prefix(']') {
            Some(part) => format!("core[1f]{part}panic"),
            None => format!("<alloc[1f]::Some{part}>"),
        });
        let formatting = ["core[1f]::fmt::write", "<Own as core::fmt::Display>::fmt"];
        panicking.chain(formatting.map(str::to_owned)).collect()
    }

    #[test]
    fn panics_become_traps_and_the_rest_stays() -> anyhow::Result<()> {
        let mut module = module(&names(), "core[1f]::panicking::panic");
        remove_texts(&mut module)?;
        for (id, function) in module.funcs.iter_local() {
            let first = function.block(function.entry_block()).instrs.first();
            let traps = matches!(first, Some((Instr::Unreachable(_), _)));
            let is_own = module.funcs.get(id).name.as_deref() == Some("own");
            assert_eq!(traps, !is_own);
        }
        Ok(())
    }

    #[test]
    fn formatting_that_is_used_fails_the_build() {
        let mut module = module(&names(), "core[1f]::fmt::write");
        let refused = remove_texts(&mut module).map_err(|error| error.to_string());
        assert!(refused.is_err_and(|error| error.contains("`own` calls `core[1f]::fmt::write`")));
    }

    #[test]
    fn only_places_in_sources_are_cleared() {
        let mut module = Module::with_config(ModuleConfig::new());
        let memory = module.memories.add_local(false, false, 1, None, None);
        let mut data = b"a text, src/a.rs".to_vec();
        for word in [1_000_u32 + 8, 8, 20, 5, 1_000, 6, 20, 5] {
            data.extend(word.to_le_bytes());
        }
        let offset = ConstExpr::Value(Value::I32(1_000));
        let id = module.data.add(DataKind::Active { memory, offset }, data);
        clear_locations(&mut module);
        let data = &module.data.get(id).value;
        assert!(data.starts_with(b"a text, "));
        assert!(data[8..32].iter().all(|byte| *byte == 0));
        assert_eq!(data[32..36], 1_000_u32.to_le_bytes());
    }
}
