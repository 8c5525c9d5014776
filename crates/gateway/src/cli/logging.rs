//! Structured logs on standard error.
//!
//! SECURITY: what is logged may come from anybody. Here alone, on its way out, every value is made printable: it forges
//! no line, sends nothing to a terminal, turns no text around, and fills no disk.

mod printable;

use std::fmt;

use anyhow::Context as _;
use serde_json::Value;
use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::field::MakeExt as _;
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer, debug_fn};
use tracing_subscriber::fmt::{FmtContext, MakeWriter};
use tracing_subscriber::registry::LookupSpan;

use self::printable::{Printable, printable};
use crate::config::LogFormat;

/// Starts logging with a filter such as `info` or `paragon_gateway=debug`.
pub(super) fn start(filter: &str, format: LogFormat) -> anyhow::Result<()> {
    // The workflow engine tells of each lock that it had to wait for; `duroxide=…` in the filter brings that back.
    let filter = EnvFilter::try_new(format!("duroxide=error,{filter}")).with_context(|| {
        format!("`log` is `{filter}`: write a level such as info, or paragon_gateway=debug")
    })?;
    let subscriber = subscriber(filter, format, std::io::stderr);
    tracing::subscriber::set_global_default(subscriber).context("logging cannot start")?;
    log_panics();
    Ok(())
}

fn subscriber(
    filter: EnvFilter,
    format: LogFormat,
    writer: impl for<'w> MakeWriter<'w> + Send + Sync + 'static,
) -> Box<dyn Subscriber + Send + Sync> {
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer);
    match format {
        LogFormat::Text => Box::new(builder.fmt_fields(text_fields()).finish()),
        LogFormat::Json => {
            let builder = builder.json().flatten_event(true);
            Box::new(builder.map_event_format(JsonLines).finish())
        }
    }
}

/// Fields of spans and events in text: `message name=value name="text"`.
fn text_fields() -> impl for<'w> FormatFields<'w> + Send + Sync + 'static {
    debug_fn(|writer: &mut Writer<'_>, field, value| {
        let name = field.name();
        if name != "message" {
            write!(writer, "{name}=")?;
        }
        Printable::new(writer).write(format_args!("{value:?}"))
    })
    .delimited(" ")
}

/// The library's JSON, with every text in it made printable.
struct JsonLines<F>(F);

impl<S, N, F> FormatEvent<S, N> for JsonLines<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'w> FormatFields<'w> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = String::new();
        self.0
            .format_event(context, Writer::new(&mut line), event)?;
        let mut line: Value = serde_json::from_str(&line).map_err(|_| fmt::Error)?;
        make_printable(&mut line);
        writeln!(writer, "{line}")
    }
}

fn make_printable(value: &mut Value) {
    match value {
        Value::String(text) => *text = printable(text),
        Value::Array(items) => items.iter_mut().for_each(make_printable),
        Value::Object(fields) => fields.values_mut().for_each(make_printable),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What a panic says may repeat what came from outside, too.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let text = panic.payload_as_str().unwrap_or("no message");
        let backtrace = std::backtrace::Backtrace::capture();
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, detail = text, "panicked");
        // Names of functions alone, and only where RUST_BACKTRACE asks for them.
        if backtrace.status() == std::backtrace::BacktraceStatus::Captured {
            eprintln!("{backtrace}");
        }
    }));
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("a lock").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat, log: impl FnOnce()) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let filter = EnvFilter::try_new("info").expect("a filter");
        let subscriber = subscriber(filter, format, move || writer.clone());
        tracing::subscriber::with_default(subscriber, log);
        let bytes = lines.0.lock().expect("a lock").clone();
        String::from_utf8(bytes).expect("UTF-8")
    }

    const HOSTILE: &str = "x\nFORGED\r\u{1b}[31m\u{202e}txt\u{2028}\u{7f}\u{9b}0m\u{feff}";

    #[test]
    fn text_from_outside_forges_no_line_and_commands_no_terminal() {
        for format in [LogFormat::Text, LogFormat::Json] {
            let text = logged(format, || {
                let span = tracing::info_span!("request", path = %HOSTILE, name = HOSTILE);
                let _inside = span.enter();
                tracing::info!(error = %HOSTILE, detail = HOSTILE, list = ?[HOSTILE], "it failed: {HOSTILE}");
                tracing::info!("the next");
            });
            assert_eq!(text.lines().count(), 2, "{text}");
            assert_eq!(text.matches("FORGED").count(), 8, "{text}");
            let odd: Vec<char> = text
                .chars()
                .filter(|character| !matches!(character, '\n' | ' '..='~'))
                .collect();
            // Colors of a level are the formatter's own.
            let odd: Vec<_> = odd.into_iter().filter(|one| *one != '\u{1b}').collect();
            assert!(odd.is_empty(), "{odd:?} in {text}");
            assert!(!text.contains("\u{1b}[31m"), "{text}");
        }
    }

    #[test]
    fn long_text_is_cut_and_everything_else_stays() {
        let long = "ä".repeat(1_000_000);
        for format in [LogFormat::Text, LogFormat::Json] {
            let text = logged(format, || {
                let span = tracing::info_span!("request", request.id = 7, path = %long);
                let _inside = span.enter();
                tracing::info!(detail = long, after = 5, "{long}");
            });
            assert!(text.len() < 16_000, "{}", text.len());
            assert!(
                text.contains('ä') && text.contains('…'),
                "it is cut, not dropped"
            );
            assert!(
                text.contains("after") && text.contains("request.id"),
                "{text}"
            );
        }
        let text = logged(LogFormat::Json, || {
            tracing::info!(size = 7, on = true, "Grüße");
        });
        let json: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!((&json["size"], &json["on"]), (&7.into(), &true.into()));
        assert_eq!(json["message"], "Grüße");
    }
}
