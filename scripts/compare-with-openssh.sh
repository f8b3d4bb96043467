#!/usr/bin/env bash
# Compares btcfake with OpenSSH's sftp: both in turn send a file of 200 MB (a generated course catalog) to an sshd on
# loopback and fetch it. Prints seconds and MB/s. Both sync the written files.
#
#   scripts/compare-with-openssh.sh [ROUNDS]
#
# BTCFAKE is the path of the program [default: the release build, built if missing]; CONTENTS sets the size (52000: 200 MB).
# The time includes the digests that btcfake computes before it publishes.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly ROUNDS=${1:-3}
readonly CONTENTS=${CONTENTS:-52000}

scripts/set-up.sh sshd
if [ -z "${BTCFAKE:-}" ]; then
  BTCFAKE="${CARGO_TARGET_DIR:-$PWD/target}/release/btcfake"
  [ -x "$BTCFAKE" ] || cargo build --quiet --release --locked -p btcfake
fi
SSHD=$(PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v sshd)

work=$(mktemp -d)
sshd_pid=
cleanup() {
  [ -z "$sshd_pid" ] || kill "$sshd_pid" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

# ---- The server -----------------------------------------------------------------------------------------------------

port=$((20000 + RANDOM % 20000))
mkdir "$work/in" "$work/out"
ssh-keygen -q -t ed25519 -N '' -f "$work/host_key"
ssh-keygen -q -t ed25519 -N '' -f "$work/user_key"
cp "$work/user_key.pub" "$work/authorized_keys"
cat >"$work/sshd_config" <<END
Port $port
ListenAddress 127.0.0.1
HostKey $work/host_key
AuthorizedKeysFile $work/authorized_keys
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PermitRootLogin yes
PidFile $work/sshd.pid
Subsystem sftp internal-sftp
END
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
"$SSHD" -D -e -f "$work/sshd_config" 2>"$work/sshd.log" &
sshd_pid=$!
printf '[127.0.0.1]:%s %s\n' "$port" "$(cut -d' ' -f1,2 "$work/host_key.pub")" >"$work/known_hosts"

for _ in $(seq 50); do
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  sleep 0.1
done

# ---- The files -----------------------------------------------------------------------------------------------------

"$BTCFAKE" sample "$work/sample" --employees 20 --contents "$CONTENTS" >/dev/null
catalog=$(basename "$work"/sample/CourseCatalog*)
contents=$(basename "$work"/sample/StandAloneContent*)
cp "$work/sample/$catalog" "$work/sample/$contents" "$work/in/"
"$BTCFAKE" simulate --quiet --employees "$work/sample/employees.csv" --course-catalog "$work/sample/$catalog" \
  --standalone-content "$work/sample/$contents" --out "$work/run"
sync
bytes=$(($(stat -c %s "$work/in/$catalog") + $(stat -c %s "$work/in/$contents")))
echo "$bytes bytes in two files, each figure in seconds (MB/s)"

# ---- The race ------------------------------------------------------------------------------------------------------

export SFTP_KNOWN_HOSTS="$work/known_hosts"
for side in INBOUND OUTBOUND; do
  export "SFTP_${side}_HOST=127.0.0.1:$port" "SFTP_${side}_USER=$(id -un)" "SFTP_${side}_PRIVATE_KEY=$work/user_key"
done
export SFTP_INBOUND_REMOTE_PATH="$work/in" SFTP_OUTBOUND_REMOTE_PATH="$work/out"

openssh() {
  sftp -q -F none -o "UserKnownHostsFile=$work/known_hosts" -o StrictHostKeyChecking=yes -i "$work/user_key" \
    -P "$port" -b - "$(id -un)@127.0.0.1" >/dev/null
}
openssh_down() { printf 'get -f %s/in/%s %s/got/\n' "$work" "$catalog" "$work" "$work" "$contents" "$work" | openssh; }
openssh_up() {
  printf 'put -f %s %s/out/\n' "$work/sample/$catalog" "$work" "$work/sample/$contents" "$work" | openssh
}
btcfake_down() { "$BTCFAKE" download --quiet --dest "$work/got" >/dev/null 2>&1; }
btcfake_up() { "$BTCFAKE" publish --quiet "$work/run" >/dev/null 2>&1; }

timed() { # timed NAME COMMAND
  local begin end took
  rm -rf "$work/got" "$work/out"
  mkdir "$work/got" "$work/out"
  begin=$(date +%s%N)
  "$2"
  end=$(date +%s%N)
  took=$((end - begin))
  awk -v name="$1" -v took="$took" -v bytes="$bytes" \
    'BEGIN { s = took / 1e9; printf "%-18s %7.2f (%.0f)\n", name, s, bytes / 1e6 / s }'
}

for round in $(seq "$ROUNDS"); do
  echo "round $round"
  timed "sftp get" openssh_down
  timed "btcfake download" btcfake_down
  cmp "$work/got/$catalog" "$work/in/$catalog"
  timed "sftp put" openssh_up
  timed "btcfake publish" btcfake_up
  cmp "$work/out/$catalog" "$work/in/$catalog"
done
