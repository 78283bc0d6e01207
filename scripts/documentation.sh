#!/usr/bin/env bash
# What is said of public symbols, from what `make build` has built. `make docs` and `make api` run it.
#
#   scripts/documentation.sh docs     builds the documentation into .build/docs
#   scripts/documentation.sh api      writes docs/api.txt
#   scripts/documentation.sh check    compares docs/api.txt with the code
set -euo pipefail
cd "$(dirname "$0")/.."

build=$(swift build --configuration release --show-bin-path)
work=.build/documentation
docc=$(command -v docc || xcrun --find docc 2>/dev/null || true)
if [ -z "$docc" ]; then
  echo "error: 'docc' comes with the Swift toolchain and is not on the PATH" >&2
  exit 1
fi
tools=$(dirname "$docc")
rm -rf "$work"
mkdir -p "$work/symbols"

# The layers are one module to users, and one in the documentation: those that Thalweg exports.
layers=$(sed -n 's/^@_exported public import //p' Sources/Thalweg/Thalweg.swift | paste -sd, -)
includes=(-I "$build/Modules" -I "$build/CThalwegKernels.build" -I Sources/CThalwegKernels/include)
for map in Sources/*/module.modulemap; do includes+=(-I "$(dirname "$map")"); done
"$tools/swift-symbolgraph-extract" -module-name Thalweg "${includes[@]}" \
  -target "$(basename "$(dirname "$build")")" -minimum-access-level public \
  -skip-synthesized-members -experimental-allowed-reexported-modules="$layers" \
  -output-dir "$work/symbols"

case "${1:-docs}" in
  api) "$build/documentation" api "$work/symbols" docs/api.txt ;;
  check) "$build/documentation" check "$work/symbols" docs/api.txt ;;
  docs)
    "$build/documentation" catalog "$work/symbols" "$work/Thalweg.docc"
    "$docc" convert "$work/Thalweg.docc" --additional-symbol-graph-dir "$work/symbols" \
      --fallback-display-name Thalweg --fallback-bundle-identifier Thalweg \
      --fallback-default-module-kind Library --warnings-as-errors \
      --output-path .build/docs
    # Pages are data that a browser fetches, which it does from a server and not from files.
    echo "The documentation is .build/docs/index.html. To read it:"
    echo "  python3 -m http.server --directory .build/docs 8000"
    echo "  and open http://localhost:8000/documentation/thalweg"
    ;;
  *)
    echo "error: there is no '$1'; there are docs, api and check" >&2
    exit 64
    ;;
esac
