//! Parsing server-sent events: bytes in any slices, the data of each `flow` event out.

/// Longest event that is kept; a longer one is dropped.
const MAX_EVENT_BYTES: usize = 64 * 1024;

/// Bytes of an event that is not complete yet.
#[derive(Debug, Default)]
pub(crate) struct SseParser {
    buffer: Vec<u8>,
}

impl SseParser {
    /// Takes in `bytes`; gives the data of every event named `flow` that is now complete.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Vec<String> {
        self.buffer
            .extend(bytes.iter().filter(|byte| **byte != b'\r'));
        let mut events = Vec::new();
        while let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\n\n") {
            let block: Vec<u8> = self.buffer.drain(..end + 2).collect();
            events.extend(flow_data(&block));
        }
        if self.buffer.len() > MAX_EVENT_BYTES {
            self.buffer.clear();
        }
        events
    }
}

/// The joined `data` lines of a block whose event is `flow`.
fn flow_data(block: &[u8]) -> Option<String> {
    let (mut is_flow, mut data) = (false, Vec::new());
    for line in block.split(|byte| *byte == b'\n') {
        if let Some(value) = field(line, b"event:") {
            is_flow = value == b"flow";
        } else if let Some(value) = field(line, b"data:") {
            if !data.is_empty() {
                data.push(b'\n');
            }
            data.extend_from_slice(value);
        }
    }
    if is_flow {
        String::from_utf8(data).ok()
    } else {
        None
    }
}

fn field<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let value = line.strip_prefix(name)?;
    Some(value.strip_prefix(b" ").unwrap_or(value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STREAM: &str = ": hello\n\nid: 1\nevent: flow\ndata: {\"version\":1}\n\nevent: other\ndata: x\n\nid: 2\r\nevent: flow\r\ndata: {\"name\":\"Zoë\"}\r\n\r\nid: 3\nevent: flow\n";

    #[test]
    fn comments_and_other_events_are_skipped() {
        let mut parser = SseParser::default();
        assert_eq!(
            parser.push(STREAM.as_bytes()),
            ["{\"version\":1}", "{\"name\":\"Zoë\"}"]
        );
        assert_eq!(parser.push(b"data: a\ndata: b\n\n"), ["a\nb"]);
    }

    #[test]
    fn an_endless_event_is_dropped() {
        let mut parser = SseParser::default();
        for _ in 0..80 {
            parser.push(&[b'x'; 1024]);
        }
        assert!(parser.buffer.len() <= MAX_EVENT_BYTES);
    }

    proptest! {
        #[test]
        fn slices_do_not_matter(cuts in proptest::collection::vec(0..STREAM.len(), 0..8)) {
            let mut cuts = cuts;
            cuts.extend([0, STREAM.len()]);
            cuts.sort_unstable();
            let mut parser = SseParser::default();
            let events: Vec<String> =
                cuts.windows(2).flat_map(|cut| parser.push(&STREAM.as_bytes()[cut[0]..cut[1]])).collect();
            prop_assert_eq!(events, ["{\"version\":1}", "{\"name\":\"Zoë\"}"]);
        }

        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            SseParser::default().push(&bytes);
        }
    }
}
