#!/usr/bin/env bash
# Builds a release for one target, and puts it into dist/ with its checksums and its SBOM.
#
#   .github/dist.sh x86_64-unknown-linux-gnu
#
# Needs the target, by rustup; cargo-cyclonedx; and for musl, where C is compiled, musl-tools.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$1
name=cvt-plugin-{{name}}

cargo cyclonedx --version >/dev/null 2>&1 || {
  echo "cargo-cyclonedx is missing: cargo install --locked cargo-cyclonedx" >&2
  exit 1
}

metadata=$(cargo metadata --format-version 1 --no-deps)
field() { sed 's/.*"'"$1"'":"\([^"]*\)".*/\1/' <<<"$metadata"; }
built=$(field target_directory)

# No path of the machine that builds gets into the binary. (Cargo's `trim-paths` will do the same
# once it is stable.) Of two that fit a path, the later counts.
flags=() c_flags=()
hide() {
  flags+=("--remap-path-prefix=$1=$2")
  c_flags+=("'-ffile-prefix-map=$1=$2'")
}
# {{#source_path}}
hide {{source_path}} cvtplugin
# {{/source_path}}
hide "$(rustc --print sysroot)" rust
hide "${CARGO_HOME:-$HOME/.cargo}" cargo
hide "$(field workspace_root)" .
hide "$built" target
[[ $target != *-linux-* ]] || flags+=("-Clink-arg=-Wl,--compress-debug-sections=zlib")
CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f' && printf '%s' "${flags[*]}")
export CARGO_ENCODED_RUSTFLAGS CC_SHELL_ESCAPED_FLAGS=1 CFLAGS="${c_flags[*]}"

cargo build --release --locked --target "$target"

# Of a file in this directory; the binary's is the one that CVT records when it installs it.
checksum() {
  local sum=(sha256sum)
  command -v sha256sum >/dev/null || sum=(shasum -a 256)
  "${sum[@]}" "$1" >"$1.sha256"
}

cargo cyclonedx --format json --target "$target" --override-filename sbom
mkdir -p dist
mv sbom.json "dist/$name-$target.cdx.json"
cd dist
cp "$built/$target/release/$name" .
checksum "$name"
archive=$name-$target.tar.gz
tar -czf "$archive" "$name" "$name.sha256"
checksum "$archive"
rm "$name" "$name.sha256"
