#!/bin/sh
# Builds a package of its own that depends on Thalweg by version, as a user's would, and runs it.
# The version is a tag in a repository that is made of the files as they are, so that nothing is
# published. Takes as long as a build of the library from nothing.
#
#   scripts/check_package.sh            shared Swift runtime
#   scripts/check_package.sh --static   the runtime within the program, which then needs none
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags=
if [ "${1:-}" = --static ]; then flags=--static-swift-stdlib; fi

mkdir "$work/thalweg"
tar --create --directory "$root" --exclude ./.build --exclude ./.git . |
  tar --extract --directory "$work/thalweg"
trial() { git -C "$work/thalweg" -c user.name=trial -c user.email=trial@localhost "$@"; }
trial init --quiet
trial add --all
trial commit --quiet --message trial
trial tag 0.0.1-trial
mkdir -p "$work/user/Sources/user"
cat > "$work/user/Package.swift" <<END
// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "user",
  dependencies: [.package(url: "file://$work/thalweg", exact: "0.0.1-trial")],
  targets: [
    .executableTarget(
      name: "user", dependencies: [.product(name: "Thalweg", package: "thalweg")])
  ])
END
cat > "$work/user/Sources/user/main.swift" <<'END'
import Thalweg

let decay = ODE { t, y in -y }
let flow = Flow(decay, over: 0...1, steps: 10, using: RungeKutta(.classic))
print(try flow(Tensor([1.0])).values)
END
cd "$work/user"
swift build --configuration release $flags
result=$(.build/release/user)
case $result in
  "[0.36787977"*) ;;  # 1 / e but for the error of ten steps, 3.3e-7
  *) echo "check_package: the program printed '$result'" >&2; exit 1 ;;
esac
echo "user: $result"

# The tool from the same build, as it may be shipped.
swift build --configuration release $flags --product thalweg
echo "thalweg $(.build/release/thalweg --version)"
for program in .build/release/user .build/release/thalweg; do
  libraries=$(ldd $program | awk '{ print $1 }')
  if [ -n "$flags" ] && echo "$libraries" | grep -i 'swift\|foundation'; then
    echo "check_package: $program still needs the libraries above" >&2
    exit 1
  fi
  echo "$program: $(wc -c < $program) bytes; needs" $libraries
done
