#!/bin/sh
# Builds the engine and writes ../engine.wasm and the record ../engine.json beside it. Prints the hash.
#
# Needs: rustup's toolchain named in rust-toolchain.toml with target wasm32-wasip1, clang-14, llvm-ar-14.
# The result depends on these and on the sources alone: paths of this machine are mapped away, and the
# versions of all crates are fixed by Cargo.lock. `./build.sh --check` builds and compares, and writes nothing.
set -eu
cd "$(dirname "$0")"

target=wasm32-wasip1
work=${CARGO_TARGET_DIR:-$PWD/target}
cargo_home=${CARGO_HOME:-$HOME/.cargo}
registry=$(ls -d "$cargo_home"/registry/src/*/ 2>/dev/null | head -n 1 | sed 's,/$,,')
if [ -z "$registry" ]; then
  cargo fetch --locked --target "$target"
  registry=$(ls -d "$cargo_home"/registry/src/*/ | head -n 1 | sed 's,/$,,')
fi
sysroot=$(rustc --print sysroot)

# Flags are separated by the character 0x1f, so that a path with a space stays one flag.
unit=$(printf '\037')
CARGO_ENCODED_RUSTFLAGS="-Ctarget-feature=+simd128,+bulk-memory"
for map in "$PWD=/engine" "$registry=/crates" "$sysroot=/rust"; do
  CARGO_ENCODED_RUSTFLAGS="$CARGO_ENCODED_RUSTFLAGS${unit}--remap-path-prefix=$map"
done
export CARGO_ENCODED_RUSTFLAGS
export CC_wasm32_wasip1=clang-14 AR_wasm32_wasip1=llvm-ar-14
export CFLAGS_wasm32_wasip1="-O3 -msimd128 -ffile-prefix-map=$registry=/crates"
export CARGO_TARGET_DIR="$work"

cargo build --release --locked --target "$target"
built=$work/$target/release/quic_engine.wasm
hash=$(sha256sum "$built" | cut -d ' ' -f 1)

if [ "${1:-}" = --check ]; then
  committed=$(sha256sum ../engine.wasm | cut -d ' ' -f 1)
  echo "built     $hash"
  echo "committed $committed"
  [ "$hash" = "$committed" ]
  exit
fi

# What the built file was made from. A test recomputes each line and the hash over all of them.
sources=$(LC_ALL=C ls Cargo.toml Cargo.lock rust-toolchain.toml build.sh .cargo/config.toml src/*.rs)
lines=$(sha256sum $sources)
over_all=$(printf '%s\n' "$lines" | sha256sum | cut -d ' ' -f 1)

cp "$built" ../engine.wasm
chmod 644 ../engine.wasm
{
  echo '{'
  echo '  "wasm": {'
  echo '    "file": "engine.wasm",'
  echo "    \"bytes\": $(wc -c <"$built" | tr -d ' '),"
  echo "    \"sha256\": \"$hash\""
  echo '  },'
  echo '  "toolchain": {'
  echo "    \"rustc\": \"$(rustc --version)\","
  echo "    \"clang\": \"$(clang-14 --version | head -n 1)\","
  echo "    \"target\": \"$target\""
  echo '  },'
  echo "  \"sourcesSha256\": \"$over_all\","
  echo '  "sources": {'
  printf '%s\n' "$lines" | sed -E 's/^([0-9a-f]{64})  (.*)$/    "\2": "\1",/' | sed '$ s/,$//'
  echo '  }'
  echo '}'
} >../engine.json
echo "$hash  engine.wasm"
