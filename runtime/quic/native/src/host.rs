//! What the engine imports.
//!
//! Module `host` is ours, below. Module `wasi_snapshot_preview1` is what Rust's standard library asks for
//! on this target; the host implements these of it and nothing else:
//! - `clock_time_get`: the clock. Id 0 is wall time, id 1 is monotonic, both in nanoseconds.
//! - `random_get`: all chance. Connection ids, TLS randoms, key shares and hash seeds come from it.
//! - `fd_write`: the message of a panic, before it traps.
//! - `environ_get`, `environ_sizes_get`, `proc_exit`: asked for by the runtime; empty and never.
//!
//! No import may enter the engine again: the engine would trap on its own borrowed state.
#![allow(unsafe_code)]

use rustls::SignatureScheme;

/// Bytes. An RSA-8192 signature, the largest one accepted, has 1024.
const MAX_SIGNATURE: usize = 1024;

#[link(wasm_import_module = "host")]
unsafe extern "C" {
    /// Signs `message` with the host's key `key`. Writes at most `capacity` bytes to `signature` and
    /// returns how many, or 0 where the host can't or won't sign.
    fn sign(
        key: u32,
        scheme: u32,
        message: *const u8,
        message_length: usize,
        signature: *mut u8,
        capacity: usize,
    ) -> usize;

    /// Whether `signature` over `message` was made by the key of `certificate` (DER) under `scheme`.
    /// 1 means yes, everything else means no.
    fn verify(
        scheme: u32,
        certificate: *const u8,
        certificate_length: usize,
        message: *const u8,
        message_length: usize,
        signature: *const u8,
        signature_length: usize,
    ) -> u32;
}

/// Asks the host to sign. `None` where it refuses.
pub fn sign_with_host(key: u32, scheme: SignatureScheme, message: &[u8]) -> Option<Vec<u8>> {
    let mut signature = vec![0; MAX_SIGNATURE];
    // SAFETY: both pointers come from live slices and are passed with their own lengths.
    let length = unsafe {
        sign(
            key,
            u16::from(scheme).into(),
            message.as_ptr(),
            message.len(),
            signature.as_mut_ptr(),
            signature.len(),
        )
    };
    if length == 0 || length > signature.len() {
        return None;
    }
    signature.truncate(length);
    Some(signature)
}

/// Asks the host whether a signature is right.
pub fn verify_with_host(
    scheme: SignatureScheme,
    certificate: &[u8],
    message: &[u8],
    signature: &[u8],
) -> bool {
    // SAFETY: every pointer comes from a live slice and is passed with its own length.
    let answer = unsafe {
        verify(
            u16::from(scheme).into(),
            certificate.as_ptr(),
            certificate.len(),
            message.as_ptr(),
            message.len(),
            signature.as_ptr(),
            signature.len(),
        )
    };
    answer == 1
}
