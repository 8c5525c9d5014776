//! Grammar of the work item query language.

use super::ast::{Condition, Mode, Operand, Operator, Side, Source, Statement, Test};
use super::cursor::{ParseError, Parsed, Parser};
use super::lexer::{self, Kind, Token};

/// Nesting allowed in a condition; deeper queries are refused instead of overflowing the stack.
const MAX_DEPTH: usize = 64;

/// Parses a query.
pub(crate) fn parse(query: &str) -> Result<Statement, ParseError> {
    let tokens = lexer::tokens(query).map_err(|error| ParseError {
        message: "Expecting a field, operator or value.".to_owned(),
        near: error.0,
    })?;
    let mut parser = Parser {
        tokens: &tokens,
        at: 0,
    };
    let statement = parser.statement()?;
    match parser.peek() {
        None => Ok(statement),
        Some(_) => Err(parser.error("Expecting end of query.")),
    }
}

impl Parser<'_> {
    fn statement(&mut self) -> Parsed<Statement> {
        if !self.take_words(&["select"]) {
            return Err(self.error("Expecting SELECT."));
        }
        let columns = if self.take_symbol("*") {
            Vec::new()
        } else {
            self.fields()?
        };
        if !self.take_words(&["from"]) {
            return Err(self.error("The query statement is missing a FROM clause."));
        }
        let source = if self.take_words(&["workitems"]) {
            Source::Items
        } else if self.take_words(&["workitemlinks"]) || self.take_words(&["links"]) {
            Source::Links
        } else {
            return Err(self.error("Expecting WorkItems or WorkItemLinks."));
        };
        let condition = if self.take_words(&["where"]) {
            Some(self.any_of(0)?)
        } else {
            None
        };
        let mut statement = Statement {
            columns,
            source,
            condition,
            order: Vec::new(),
            mode: None,
            as_of: None,
        };
        self.clauses(&mut statement)?;
        Ok(statement)
    }

    /// `ORDER BY`, `ASOF` and `MODE`, in any order.
    fn clauses(&mut self, statement: &mut Statement) -> Parsed<()> {
        loop {
            if statement.order.is_empty() && self.take_words(&["order", "by"]) {
                statement.order = self.order()?;
            } else if statement.as_of.is_none() && self.take_words(&["asof"]) {
                statement.as_of = Some(self.as_of()?);
            } else if statement.mode.is_none()
                && statement.source == Source::Links
                && self.take_words(&["mode"])
            {
                statement.mode = Some(self.mode()?);
            } else {
                return Ok(());
            }
        }
    }

    fn as_of(&mut self) -> Parsed<String> {
        match self.next().map(|token| &token.kind) {
            Some(Kind::Text(text)) => Ok(text.clone()),
            _ => Err(self.error("Expecting a date.")),
        }
    }

    fn mode(&mut self) -> Parsed<Mode> {
        self.need_symbol("(")?;
        let mode = match () {
            () if self.take_words(&["mustcontain"]) => Mode::MustContain,
            () if self.take_words(&["maycontain"]) => Mode::MayContain,
            () if self.take_words(&["doesnotcontain"]) => Mode::DoesNotContain,
            () if self.take_words(&["recursive"]) => Mode::Recursive,
            () => return Err(self.error("Expecting a link query mode.")),
        };
        while self.take_symbol(",") {
            if !self.take_words(&["returnmatchingchildren"])
                && !self.take_words(&["returnmatchingparents"])
            {
                return Err(self.error("Expecting a link query mode."));
            }
        }
        self.need_symbol(")")?;
        Ok(mode)
    }

    fn fields(&mut self) -> Parsed<Vec<String>> {
        let mut fields = vec![self.field()?.1];
        while self.take_symbol(",") {
            fields.push(self.field()?.1);
        }
        Ok(fields)
    }

    fn order(&mut self) -> Parsed<Vec<(String, bool)>> {
        let mut order = Vec::new();
        loop {
            let (_, field) = self.field()?;
            let descending = self.take_words(&["desc"]);
            if !descending {
                self.take_words(&["asc"]);
            }
            order.push((field, descending));
            if !self.take_symbol(",") {
                return Ok(order);
            }
        }
    }

    /// `[Field]`, `Field`, `[Source].[Field]`, `[Target].[Field]`.
    fn field(&mut self) -> Parsed<(Side, String)> {
        let name = self.field_name()?;
        let side = match name.to_ascii_lowercase().as_str() {
            "source" => Side::Source,
            "target" => Side::Target,
            "system.links.linktype" => return Ok((Side::Link, name)),
            _ => return Ok((Side::Source, name)),
        };
        if self.take_symbol(".") {
            return Ok((side, self.field_name()?));
        }
        Ok((Side::Source, name))
    }

    fn field_name(&mut self) -> Parsed<String> {
        let name = match self.peek() {
            Some(Token {
                kind: Kind::Field(name),
                ..
            }) => name.clone(),
            Some(Token {
                kind: Kind::Word,
                text,
            }) => text.clone(),
            _ => return Err(self.error("Expecting a field name.")),
        };
        self.at += 1;
        Ok(name)
    }

    fn any_of(&mut self, depth: usize) -> Parsed<Condition> {
        let mut all = vec![self.all_of(depth)?];
        while self.take_words(&["or"]) {
            all.push(self.all_of(depth)?);
        }
        Ok(if all.len() == 1 {
            all.remove(0)
        } else {
            Condition::Or(all)
        })
    }

    fn all_of(&mut self, depth: usize) -> Parsed<Condition> {
        let mut all = vec![self.one(depth)?];
        while self.take_words(&["and"]) {
            all.push(self.one(depth)?);
        }
        Ok(if all.len() == 1 {
            all.remove(0)
        } else {
            Condition::And(all)
        })
    }

    fn one(&mut self, depth: usize) -> Parsed<Condition> {
        if depth > MAX_DEPTH {
            return Err(self.error("The query is nested too deeply."));
        }
        if self.take_words(&["not"]) {
            return Ok(Condition::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.take_symbol("(") {
            let inner = self.any_of(depth + 1)?;
            self.need_symbol(")")?;
            return Ok(inner);
        }
        self.test()
    }

    fn test(&mut self) -> Parsed<Condition> {
        let (side, field) = self.field()?;
        let (operator, negated) = self.operator()?;
        let operand = match operator {
            Operator::Empty => Operand::Nothing,
            Operator::In => self.list()?,
            _ => self.operand()?,
        };
        let test = Condition::Test(Test {
            side,
            field,
            operator,
            operand,
        });
        Ok(if negated {
            Condition::Not(Box::new(test))
        } else {
            test
        })
    }

    /// The operator, and whether it stands with NOT.
    fn operator(&mut self) -> Parsed<(Operator, bool)> {
        let symbols = [
            ("=", Operator::Equal),
            ("<>", Operator::NotEqual),
            ("<=", Operator::AtMost),
            ("<", Operator::Less),
            (">=", Operator::AtLeast),
            (">", Operator::Greater),
        ];
        for (symbol, operator) in symbols {
            if self.take_symbol(symbol) {
                return Ok((operator, false));
            }
        }
        if self.take_words(&["is", "not", "empty"]) {
            return Ok((Operator::Empty, true));
        }
        let negated = self.take_words(&["not"]);
        let words: [(&[&str], Operator); 7] = [
            (&["contains", "words"], Operator::ContainsWords),
            (&["contains"], Operator::Contains),
            (&["under"], Operator::Under),
            (&["was", "ever"], Operator::Ever),
            (&["ever"], Operator::Ever),
            (&["is", "empty"], Operator::Empty),
            (&["in"], Operator::In),
        ];
        for (words, operator) in words {
            if self.take_words(words) {
                return Ok((operator, negated));
            }
        }
        Err(self.error("Expecting a comparison operator."))
    }

    fn list(&mut self) -> Parsed<Operand> {
        if self.take_words(&["group"]) {
            return match self.next().map(|token| &token.kind) {
                Some(Kind::Text(_)) => Ok(Operand::Group),
                _ => Err(self.error("Expecting the name of a group.")),
            };
        }
        self.need_symbol("(")?;
        let mut values = vec![self.operand()?];
        while self.take_symbol(",") {
            values.push(self.operand()?);
        }
        self.need_symbol(")")?;
        Ok(Operand::List(values))
    }

    fn operand(&mut self) -> Parsed<Operand> {
        let negative = self.take_symbol("-");
        let Some(token) = self.peek() else {
            return Err(self.error("Expecting a value."));
        };
        let operand = match &token.kind {
            Kind::Number(number) => Operand::Number(if negative { -number } else { *number }),
            _ if negative => return Err(self.error("Expecting a number.")),
            Kind::Text(text) => Operand::Text(text.clone()),
            Kind::Macro(name) => {
                self.at += 1;
                return self.macro_offset(name);
            }
            Kind::Field(name) => Operand::Field(name.clone()),
            Kind::Word
                if ["true", "false"]
                    .iter()
                    .any(|word| token.text.eq_ignore_ascii_case(word)) =>
            {
                Operand::Text(token.text.clone())
            }
            Kind::Word | Kind::Symbol(_) => return Err(self.error("Expecting a value.")),
        };
        self.at += 1;
        Ok(operand)
    }

    /// What follows the name of a macro: an argument in parentheses, and how much is added.
    fn macro_offset(&mut self, name: &str) -> Parsed<Operand> {
        let argument = self.argument()?;
        let offset = self.offset()?;
        Ok(match argument {
            Some(argument) => Operand::Call(name.to_owned(), argument, offset),
            None => Operand::Macro(name.to_owned(), offset),
        })
    }

    fn argument(&mut self) -> Parsed<Option<String>> {
        if !self.take_symbol("(") {
            return Ok(None);
        }
        let argument = match self.next().map(|token| &token.kind) {
            Some(Kind::Text(text)) => text.clone(),
            _ => return Err(self.error("Expecting a quoted argument.")),
        };
        self.need_symbol(")")?;
        Ok(Some(argument))
    }

    fn offset(&mut self) -> Parsed<i64> {
        let sign = match () {
            () if self.take_symbol("+") => 1.0,
            () if self.take_symbol("-") => -1.0,
            () => return Ok(0),
        };
        match self.next().map(|token| &token.kind) {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "bounded by the guard to whole days within a century"
            )]
            Some(Kind::Number(days)) if days.fract() == 0.0 && *days < 36_525.0 => {
                Ok((sign * days) as i64)
            }
            _ => Err(self.error("Expecting a whole number of days.")),
        }
    }
}
