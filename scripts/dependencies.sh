#!/usr/bin/env bash
# Installs the libraries Thalweg links against and gnuplot, which draws, if any is missing. Does nothing otherwise.
set -euo pipefail

packages=(
  libopenblas-dev liblapacke-dev libarpack2-dev zlib1g-dev libpng-dev libturbojpeg0-dev
  gnuplot-nox
)

if ! command -v swift >/dev/null; then
  echo "error: Swift 6.2 or newer is needed and 'swift' is not on the PATH;" \
    "see https://www.swift.org/install" >&2
  exit 1
fi

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "note: not a Debian or Ubuntu system; install gnuplot, and OpenBLAS, LAPACKE, ARPACK, zlib, libpng and libturbojpeg with their headers" >&2
  exit 0
fi

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  if [ "$status" != installed ]; then
    missing+=("$package")
  fi
done

if [ "${#missing[@]}" -eq 0 ]; then
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "error: ${missing[*]} missing; install as root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

echo "installing ${missing[*]}"
"${as_root[@]}" apt-get update --quiet
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install --yes --quiet --no-install-recommends "${missing[@]}"
