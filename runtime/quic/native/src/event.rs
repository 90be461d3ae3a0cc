//! What a connection tells its host.
//!
//! On the border an event is a record of four numbers: type, subject, and a code of eight bytes as its low
//! and its high half. The types and kinds are part of the ABI: never reuse one.

use quinn_proto::{ConnectionError, StreamId};

/// Numbers in one record.
pub const RECORD: usize = 4;

/// Something that happened to a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// 1: the handshake is done. The peer's chain can be read; the host must approve before data passes.
    Connected,
    /// 2: the peer opened one or more streams.
    StreamsOpened,
    /// 3: the peer allows more streams than before.
    StreamsAvailable,
    /// 4: subject is a stream with something to read.
    Readable(StreamId),
    /// 5: subject is a stream that was blocked and can be written again.
    Writable(StreamId),
    /// 6: subject is a stream of which the peer acknowledged all bytes and the end.
    Finished(StreamId),
    /// 7: subject is a stream that the peer asked us not to send on; the code is the peer's.
    Stopped(StreamId, u64),
    /// 8: subject is the kind of the loss; code and text as far as the kind has them.
    Lost(Loss),
    /// 9: nothing more will come from or go to this connection. The host should free it.
    Drained,
}

/// Why a connection was lost without our asking for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Which of the reasons.
    pub kind: LossKind,
    /// Error code of the application or of the transport; 0 where the kind has none.
    pub code: u64,
    /// The other side's or our own explanation.
    pub text: Vec<u8>,
}

/// Reasons of a loss, with their numbers on the border.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum LossKind {
    /// The peer's application closed the connection.
    ApplicationClosed = 1,
    /// The peer's QUIC or TLS closed the connection.
    TransportClosedByPeer = 2,
    /// Our QUIC or TLS closed the connection, because of what the peer sent.
    TransportClosedByUs = 3,
    /// Nothing was heard for too long, or the handshake took too long.
    TimedOut = 4,
    /// The peer does not know the connection any more.
    Reset = 5,
    /// The peer speaks no version of QUIC that we speak.
    VersionMismatch = 6,
}

impl Event {
    /// The event as a record of the border.
    pub fn encode(&self) -> [u32; RECORD] {
        match self {
            Self::Connected => [1, 0, 0, 0],
            Self::StreamsOpened => [2, 0, 0, 0],
            Self::StreamsAvailable => [3, 0, 0, 0],
            Self::Readable(stream) => [4, subject(*stream), 0, 0],
            Self::Writable(stream) => [5, subject(*stream), 0, 0],
            Self::Finished(stream) => [6, subject(*stream), 0, 0],
            Self::Stopped(stream, code) => [7, subject(*stream), *code as u32, (*code >> 32) as u32],
            Self::Lost(loss) => [8, loss.kind as u32, loss.code as u32, (loss.code >> 32) as u32],
            Self::Drained => [9, 0, 0, 0],
        }
    }
}

impl Loss {
    /// A loss that has nothing but its kind.
    pub fn of(kind: LossKind) -> Self {
        Self { kind, code: 0, text: Vec::new() }
    }

    /// The loss behind an error of quinn. `None` for the errors that are our own doing.
    pub fn from_error(error: ConnectionError) -> Option<Self> {
        let (kind, code, text) = match error {
            ConnectionError::ApplicationClosed(close) => {
                (LossKind::ApplicationClosed, close.error_code.into_inner(), close.reason.to_vec())
            }
            ConnectionError::ConnectionClosed(close) => {
                (LossKind::TransportClosedByPeer, close.error_code.into(), close.reason.to_vec())
            }
            ConnectionError::TransportError(error) => {
                (LossKind::TransportClosedByUs, error.code.into(), error.reason.into_bytes())
            }
            ConnectionError::TimedOut => return Some(Self::of(LossKind::TimedOut)),
            ConnectionError::Reset => return Some(Self::of(LossKind::Reset)),
            ConnectionError::VersionMismatch => return Some(Self::of(LossKind::VersionMismatch)),
            ConnectionError::LocallyClosed | ConnectionError::CidsExhausted => return None,
        };
        Some(Self { kind, code, text })
    }
}

// A connection would have to open a thousand million streams first, see `parameters::MAX_STREAMS`.
fn subject(stream: StreamId) -> u32 {
    u64::from(stream).try_into().unwrap_or(u32::MAX)
}
