#!/usr/bin/env bash
# Walks the main job against a running Keytrail with curl, as in the README: sign up, issue a key, use it,
# see the use, revoke the key, see that it is refused and that the whole story is in the audit trail.
# Usage: scripts/walk.sh http://127.0.0.1:3000
# Prints one line for each step and, last, `walk: N passed, N failed`; exits with 1 when a step failed.
set -uo pipefail

base=${1:?the address of a running Keytrail, such as http://127.0.0.1:3000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
status=

# call METHOD PATH [curl options…]: leaves the status in $status and the answer in $work/body and $work/head.
call() {
  local method=$1 path=$2
  shift 2
  : >"$work/body"
  status=$(curl --silent --show-error --max-time 20 --request "$method" "$base$path" \
    --output "$work/body" --dump-header "$work/head" --write-out '%{http_code}' "$@")
}

# as_owner METHOD PATH […]: the same with the session of the person who signed up.
as_owner() {
  call "$@" --cookie "$work/cookies" --cookie-jar "$work/cookies" --header "Origin: $base"
}

# value EXPRESSION: evaluates a JavaScript expression on the answer, which it calls `it`.
value() {
  node -e 'const it = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
    console.log(eval(process.argv[2]))' "$work/body" "$1" 2>/dev/null
}

# step NAME EXPECTED-STATUS EXPRESSION: passes when the status is the one and the expression is true.
step() {
  local name=$1 expected=$2 expression=$3
  if [[ $status == "$expected" && $(value "$expression") == true ]]; then
    passed=$((passed + 1))
    echo "ok - $name"
  else
    failed=$((failed + 1))
    echo "not ok - $name: answered $status, expected $expected with $expression"
    # A key that was just issued is not for any log.
    sed -E 's/[a-z][a-z0-9]+_[0-9A-Za-z]{30,}/[redacted]/g' "$work/body" | head -c 1000
    echo
  fi
}

json=(--header 'Content-Type: application/json')
email="walk-$(node -p 'crypto.randomUUID()')@example.com"
password=$(node -p 'crypto.randomUUID()')

as_owner POST /api/auth/sign-up/email "${json[@]}" \
  --data "{\"name\":\"Ada\",\"email\":\"$email\",\"password\":\"$password\"}"
step 'a person signs up' 200 "it.user.email === '$email'"

as_owner POST /v1/api-keys "${json[@]}" --data '{"name":"Production Key"}'
step 'the owner issues a key' 201 \
  '/^[a-z][a-z0-9]+_[0-9A-Za-z]{42}$/.test(it.apiKey) && it.apiKey.startsWith(it.keyPrefix)'
key=$(value it.apiKey)
id=$(value it.apiKeyId)

call GET /v1/me --header "Authorization: Bearer $key"
step 'the key is accepted' 200 "it.apiKey.id === '$id' && it.apiKey.name === 'Production Key'"

as_owner GET /v1/api-keys
step 'the list shows the use and one active key' 200 \
  "it.activeCount === 1 && it.keys[0].id === '$id' && it.keys[0].lastUsedAt !== null"

as_owner GET "/v1/audit?apiKeyId=$id"
step 'the audit trail shows the creation and the use' 200 \
  "['KeyCreated', 'KeyUsed'].every((type) => it.entries.some((entry) => entry.type === type))"

as_owner DELETE "/v1/api-keys/$id" "${json[@]}" --data '{"reason":"rotated"}'
step 'the owner revokes the key' 200 "it.success === true && it.apiKeyId === '$id'"

call GET /v1/me --header "Authorization: Bearer $key"
step 'the very next request is refused' 401 \
  "it.code === 'revoked_key' && /www-authenticate: bearer/i.test(require('node:fs').readFileSync('$work/head', 'utf8'))"

as_owner GET /v1/api-keys
step 'the key is still listed, as revoked, and the count is lower' 200 \
  "it.activeCount === 0 && it.keys[0].id === '$id' && /^revoked$/i.test(it.keys[0].status)"

as_owner GET "/v1/audit?apiKeyId=$id"
step 'the audit trail shows the revocation' 200 \
  "it.entries.some((entry) => entry.type === 'KeyRevoked')"

echo "walk: $passed passed, $failed failed"
[[ $failed == 0 ]]
