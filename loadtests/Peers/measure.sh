# Functions of run.sh: waiting for servers, one measurement, and the reports. Meant to be sourced.
# shellcheck shell=bash disable=SC2154

ticks_per_second=$(getconf CLK_TCK)

# Prints what the sed script makes of a log's lines, as soon as it makes something of one; fails after 30 s.
await_line() {
    local log=$1 script=$2 found
    for _ in $(seq 300); do
        found=$(sed -n "$script" "$log" | head -1)
        if [ -n "$found" ]; then
            echo "$found"
            return
        fi
        sleep 0.1
    done
    echo "A server did not start; it wrote:" >&2
    cat "$log" >&2
    return 1
}

await_port() {
    for _ in $(seq 300); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
            return
        fi
        sleep 0.1
    done
    echo "Nothing listens on port $1 after 30 s." >&2
    return 1
}

# A port below the ephemeral range that nobody listens on.
free_port() {
    local port
    for _ in $(seq 100); do
        port=$((20000 + RANDOM % 10000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
    return 1
}

# Fails when an answer does not come from the cache: nothing else is to be measured.
expect_hit() {
    local path=${1#http://*/} address=${1#http://} header
    address=${address%%/*}
    header=$(exec 3<>"/dev/tcp/${address%:*}/${address#*:}" && printf 'HEAD /%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$path" "$address" >&3 && tr -d '\r' <&3 | sed -n 's/^x-cache: //Ip')
    if [ "$header" != HIT ]; then
        echo "$1 is no hit (x-cache: ${header:-absent})." >&2
        return 1
    fi
}

# CPU ticks that a process and its children have used.
cpu_ticks() {
    local total=0 pid
    for pid in "$1" $(cat "/proc/$1/task/"*/children 2>/dev/null); do
        total=$((total + $(sed 's/.*) //' "/proc/$pid/stat" | awk '{print $12 + $13}')))
    done
    echo "$total"
}

measure() {
    local server=$1 object=$2 round=$3 url=$4 pid=$5 before after output
    before=$(cpu_ticks "$pid")
    output=$(wrk -t1 -c"$connections" -d"${seconds}s" "$url")
    after=$(cpu_ticks "$pid")
    awk -v server="$server" -v object="$object" -v round="$round" -v ticks=$((after - before)) -v hz="$ticks_per_second" '
        / requests in / { requests = $1 }
        /^Requests\/sec/ { rate = $2 }
        /Socket errors/ { gsub(/[^0-9 ]/, ""); for (i = 1; i <= NF; i++) errors += $i }
        /Non-2xx/ { errors += $NF }
        END { printf "%s\t%s\t%d\t%d\t%.2f\t%.4f\t%d\n", server, object, round, requests, rate, ticks / hz, errors }' <<<"$output"
}

# Median of the numbers on standard input.
median() {
    sort -g | awk '{ value[NR] = $1 } END { print NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'
}

# median_of FILE SERVER OBJECT EXPRESSION, where the expression is awk over the columns of a sample.
median_of() {
    awk -F'\t' -v s="$2" -v o="$3" "\$1 == s && \$2 == o { printf \"%.9f\\n\", $4 }" "$1" | median
}

machine() {
    local model
    model=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
    echo "$(nproc) CPUs (${model:-unknown}), $(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo) of memory, Linux $(uname -r), load average $(cut -d' ' -f1 /proc/loadavg) at the end"
}

write_json() {
    printf '{\n  "date": "%s",\n  "machine": "%s",\n  "dotnet": "%s",\n  "nginx": "%s",\n' "$(date -u +%FT%TZ)" "$(machine)" "$(dotnet --version)" "$(nginx -v 2>&1 | sed 's/.*: //')"
    printf '  "rounds": %d, "secondsPerRun": %d, "connections": %d,\n  "samples": [\n' "$rounds" "$seconds" "$connections"
    awk -F'\t' '{ printf "%s    { \"server\": \"%s\", \"object\": \"%s\", \"round\": %d, \"requests\": %d, \"requestsPerSecond\": %s, \"cpuSeconds\": %s, \"errors\": %d }", (NR > 1 ? ",\n" : ""), $1, $2, $3, $4, $5, $6, $7 } END { print "" }' "$1"
    printf '  ]\n}\n'
}

write_markdown() {
    local object
    cat <<END
# Warm hits: s3proxy and nginx, $(date -u +%F)

Machine: $(machine). $(nginx -v 2>&1 | sed 's/.*: //'), .NET SDK $(dotnet --version).

Method: \`loadtests/Peers/run.sh\`. Both servers run at the same time on loopback before the same origin, everything is in their cache (checked by \`x-cache: HIT\`), and
wrk (1 thread, $connections connections, $seconds s a run) measures them in turn, $rounds rounds; the median of the rounds is shown. wrk and both servers share the
CPUs, so requests per second are those of the whole machine; CPU per request is of the server alone (user and system, from \`/proc\`, in steps of 1/${ticks_per_second} s).
nginx sends from files in \`/dev/shm\` with sendfile (\`nginx.conf.template\`); s3proxy sends from its memory tier.

| object | s3proxy requests/s | nginx requests/s | ratio | s3proxy CPU µs/request | nginx CPU µs/request | ratio |
|---|---:|---:|---:|---:|---:|---:|
END
    for object in "${objects[@]}"; do
        awk -v object="$object" -v a="$(median_of "$1" s3proxy "$object" '$5')" -v b="$(median_of "$1" nginx "$object" '$5')" \
            -v ca="$(median_of "$1" s3proxy "$object" '$6 / $4 * 1e6')" -v cb="$(median_of "$1" nginx "$object" '$6 / $4 * 1e6')" \
            'BEGIN { printf "| %s | %.0f | %.0f | %.2f | %.1f | %.1f | %.2f |\n", object, a, b, a / b, ca, cb, ca / cb }'
    done
    echo
    echo "Errors in all runs: $(awk -F'\t' '{ sum += $7 } END { print sum + 0 }' "$1"). Single samples: the .json beside this file."
}
