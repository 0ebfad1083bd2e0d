#!/usr/bin/env bash
# Compares warm hits of s3proxy with nginx proxy_cache on this machine, in one run with interleaved rounds, and writes
# loadtests/results/hits-<date>.md and .json, whatever they show. Needs the .NET SDK, and nginx and wrk (Debian: nginx-light, wrk).
#   ROUNDS=5 SECONDS_PER_RUN=5 CONNECTIONS=64 loadtests/Peers/run.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
here=loadtests/Peers
# shellcheck source=loadtests/Peers/measure.sh
. "$here/measure.sh"

rounds=${ROUNDS:-5}
seconds=${SECONDS_PER_RUN:-5}
connections=${CONNECTIONS:-64}
objects=(1k.bin 64k.bin 1m.bin)
servers=(s3proxy nginx)
export PATH="$PATH:/usr/sbin"

for program in dotnet nginx wrk awk; do
    if ! command -v "$program" >/dev/null; then
        echo "$program is missing; on Debian: apt-get install nginx-light wrk (and the .NET SDK for dotnet)." >&2
        exit 2
    fi
done

work=$(mktemp -d)
cache=$(mktemp -d /dev/shm/s3proxy-peers.XXXXXX 2>/dev/null || mktemp -d)
pids=()
stop_all() {
    for pid in "${pids[@]}"; do
        kill "$pid" 2>/dev/null || true
    done
    for pid in "${pids[@]}"; do
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$work" "$cache"
}
trap stop_all EXIT
trap 'exit 130' INT TERM

echo "Building"
dotnet publish src/Proxy/Proxy.csproj -c Release -o "$work/s3proxy" -v q --nologo
dotnet publish loadtests/Demo/Demo.csproj -c Release -o "$work/demo" -v q --nologo

dotnet "$work/demo/S3Proxy.Demo.dll" origin >"$work/origin.log" 2>&1 &
pids+=($!)
origin=$(await_line "$work/origin.log" 's#^origin listening: http://\([0-9.:]*\) .*#\1#p')

sed "s#@ORIGIN@#$origin#" "$here/proxy.yaml.template" >"$work/proxy.yaml"
dotnet "$work/s3proxy/S3Proxy.dll" --config "$work/proxy.yaml" >"$work/proxy.log" 2>&1 &
pids+=($!)
declare -A pid_of=([s3proxy]=$!)
declare -A base_of=([s3proxy]=$(await_line "$work/proxy.log" 's#.*s3proxy listening: data \(http://[0-9.:]*\).*#\1#p'))

nginx_port=$(free_port)
sed -e "s#@WORK@#$work#" -e "s#@CACHE@#$cache#" -e "s#@ORIGIN@#$origin#" -e "s#@PORT@#$nginx_port#" "$here/nginx.conf.template" >"$work/nginx.conf"
nginx -p "$work" -e "$work/nginx.log" -c "$work/nginx.conf" >"$work/nginx.out" 2>&1 &
pids+=($!)
pid_of[nginx]=$!
base_of[nginx]="http://127.0.0.1:$nginx_port"
await_port "$nginx_port"

echo "Warming"
for server in "${servers[@]}"; do
    for object in "${objects[@]}"; do
        wrk -t1 -c4 -d2s "${base_of[$server]}/bench/$object" >/dev/null
        expect_hit "${base_of[$server]}/bench/$object"
    done
done

# Columns: server object round requests seconds requests_per_second cpu_seconds errors
samples="$work/samples.tsv"
for ((round = 1; round <= rounds; round++)); do
    for object in "${objects[@]}"; do
        for server in "${servers[@]}"; do
            measure "$server" "$object" "$round" "${base_of[$server]}/bench/$object" "${pid_of[$server]}" | tee -a "$samples"
        done
    done
done

day=$(date -u +%F)
mkdir -p loadtests/results
write_json "$samples" >"loadtests/results/hits-$day.json"
write_markdown "$samples" >"loadtests/results/hits-$day.md"
cat "loadtests/results/hits-$day.md"
