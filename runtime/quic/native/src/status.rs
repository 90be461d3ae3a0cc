//! Status codes of the ABI. Zero and above means success; what is below is listed here.

/// Why a call did nothing. The numbers are part of the ABI: never reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Status {
    /// The endpoint or the connection is not known (any more).
    NotFound = -1,
    /// The parameter block is malformed or has a value out of its range.
    InvalidParameters = -2,
    /// A length, a stream id or another argument is out of its range.
    InvalidArgument = -3,
    /// The operation is not of this role: a listener can't dial.
    WrongRole = -4,
    /// TLS or QUIC refused the configuration or the dial; the text says why.
    Refused = -5,
    /// The host has not approved the peer yet, so that no application data may pass.
    NotApproved = -6,
    /// Nothing to do now: no stream, no credit, no data. Try again after the next event.
    Blocked = -7,
    /// The peer abandoned the stream. The code stands at the start of the table of numbers.
    Reset = -8,
    /// The peer asked us to stop sending. The code stands at the start of the table of numbers.
    Stopped = -9,
    /// The stream was never opened, or its direction has ended.
    ClosedStream = -10,
    /// The endpoint holds as many connections as it may.
    TooManyConnections = -11,
}

/// Result of an operation behind the ABI.
pub type Outcome<T> = Result<T, Status>;

/// An outcome as the integer that the host sees.
pub fn to_abi(outcome: Outcome<u32>) -> i32 {
    match outcome {
        Ok(value) => i32::try_from(value).unwrap_or(i32::MAX),
        Err(status) => status as i32,
    }
}
