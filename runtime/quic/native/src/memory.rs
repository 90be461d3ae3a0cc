//! The areas through which bytes cross the border.
//!
//! The host asks once for their addresses, which never change. It writes to the input area before a call
//! and reads the output area after one. Both belong to the engine, so that no call needs a pointer as an
//! argument and no length of the host can reach outside of them.

use crate::status::{Outcome, Status};

/// Bytes. One datagram (65,527 at most), one block of parameters with its certificates, or one write.
pub const INPUT_CAPACITY: usize = 128 * 1024;
/// Bytes. One batch of datagrams, one read, or one certificate chain (TLS allows 65,535).
pub const OUTPUT_CAPACITY: usize = 128 * 1024;
/// Datagrams in a batch at most: an output area full of small ones.
pub const MAX_BATCH: usize = 1024;

/// Input, output, and a table of numbers.
pub struct Areas {
    /// Written by the host, read by the engine.
    pub input: Box<[u8]>,
    /// Written by the engine, read by the host.
    pub output: Box<[u8]>,
    /// Results that are not bytes: lengths of a batch, records of events, an id, a code. Written by the engine.
    pub numbers: Box<[u32]>,
}

impl Areas {
    /// Zeroed areas of their full capacity.
    pub fn new() -> Self {
        Self {
            input: vec![0; INPUT_CAPACITY].into_boxed_slice(),
            output: vec![0; OUTPUT_CAPACITY].into_boxed_slice(),
            numbers: vec![0; MAX_BATCH].into_boxed_slice(),
        }
    }

    /// The first `length` bytes that the host wrote.
    pub fn received(&self, length: u32) -> Outcome<&[u8]> {
        self.input.get(..length as usize).ok_or(Status::InvalidArgument)
    }

    /// Puts `bytes` at the start of the output area, cut off where they do not fit, and says how many.
    pub fn put(&mut self, bytes: &[u8]) -> u32 {
        let length = bytes.len().min(self.output.len());
        self.output[..length].copy_from_slice(&bytes[..length]);
        length as u32
    }

    /// Puts numbers of eight bytes into the table, each as its low and its high half.
    pub fn put_wide(&mut self, values: &[u64]) {
        for (pair, value) in self.numbers.chunks_exact_mut(2).zip(values) {
            pair[0] = *value as u32;
            pair[1] = (*value >> 32) as u32;
        }
    }
}
