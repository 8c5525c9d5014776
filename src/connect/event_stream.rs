//! Server-sent events (HTML standard, section 9.2), as far as the gateway sends them: bytes in any slices in, the data of
//! each `flow` event out.
//!
//! The browser's `EventSource`, and with it gloo-net's, can send no `Authorization`.

/// Length of the longest event that is kept; a longer one is dropped. Bytes.
const MAX_EVENT: usize = 64 * 1024;

/// What has come of a stream, and is not a whole event yet.
#[derive(Debug, Default)]
pub(crate) struct EventStream(Vec<u8>);

impl EventStream {
    /// Takes in `bytes`; gives the data of the `flow` events that are complete.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut events = Vec::new();
        for byte in bytes.iter().filter(|byte| **byte != b'\r') {
            self.0.push(*byte);
            if self.0.ends_with(b"\n\n") {
                events.extend(flow_data(&self.0));
                self.0.clear();
            } else if self.0.len() > MAX_EVENT {
                // Its end is still recognized, and then dropped: the lines before it are gone.
                self.0.clear();
            }
        }
        events
    }
}

/// The data of an event named `flow`.
fn flow_data(event: &[u8]) -> Option<String> {
    if field(event, b"event:") != b"flow" {
        return None;
    }
    String::from_utf8(field(event, b"data:")).ok()
}

/// The values of the field `name`, as one.
fn field(event: &[u8], name: &[u8]) -> Vec<u8> {
    let lines = event.split(|byte| *byte == b'\n');
    let values = lines.filter_map(|line| line.strip_prefix(name));
    let values: Vec<&[u8]> = values
        .map(|value| value.strip_prefix(b" ").unwrap_or(value))
        .collect();
    values.join(&b'\n')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STREAM: &str = ": hello\n\nid: 1\r\nevent: flow\r\ndata: {\"a\":\"é\"}\r\n\r\nevent: other\ndata: 1\n\nevent:flow\ndata:one\ndata:two\n\nevent: flow\ndata: unfinished";

    fn read(slices: &[&[u8]]) -> Vec<String> {
        let mut stream = EventStream::default();
        slices.iter().flat_map(|slice| stream.push(slice)).collect()
    }

    #[test]
    fn the_data_of_flow_events_is_read() {
        assert_eq!(read(&[STREAM.as_bytes()]), ["{\"a\":\"é\"}", "one\ntwo"]);
    }

    #[test]
    fn an_endless_event_is_dropped() {
        let long = vec![b'x'; 3 * MAX_EVENT];
        let mut stream = EventStream::default();
        assert!(stream.push(&long).is_empty());
        assert!(stream.0.len() <= MAX_EVENT);
        assert_eq!(stream.push(b"\n\nevent: flow\ndata: 1\n\n"), ["1"]);
    }

    proptest! {
        #[test]
        fn slices_do_not_matter(cuts in proptest::collection::vec(0..STREAM.len(), 0..6)) {
            let (bytes, mut cuts) = (STREAM.as_bytes(), cuts);
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let slices: Vec<&[u8]> = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            prop_assert_eq!(read(&slices), read(&[bytes]));
        }

        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            let _ = read(&[&bytes]);
        }
    }
}
