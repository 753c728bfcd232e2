#!/usr/bin/env bash
# Makes .venv and installs the given requirement files into it, each only when it has changed. The files name
# every package there is: resolving again would only let a newer release of an extra's package break a fresh clone.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

stop() {
    echo "$1" >&2
    exit 1
}

if ! .venv/bin/python -c '' 2>/dev/null; then
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        stop "Python 3.11 or newer is needed. Install it, or name it: make run PYTHON=/path/to/python3.11"
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        stop "Python's venv module is missing here. On Debian and Ubuntu: sudo apt-get install python3-venv"
    "$python" -m venv .venv
fi

for file in "$@"; do
    stamp=.venv/installed-$file
    cmp -s "$file" "$stamp" && continue
    echo "Installing $file ..."
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r "$file" ||
        stop "Could not install $file. Is a package index reachable? Then run the same command again."
    cp "$file" "$stamp"
done

# The command `whistle`, from every folder, without building a package.
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
[ "$(cat "$site/whistle.pth" 2>/dev/null)" = "$PWD" ] || echo "$PWD" >"$site/whistle.pth"
if [ ! -x .venv/bin/whistle ]; then
    printf '#!/bin/sh\nexec "%s/.venv/bin/python" -m whistle.cli "$@"\n' "$PWD" >.venv/bin/whistle
    chmod +x .venv/bin/whistle
fi
