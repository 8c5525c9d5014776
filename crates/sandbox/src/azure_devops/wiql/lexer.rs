//! Words of a query.

/// A word with the place where it begins.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// The word as it was written, for error texts.
    pub(crate) text: String,
}

/// What a word is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    /// A bare word such as `SELECT`.
    Word,
    /// `[Field]`, without the brackets.
    Field(String),
    /// `'text'`, with doubled quotes undone.
    Text(String),
    /// A number.
    Number(f64),
    /// `@name`, without the sign.
    Macro(String),
    /// An operator or punctuation mark.
    Symbol(&'static str),
}

/// A sign that begins no word, or a bracket or quote that is never closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unexpected `{0}`")]
pub(crate) struct LexError(pub(crate) String);

const SYMBOLS: &[&str] = &[
    "<>", "<=", ">=", "<", ">", "=", "(", ")", ",", ".", "+", "-", "*",
];

/// Splits a query into its words.
pub(crate) fn tokens(query: &str) -> Result<Vec<Token>, LexError> {
    let mut found = Vec::new();
    let mut rest = query.trim_start();
    while let Some(first) = rest.chars().next() {
        let (kind, length) = token(rest, first)?;
        let (text, after) = rest.split_at(length);
        found.push(Token {
            kind,
            text: text.to_owned(),
        });
        rest = after.trim_start();
    }
    Ok(found)
}

/// The first word of `rest` and its length in bytes.
fn token(rest: &str, first: char) -> Result<(Kind, usize), LexError> {
    let unclosed = || LexError(rest.chars().take(20).collect());
    match first {
        '[' => {
            let end = rest.find(']').ok_or_else(unclosed)?;
            Ok((Kind::Field(rest[1..end].trim().to_owned()), end + 1))
        }
        '\'' | '"' => quoted(rest, first).ok_or_else(unclosed),
        '@' => {
            let length = word_length(&rest[1..]);
            if length == 0 {
                Err(unclosed())
            } else {
                Ok((Kind::Macro(rest[1..=length].to_owned()), length + 1))
            }
        }
        _ if first.is_ascii_digit() => {
            let length = rest
                .find(|sign: char| !sign.is_ascii_digit() && sign != '.')
                .unwrap_or(rest.len());
            let number = rest[..length].parse().map_err(|_| unclosed())?;
            Ok((Kind::Number(number), length))
        }
        _ => match SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            Some(symbol) => Ok((Kind::Symbol(symbol), symbol.len())),
            None => match word_length(rest) {
                0 => Err(unclosed()),
                length => Ok((Kind::Word, length)),
            },
        },
    }
}

fn word_length(rest: &str) -> usize {
    rest.find(|sign: char| !sign.is_alphanumeric() && sign != '_' && sign != '.')
        .unwrap_or(rest.len())
}

fn quoted(rest: &str, quote: char) -> Option<(Kind, usize)> {
    let mut text = String::new();
    let mut signs = rest.char_indices().skip(1).peekable();
    while let Some((at, sign)) = signs.next() {
        if sign != quote {
            text.push(sign);
        } else if signs.next_if(|next| next.1 == quote).is_some() {
            text.push(quote);
        } else {
            return Some((Kind::Text(text), at + quote.len_utf8()));
        }
    }
    None
}
