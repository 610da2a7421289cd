#!/bin/sh
# Installs prism into a cache and runs it in place of itself, so that whoever
# started this script can stop prism by its process:
#   run.sh install             installs what is missing, prints the folder
#   run.sh SPEC UPSTREAM PORT  a proxy before UPSTREAM on a port of this machine
# Exit status 3: npm, or a node that prism can run on, cannot be had here.
set -eu
version=5.14.2

cannot() { echo "$1" >&2; exit 3; }

cache=${XDG_CACHE_HOME:-${HOME:-${TMPDIR:-/tmp}}/.cache}/winnow-prism
here=$cache/$version

# install fills a folder of its own and renames it into place, so that an
# install that was cut short is never taken for a whole one.
install() {
	command -v npm >/dev/null || cannot "npm is not installed"
	major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null) || cannot "node is not installed"
	[ "$major" -ge 18 ] || cannot "prism needs node 18 or newer"
	mkdir -p "$cache"
	new=$(mktemp -d "$cache/new.XXXXXX")
	trap 'rm -rf "$new"' EXIT
	(cd "$new" && echo '{"private": true}' >package.json &&
		npm install --no-audit --no-fund --no-package-lock --ignore-scripts --loglevel=error "@stoplight/prism-cli@$version" >&2) ||
		cannot "npm could not install prism"
	[ -d "$here" ] || mv "$new" "$here" # another run may have been first
}

[ -d "$here/node_modules" ] || install
if [ "$1" = install ]; then
	echo "$here"
	exit
fi
exec node "$here/node_modules/@stoplight/prism-cli/dist/index.js" proxy "$1" "$2" --port "$3" --host 127.0.0.1 --cors false --verboseLevel error
