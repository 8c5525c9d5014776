//! Lines of HTTP/1.1 end with CRLF. A lone LF, which the parser behind this takes for an end as well, is made a byte that
//! it refuses: what a proxy in front reads as one line must not be two here (request smuggling).
//!
//! Only lines are looked at. Where they are in what a client sends is followed by the lengths in the headers, as the
//! parser does it; contradicting lengths it refuses itself.
//!
//! Source: RFC 9112, 2.2, 6 and 7.1.

/// Beginnings of lines that are kept: enough for every length that is accepted.
const KEPT_BYTES: usize = 256;
/// In no line of HTTP.
const REFUSED: u8 = 0;
/// The parser answers only once it has seen an end of the headers.
const END_OF_HEADERS: &[u8] = b"\r\n\r\n";

/// Where in its requests a client is.
#[derive(Debug, Default)]
pub(super) struct StrictLines {
    place: Place,
    line: Vec<u8>,
    /// Whether the line has more bytes than are kept.
    is_cut: bool,
    ends_with_cr: bool,
    body: Framing,
    /// What the parser gets next in place of what the client sends.
    injected: &'static [u8],
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    #[default]
    RequestLine,
    Headers,
    Body(u64),
    ChunkSize,
    Chunk(u64),
    ChunkEnd,
    Trailers,
    /// HTTP/2, or what the parser refuses: nothing is looked at any more.
    Passed,
}

#[derive(Debug, Default, Clone, Copy)]
struct Framing {
    length: u64,
    is_chunked: bool,
}

impl StrictLines {
    /// Looks at what came, and spoils it at a lone LF.
    pub(super) fn check(&mut self, bytes: &mut [u8]) {
        let mut at = 0;
        while at < bytes.len() {
            at += match self.place {
                Place::Passed => return,
                Place::Body(left) | Place::Chunk(left) => self.skip(left, bytes.len() - at),
                _ => {
                    self.byte(&mut bytes[at]);
                    1
                }
            };
        }
    }

    /// What the parser gets, of at most `room` bytes, in place of what the client sends; empty most of the time.
    pub(super) fn injected(&mut self, room: usize) -> &'static [u8] {
        let (now, later) = self.injected.split_at(room.min(self.injected.len()));
        self.injected = later;
        now
    }

    /// Passes over a body, or a part of it; gives how many bytes that were.
    fn skip(&mut self, left: u64, here: usize) -> usize {
        let skipped = usize::try_from(left).unwrap_or(usize::MAX).min(here);
        let left = left - skipped as u64;
        self.place = match (self.place, left) {
            (Place::Chunk(_), 0) => Place::ChunkEnd,
            (Place::Chunk(_), left) => Place::Chunk(left),
            (_, 0) => Place::RequestLine,
            (_, left) => Place::Body(left),
        };
        skipped
    }

    fn byte(&mut self, byte: &mut u8) {
        if *byte != b'\n' {
            self.ends_with_cr = *byte == b'\r';
            if self.line.len() < KEPT_BYTES {
                self.line.push(*byte);
            } else {
                self.is_cut = true;
            }
            return;
        }
        let mut line = std::mem::take(&mut self.line);
        let is_good = std::mem::take(&mut self.ends_with_cr) && self.end_of_line(&line);
        if !is_good {
            *byte = REFUSED;
            self.place = Place::Passed;
            self.injected = END_OF_HEADERS;
        }
        self.is_cut = false;
        line.clear();
        self.line = line;
    }

    /// Goes on after a line; `false` for one that must be refused.
    fn end_of_line(&mut self, line: &[u8]) -> bool {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        self.place = match self.place {
            // An empty line before a request, or the end of one.
            Place::RequestLine | Place::Trailers if line.is_empty() => Place::RequestLine,
            Place::RequestLine if line == b"PRI * HTTP/2.0" => Place::Passed,
            Place::RequestLine => {
                self.body = Framing::default();
                Place::Headers
            }
            Place::Headers if line.is_empty() => self.after_headers(),
            Place::Headers => return self.header(line),
            Place::ChunkSize => after_chunk_size(line),
            Place::ChunkEnd => Place::ChunkSize,
            other => other,
        };
        true
    }

    fn after_headers(&self) -> Place {
        match self.body {
            Framing {
                is_chunked: true, ..
            } => Place::ChunkSize,
            Framing { length: 0, .. } => Place::RequestLine,
            Framing { length, .. } => Place::Body(length),
        }
    }

    fn header(&mut self, line: &[u8]) -> bool {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            return true;
        };
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        if name.eq_ignore_ascii_case(b"content-length") {
            let value = std::str::from_utf8(value).unwrap_or_default();
            // The parser refuses whatever is no number.
            self.body.length = value.parse().unwrap_or_default();
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            // It refuses every other encoding.
            self.body.is_chunked = true;
        } else {
            return true;
        }
        !self.is_cut
    }
}

fn after_chunk_size(line: &[u8]) -> Place {
    let digits = line
        .iter()
        .take_while(|byte| byte.is_ascii_hexdigit())
        .count();
    let digits = std::str::from_utf8(&line[..digits]).unwrap_or_default();
    match u64::from_str_radix(digits, 16) {
        Ok(0) => Place::Trailers,
        Ok(size) => Place::Chunk(size),
        // The parser refuses it.
        Err(_) => Place::Passed,
    }
}

#[cfg(test)]
mod tests;
