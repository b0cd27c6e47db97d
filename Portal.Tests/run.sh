#!/usr/bin/env bash
# Runs every test of the solution, after installing what the tests need and this machine lacks.
#   bash Portal.Tests/run.sh                                    everything
#   bash Portal.Tests/run.sh -class 'Portal.Tests.Billing*'     xunit's own filters pass through
#   PORTAL_TEST_FULL=1 bash Portal.Tests/run.sh                 kills processes 100 times instead of 10
#   SIMULATION_SEED=7 bash Portal.Tests/run.sh -class '...'     plays one simulated history, as a failing one says
# The last line is "N passed, N failed, N skipped"; the exit code is 0 only when something passed and nothing failed.
set -uo pipefail

minutes_max=20
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
results=$root/Portal.Tests/TestResults
report=$results/report.xml
tests_pid=

export PORTAL_TEST_RUN=$$-$RANDOM$RANDOM
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DEBIAN_FRONTEND=noninteractive

# Whatever a run starts inherits PORTAL_TEST_RUN, so that nothing of it survives the run, even when the tests are killed.
leftovers() {
    local file pid
    for file in /proc/[0-9]*/environ; do
        grep -qsxz "PORTAL_TEST_RUN=$PORTAL_TEST_RUN" "$file" || continue
        pid=${file#/proc/}
        echo "${pid%/environ}"
    done
}

cleanup() {
    trap '' INT TERM HUP
    [ -n "$tests_pid" ] && kill "$tests_pid" 2>/dev/null
    local try left
    for try in 1 2 3 4 5 6 7 8; do
        left=$(leftovers)
        [ -z "$left" ] && break
        # A PostgreSQL that is asked before it is killed releases its shared memory.
        if [ "$try" -le 5 ]; then kill $left 2>/dev/null; else kill -9 $left 2>/dev/null; fi
        sleep 1
    done
    [ -n "${TMPDIR:-}" ] && [[ $TMPDIR == */portal-tests.* ]] && rm -rf "$TMPDIR"
}

finish() { # passed failed skipped
    cleanup
    trap - EXIT
    echo "$1 passed, $2 failed, $3 skipped"
    [ "$2" -eq 0 ] && [ "$1" -gt 0 ] && exit 0
    exit 1
}

give_up() {
    printf '\n%s\n' "$@" >&2
    finish 0 1 0
}

trap 'give_up "The run was interrupted."' INT TERM HUP
trap cleanup EXIT

section() { printf '\n== %s (%d s)\n' "$1" "$SECONDS"; }

# --- what this machine has -------------------------------------------------------------------------------------------

section "Checking this machine"
command -v dotnet >/dev/null || give_up "The .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0"
dotnet --list-sdks | grep -q '^10\.' || give_up "The .NET SDK here is not version 10: https://dotnet.microsoft.com/download/dotnet/10.0"
command -v npm >/dev/null && command -v node >/dev/null || give_up "Node.js 20 with npm is missing: https://nodejs.org"

have_shell() { command -v chromium-headless-shell >/dev/null; }
have_chromium() { have_shell || command -v chromium chromium-browser google-chrome >/dev/null; }
have_postgres() { command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
have_chinese() { ! command -v fc-list >/dev/null || [ -n "$(fc-list :lang=zh 2>/dev/null | head -n 1)" ]; }

missing=()
have_chromium || missing+=(chromium)
have_postgres || missing+=(postgresql)
have_chinese && have_chromium || missing+=(fonts-wqy-zenhei)

install() {
    local sudo=()
    [ "$(id -u)" -eq 0 ] || sudo=(sudo -n)
    local apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300)
    "${apt[@]}" install --no-install-recommends "$@" >"$results/apt.log" 2>&1 && return
    "${apt[@]}" update >>"$results/apt.log" 2>&1
    "${apt[@]}" install --no-install-recommends "$@" >>"$results/apt.log" 2>&1
}

mkdir -p "$results"
rm -rf "$results/screenshots" "$results/failures" "$report"

if [ ${#missing[@]} -gt 0 ]; then
    section "Installing ${missing[*]}"
    command -v apt-get >/dev/null || give_up "The tests need ${missing[*]}. Install them with this system's package manager and run again."
    [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null ||
        give_up "The tests need ${missing[*]}, and installing them needs root. Run: sudo apt-get install ${missing[*]}"
    had_postgres=no; have_postgres && had_postgres=yes
    install "${missing[@]}" || { tail -n 15 "$results/apt.log" >&2; give_up "apt-get could not install ${missing[*]} (see above)."; }
    # Debian starts a server of its own with the package; the tests run a private one.
    if [ $had_postgres = no ] && command -v pg_lsclusters >/dev/null; then
        pg_lsclusters -h | while read -r version name _; do
            if [ "$(id -u)" -eq 0 ]; then pg_ctlcluster "$version" "$name" stop; else sudo -n pg_ctlcluster "$version" "$name" stop; fi
        done >/dev/null 2>&1
    fi
    have_chromium || give_up "Chromium is still missing after installing it."
    have_postgres || give_up "PostgreSQL is still missing after installing it."
fi

# The browser without windows is much the quicker one; where it cannot be had, the whole one does.
if ! have_shell && command -v apt-cache >/dev/null && apt-cache show chromium-headless-shell >/dev/null 2>&1 && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }; then
    section "Installing chromium-headless-shell"
    install chromium-headless-shell || echo "It could not be installed: $(command -v chromium chromium-browser google-chrome | head -n 1) is used."
fi

# --- build -----------------------------------------------------------------------------------------------------------

section "Building"
dotnet build "$root/Portal.Tests" -v q --nologo --disable-build-servers || give_up "The build failed (see above): no test ran."

# --- test ------------------------------------------------------------------------------------------------------------

section "Testing"
# One folder for all that the run writes outside the repository; the PostgreSQL server, which refuses to run as root, works in it too.
TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/portal-tests.XXXXXX") && chmod 1777 "$TMPDIR" && export TMPDIR
cd "$root/Portal.Tests" || exit 1
timeout --kill-after=20 $((minutes_max * 60)) \
    dotnet bin/Debug/net10.0/Portal.Tests.dll -noLogo -noColor -xml "$report" "$@" </dev/null &
tests_pid=$!
wait "$tests_pid"
status=$?
tests_pid=
[ $status -eq 124 ] || [ $status -eq 137 ] && give_up "The tests did not end within $minutes_max minutes."
[ -s "$report" ] || give_up "The tests ended with code $status and left no report."

section "Done"
read -r passed failed skipped < <(node -e '
    const xml = require("fs").readFileSync(process.argv[1], "utf8");
    const sum = name => [...xml.matchAll(/<assembly\s[^>]*>/g)]
        .reduce((n, [tag]) => n + Number(new RegExp(`\\s${name}="(\\d+)"`).exec(tag)?.[1] ?? 0), 0);
    // An error is a failure outside a test, such as in the clean-up of a class.
    console.log(sum("passed"), sum("failed") + sum("errors"), sum("skipped"));
' "$report") || give_up "The report $report cannot be read."
[ $status -ne 0 ] && [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ] && give_up "The tests ended with code $status although none failed."
finish "$passed" "$failed" "$skipped"
