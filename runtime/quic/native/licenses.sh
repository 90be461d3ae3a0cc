#!/bin/sh
# Writes LICENSES.md: what is linked into engine.wasm, under which licences, with the texts that must travel with it.
# Run it after every change of Cargo.lock, then `npx biome check --write` on the result. A test compares the versions in the table with Cargo.lock.
set -eu
cd "$(dirname "$0")"
crates=$(ls -d "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/ | head -n 1)

# Crates that are linked: macros run at build time and leave nothing of themselves.
linked() {
  cargo tree --locked --target wasm32-wasip1 --edges normal,no-proc-macro --prefix none --no-dedupe \
    --format '{p} | {l}' | sed 's/ (.*) |/ |/; s/ v/ /' | grep -v '^quic-engine ' | LC_ALL=C sort -u
}

# A crate and version, then the files of it that hold texts.
texts() {
  name=$1
  shift
  for file in "$@"; do
    printf '\n### %s: %s\n\n```\n' "$name" "$file"
    sed -e 's/[[:space:]]*$//' "$crates/$name/$file"
    printf '```\n'
  done
}

version() {
  linked | sed -n "s/^$1 \([^ ]*\) .*/\1/p" | head -n 1
}

{
  cat <<'HEAD'
# Licences of what is linked into `engine.wasm`

Written by `licenses.sh`; do not edit.

Our own sources in this folder are under the project's licence, Apache-2.0. The built file contains, besides, the crates below
and parts of Rust's standard library and of wasi-libc. Where a crate may be used under Apache-2.0, we do; that text is the file
`LICENSE` of this project. The texts of all other licences stand at the end.

## Crates

| crate | version | licence |
|---|---|---|
HEAD
  linked | sed -E 's/^([^ ]+) ([^ ]+) \| (.*)$/| \1 | \2 | \3 |/'
  cat <<'STD'

## Toolchain

| part | licence |
|---|---|
| Rust standard library (`core`, `alloc`, `std`) with `hashbrown` and `compiler-builtins` | MIT OR Apache-2.0; `compiler-builtins` also under Apache-2.0 WITH LLVM-exception |
| wasi-libc, as Rust's target `wasm32-wasip1` brings it | Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT |
| in it: dlmalloc | CC0-1.0 |
| in it: cloudlibc | BSD-2-Clause, text below |
| in it: musl | MIT, text below |

## Texts
STD
  texts "bytes-$(version bytes)" LICENSE
  texts "slab-$(version slab)" LICENSE
  texts "tracing-$(version tracing)" LICENSE
  texts "ring-$(version ring)" LICENSE LICENSE-other-bits third_party/fiat/LICENSE
  cat <<'RING'

Some files of ring stand under the same ISC text with these notices: Copyright (c) 2014, 2015, 2016, 2019, Google Inc.;
Copyright 2015-2025 Brian Smith. Its parts from BoringSSL and OpenSSL are under Apache-2.0: Copyright the BoringSSL Authors;
Copyright 1995-2016 The OpenSSL Project Authors; Copyright (c) 2014, Intel Corporation.
RING
  texts "rustls-webpki-$(version rustls-webpki)" LICENSE
  texts "untrusted-$(version untrusted)" LICENSE.txt
  texts "subtle-$(version subtle)" LICENSE
  cat <<'LIBC'

### cloudlibc (in wasi-libc)

```
Copyright (c) 2015-2017 Nuxi, https://nuxi.nl/

Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions
are met:
1. Redistributions of source code must retain the above copyright
   notice, this list of conditions and the following disclaimer.
2. Redistributions in binary form must reproduce the above copyright
   notice, this list of conditions and the following disclaimer in the
   documentation and/or other materials provided with the distribution.

THIS SOFTWARE IS PROVIDED BY THE AUTHOR AND CONTRIBUTORS ``AS IS'' AND
ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE
IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE
ARE DISCLAIMED.  IN NO EVENT SHALL THE AUTHOR OR CONTRIBUTORS BE LIABLE
FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS
OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION)
HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT
LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY
OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF
SUCH DAMAGE.
```

### musl (in wasi-libc)

```
Copyright © 2005-2020 Rich Felker, et al.

Permission is hereby granted, free of charge, to any person obtaining
a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including
without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to
permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be
included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND,
EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT.
IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT,
TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
```
LIBC
} >LICENSES.md
echo "LICENSES.md: $(grep -c '^| [a-z].* | [0-9].* | ' LICENSES.md) crates"
