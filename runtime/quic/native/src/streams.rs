//! Operations on the bidirectional streams of an approved connection.

use crate::connection::Connection;
use crate::status::{Outcome, Status};
use quinn_proto::{Dir, FinishError, ReadError, StreamId, VarInt, WriteError};

/// Why a read or a write stopped, with the peer's code where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The status that the host gets.
    pub status: Status,
    /// The peer's code for [`Status::Reset`] and [`Status::Stopped`].
    pub code: u64,
}

impl From<Status> for Stop {
    fn from(status: Status) -> Self {
        Self { status, code: 0 }
    }
}

/// Opens a stream. [`Status::Blocked`] where the peer allows no further one, or the connection is closed.
pub fn open(connection: &mut Connection) -> Outcome<u32> {
    connection.require_approval()?;
    connection.quinn.streams().open(Dir::Bi).map(number).ok_or(Status::Blocked)
}

/// Takes the next stream that the peer opened. [`Status::Blocked`] where there is none.
pub fn accept(connection: &mut Connection) -> Outcome<u32> {
    connection.require_approval()?;
    connection.quinn.streams().accept(Dir::Bi).map(number).ok_or(Status::Blocked)
}

/// Takes over as many bytes as windows allow, and returns how many; 0 while the stream is blocked.
pub fn write(connection: &mut Connection, stream: u32, bytes: &[u8]) -> Result<u32, Stop> {
    connection.require_approval()?;
    let id = bidirectional(stream)?;
    match connection.quinn.send_stream(id).write(bytes) {
        Ok(count) => Ok(count as u32),
        Err(WriteError::Blocked) => Ok(0),
        Err(WriteError::Stopped(code)) => Err(Stop { status: Status::Stopped, code: code.into_inner() }),
        Err(WriteError::ClosedStream) => Err(Status::ClosedStream.into()),
    }
}

/// Ends our direction after what was written. Acknowledgement comes as an event.
pub fn finish(connection: &mut Connection, stream: u32) -> Outcome<()> {
    connection.require_approval()?;
    match connection.quinn.send_stream(bidirectional(stream)?).finish() {
        Ok(()) => Ok(()),
        Err(FinishError::Stopped(_)) => Err(Status::Stopped),
        Err(FinishError::ClosedStream) => Err(Status::ClosedStream),
    }
}

/// Gives up our direction at once; unacknowledged bytes are not sent again.
pub fn reset(connection: &mut Connection, stream: u32, code: u32) -> Outcome<()> {
    connection.require_approval()?;
    let mut stream = connection.quinn.send_stream(bidirectional(stream)?);
    stream.reset(VarInt::from_u32(code)).map_err(|_| Status::ClosedStream)
}

/// Asks the peer to give up its direction, and drops what was not read.
pub fn stop_sending(connection: &mut Connection, stream: u32, code: u32) -> Outcome<()> {
    connection.require_approval()?;
    let mut stream = connection.quinn.recv_stream(bidirectional(stream)?);
    stream.stop(VarInt::from_u32(code)).map_err(|_| Status::ClosedStream)
}

/// What a read brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// Bytes put into the target.
    pub count: usize,
    /// Whether the peer's end came right behind them. It is told once; after it the stream is forgotten.
    pub finished: bool,
}

/// Reads in order into `target`, which must not be empty. [`Status::Blocked`] where nothing is there.
pub fn read(connection: &mut Connection, stream: u32, target: &mut [u8]) -> Result<Read, Stop> {
    connection.require_approval()?;
    let id = bidirectional(stream)?;
    let mut stream = connection.quinn.recv_stream(id);
    let mut chunks = stream.read(true).map_err(|_| Status::ClosedStream)?;
    let mut count = 0;
    while count < target.len() {
        match chunks.next(target.len() - count) {
            Ok(Some(chunk)) => {
                let end = count + chunk.bytes.len();
                target[count..end].copy_from_slice(&chunk.bytes);
                count = end;
            }
            Ok(None) => return Ok(Read { count, finished: true }),
            Err(ReadError::Blocked) if count == 0 => return Err(Status::Blocked.into()),
            Err(ReadError::Blocked) => break,
            // A reset drops what was not read, so nothing was read before it in this call.
            Err(ReadError::Reset(code)) => {
                return Err(Stop { status: Status::Reset, code: code.into_inner() });
            }
        }
    }
    Ok(Read { count, finished: false })
}

// All other kinds of streams are refused here, because quinn asserts on some of them.
fn bidirectional(stream: u32) -> Outcome<StreamId> {
    let id = StreamId::from(VarInt::from_u32(stream));
    if id.dir() == Dir::Bi { Ok(id) } else { Err(Status::InvalidArgument) }
}

fn number(id: StreamId) -> u32 {
    u64::from(id).try_into().unwrap_or(u32::MAX)
}
