//! Going through the words of a query.

use super::lexer::{Kind, Token};

/// The query does not follow the grammar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} The error is caused by «{near}».")]
pub(crate) struct ParseError {
    pub(super) message: String,
    pub(super) near: String,
}
/// The words of a query and the place reached.
pub(super) struct Parser<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) at: usize,
}

/// What a rule of the grammar gives.
pub(super) type Parsed<T> = Result<T, ParseError>;

impl<'a> Parser<'a> {
    pub(super) fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    pub(super) fn next(&mut self) -> Option<&'a Token> {
        let token = self.peek();
        self.at += usize::from(token.is_some());
        token
    }

    pub(super) fn error(&self, message: &str) -> ParseError {
        let near = self
            .peek()
            .map_or_else(|| "end of query".to_owned(), |token| token.text.clone());
        ParseError {
            message: message.to_owned(),
            near,
        }
    }

    pub(super) fn is_word(&self, ahead: usize, word: &str) -> bool {
        self.tokens
            .get(self.at + ahead)
            .is_some_and(|token| token.kind == Kind::Word && token.text.eq_ignore_ascii_case(word))
    }

    /// Takes these words when they come next.
    pub(super) fn take_words(&mut self, words: &[&str]) -> bool {
        let found = words
            .iter()
            .enumerate()
            .all(|(ahead, word)| self.is_word(ahead, word));
        self.at += if found { words.len() } else { 0 };
        found
    }

    pub(super) fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = self
            .peek()
            .is_some_and(|token| matches!(token.kind, Kind::Symbol(sign) if sign == symbol));
        self.at += usize::from(found);
        found
    }

    pub(super) fn need_symbol(&mut self, symbol: &str) -> Parsed<()> {
        if self.take_symbol(symbol) {
            Ok(())
        } else {
            Err(self.error(&format!("Expecting '{symbol}'.")))
        }
    }
}
