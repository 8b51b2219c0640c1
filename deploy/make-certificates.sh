#!/usr/bin/env bash
# Makes TLS certificates for EventStoreDB, signed by an authority of one's own, for those who have none.
#
#   deploy/make-certificates.sh DIRECTORY NODE [NAME…]
#
#   deploy/make-certificates.sh certificates eventstore               for docker-compose.yml
#   deploy/make-certificates.sh certificates node1 node1.example.com  one node of a cluster; again for each other
#
# Leaves DIRECTORY/ca.crt, which every node and Keytrail trust, and DIRECTORY/NODE.crt and NODE.key for the node.
# DIRECTORY/ca.key signs further nodes: keep it off the servers. The names of a certificate are NODE, localhost and
# the NAMEs; a NAME that is an IP address is taken as one. What is there and good for 30 more days stays as it is.
set -euo pipefail

if [[ $# -lt 2 || ! $2 =~ ^[0-9A-Za-z][0-9A-Za-z.-]*$ || $2 == ca ]]; then
  sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2
  exit 2
fi
directory=$1 node=$2
shift 2
authority_days=3650 node_days=825 renew_seconds=$((30 * 24 * 3600))

# The directory is its owner's alone. The files in it can be read by all, since a container that is given one of them
# runs under another user.
umask 077
mkdir -p "$directory"
cd "$directory"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

is_good() { openssl x509 -in "$1" -noout -checkend "$renew_seconds" >/dev/null 2>&1; }

subject_names() {
  local names="DNS:$node,DNS:localhost,IP:127.0.0.1" name
  for name in "$@"; do
    if [[ $name =~ ^[0-9.]+$ || $name == *:* ]]; then names+=",IP:$name"; else names+=",DNS:$name"; fi
  done
  echo "$names"
}

if [[ -f ca.crt && ! -f ca.key ]] && ! [[ -f $node.crt ]]; then
  echo "$directory/ca.key is not there: without it no further node can be signed." >&2
  exit 1
fi

if is_good ca.crt; then
  echo "$directory/ca.crt stays as it is."
else
  openssl req -x509 -newkey rsa:3072 -nodes -sha256 -days "$authority_days" \
    -subj '/O=Keytrail/CN=EventStoreDB authority' \
    -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
    -keyout ca.key -out ca.crt 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
  chmod 644 ca.crt
  echo "$directory/ca.crt is new: give it to every node and to Keytrail."
fi

if is_good "$node.crt" && openssl verify -CAfile ca.crt "$node.crt" >/dev/null 2>&1; then
  echo "$directory/$node.crt stays as it is."
  exit
fi

# Nodes recognise each other by the common name, which is the same for all of them.
openssl req -new -newkey rsa:3072 -nodes -sha256 -subj '/CN=eventstoredb-node' \
  -keyout "$work/node.key" -out "$work/node.csr" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
cat >"$work/extensions" <<EXTENSIONS
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = $(subject_names "$@")
EXTENSIONS
openssl x509 -req -in "$work/node.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -CAserial "$work/serial" -sha256 \
  -days "$node_days" -extfile "$work/extensions" -out "$work/node.crt" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
chmod 644 "$work/node.crt" "$work/node.key"
mv "$work/node.key" "$node.key"
mv "$work/node.crt" "$node.crt"
echo "$directory/$node.crt is new, for $(subject_names "$@")."
