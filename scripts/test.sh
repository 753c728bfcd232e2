#!/usr/bin/env bash
# Everything the build server runs: order, types, contracts, tests on both databases, journeys in a browser.
# Ends with what was left out because this machine lacks a part and it may not be installed.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
unset PYTHONDONTWRITEBYTECODE # tests start forty processes, and each would compile the product anew
failed=()
left_out=()

step() {
    local name=$1
    shift
    echo "== $name"
    "$@" || failed+=("$name")
}

# A run that leaves out a database or the browser covers a little less; what falls below lost its tests. The counter
# cannot both add up several processes and hold the sum against a limit in one go.
enough_covered() {
    $bin/python -m slipcover --fail-under 97 --out /dev/null --merge "$counted"
}

one_line() {
    printf '%s; ' "$@" | sed 's/; $//'
}

# Tests say themselves, at their end, what they could not try. What counts the lines would, past its threshold, look at
# the frames of all threads, which on Python 3.11 can stop a process for ever that starts many; it saves no time either.
run_tests() {
    $bin/python -m slipcover --threshold 1000000000 --json --out "$counted" -m pytest -q -n 2 --dist loadgroup --color=no 2>&1 | tee "$said"
}

apt_install() {
    command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return 1
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 ||
        { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null 2>&1
}

command -v chromium >/dev/null || apt_install chromium || left_out+=("browser journeys (no chromium)")
fc-list 2>/dev/null | grep -qi 'noto.*cjk' || apt_install fonts-noto-cjk fontconfig ||
    left_out+=("pictures in the right Chinese font (no fonts-noto-cjk)")

step "ruff check" $bin/ruff check .
step "ruff format" $bin/ruff format --check .
step "mypy" $bin/mypy
step "import contracts" $bin/lint-imports --no-logo --no-cache
said=$(mktemp) counted=$(mktemp)
step "tests" run_tests
step "covered lines" enough_covered
mapfile -t -O "${#left_out[@]}" left_out < <(sed -n 's/.*LEFT OUT: //p' "$said" | sort -u)
rm -f "$said" "$counted"
echo

if [ ${#failed[@]} -gt 0 ]; then
    echo "FAILED: $(one_line "${failed[@]}")"
elif [ ${#left_out[@]} -eq 0 ]; then
    echo "PASSED"
else
    echo "What ran is good; what was left out was not tried."
fi
[ ${#left_out[@]} -eq 0 ] || echo "LEFT OUT: $(one_line "${left_out[@]}")"
[ ${#failed[@]} -eq 0 ]
