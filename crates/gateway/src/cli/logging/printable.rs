//! Text of any origin as what a terminal, a pager and a log collector show as one line.

use std::fmt::{self, Write};

/// Longest value that is logged, in characters.
const MAX_CHARS: usize = 1_000;

/// Writes text through: what is not plain is escaped as Rust does (`\n`, `\u{1b}`), what is too long is cut.
pub(super) struct Printable<'a, W> {
    out: &'a mut W,
    left: usize,
    is_cut: bool,
}

impl<'a, W: Write> Printable<'a, W> {
    /// For one value.
    pub(super) fn new(out: &'a mut W) -> Self {
        Self {
            out,
            left: MAX_CHARS,
            is_cut: false,
        }
    }

    /// Writes the value.
    pub(super) fn write(&mut self, value: fmt::Arguments<'_>) -> fmt::Result {
        self.write_fmt(value)
    }
}

impl<W: Write> Write for Printable<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // What is longer is not looked at: `Display` is let finish, since it may take an error for its own.
        for character in text.chars() {
            if self.left == 0 {
                if !self.is_cut {
                    self.is_cut = true;
                    self.out.write_char('…')?;
                }
                return Ok(());
            }
            self.left -= 1;
            if is_plain(character) {
                self.out.write_char(character)?;
            } else {
                write!(self.out, "{}", character.escape_debug())?;
            }
        }
        Ok(())
    }
}

/// A text as it is logged.
pub(super) fn printable(text: &str) -> String {
    let mut out = String::new();
    // Writing to a `String` cannot fail.
    let _ = Printable::new(&mut out).write_str(text);
    out
}

/// Neither a control character (newline, ESC), nor one that has no shape: those that turn the direction of writing
/// around, separate lines, or join others.
fn is_plain(character: char) -> bool {
    match character {
        ' '..='~' => true,
        _ if character.is_ascii() => false,
        _ => character.escape_debug().len() == 1,
    }
}
