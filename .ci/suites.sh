# Runs suites one after the other whatever becomes of each, and adds up their tests.

passed=0
failed=0
SUITE_SECONDS=840
TIMED_OUT=124
reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT

within_limit() {
  local code=0
  timeout -k 10 "$SUITE_SECONDS" "$@" || code=$?
  if [ "$code" = "$TIMED_OUT" ]; then echo "Stopped after $SUITE_SECONDS seconds."; fi
  return "$code"
}

headline() { printf '\n=== %s\n\n' "$1"; }

tally() {
  printf '\n%s: %d passed, %d failed\n' "$1" "$2" "$3"
  passed=$((passed + $2))
  failed=$((failed + $3))
}

# "PASSED FAILED" of a report of vitest. A file that fails outside its tests, such as in its set-up, is one failure.
count_tests() {
  node -e '
    const report = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
    const broken = report.testResults.filter(
      ({ status, assertionResults }) => status === "failed" && !assertionResults.some((one) => one.status === "failed"),
    );
    console.log(report.numPassedTests, report.numFailedTests + broken.length);
  ' "$1"
}

# Runs a command that ends with vitest and takes its options. False when it failed before vitest.
vitest_suite() {
  local name="$*" report code=0 counts=(0 0)
  name=${name% --}
  report=$(mktemp -u "$reports/XXXXXX.json")
  headline "$name"
  within_limit "$@" --reporter=default --reporter=json --outputFile.json="$report" || code=$?
  if [ -f "$report" ]; then
    read -ra counts < <(count_tests "$report")
  else
    echo "Ended with exit code $code, without a report of its tests."
  fi
  if [ "$code" != 0 ] && [ "${counts[1]}" = 0 ]; then counts[1]=1; fi
  tally "$name" "${counts[@]}"
  [ -f "$report" ]
}

# Runs a command that is one test; its output goes through a pipe, as in a log.
single_test() {
  headline "$*"
  if within_limit "$@" 2>&1 | cat; then tally "$*" 1 0; else tally "$*" 0 1; fi
}

finish() {
  printf '\n%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" = 0 ]
}
