{{/*
Bytes of a size, written as a quantity of Kubernetes (512Mi, 1.5G) or of the proxy's configuration (512MiB, 1GB). Takes a dict of what it is called and its value.
*/}}
{{- define "s3proxy.bytes" -}}
{{- $text := .value -}}
{{- if kindIs "float64" .value -}}{{- $text = .value | int64 | toString -}}{{- end -}}
{{- $text = $text | toString -}}
{{- if not (regexMatch "^[0-9]+(\\.[0-9]+)? ?[A-Za-z]*$" $text) -}}
{{- fail (printf "%s: '%s' is no size: write a number and a unit, such as 512Mi or 512MiB." .name $text) -}}
{{- end -}}
{{- $number := regexFind "^[0-9]+(\\.[0-9]+)?" $text | float64 -}}
{{- $unit := regexFind "[A-Za-z]*$" $text | trimSuffix "B" -}}
{{- $units := dict "" 1 "k" 1000 "K" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 -}}
{{- if not (hasKey $units $unit) -}}
{{- fail (printf "%s: '%s' has a unit that is not known: use Ki, Mi, Gi or Ti." .name $text) -}}
{{- end -}}
{{- mulf $number (get $units $unit) | floor | int64 -}}
{{- end -}}

{{- define "s3proxy.limitBytes" -}}
{{- $limit := dig "limits" "memory" "" .Values.resources -}}
{{- if not $limit -}}
{{- fail "resources.limits.memory is missing: the memory tier is a part of it, and without it the node's memory would be the bound." -}}
{{- end -}}
{{- include "s3proxy.bytes" (dict "name" "resources.limits.memory" "value" $limit) -}}
{{- end -}}

{{/* What the process takes besides the cache: itself and, with Redis, what waits to be written there. */}}
{{- define "s3proxy.reserveBytes" -}}
{{- $reserve := include "s3proxy.bytes" (dict "name" "memory.reserve" "value" .Values.memory.reserve) | int64 -}}
{{- $redis := dig "cache" "redis" dict .Values.config -}}
{{- if or .Values.redis.enabled $redis -}}
{{- $reserve = add $reserve (include "s3proxy.bytes" (dict "name" "config.cache.redis.writeBehind" "value" (get $redis "writeBehind" | default "32MiB")) | int64) -}}
{{- end -}}
{{- $reserve -}}
{{- end -}}

{{/*
Bytes of cache.memory.size: as configured, if it fits into the container's limit, else what fits, in whole MiB. Bodies lie in a file in memory, outside of the
collector's heap, that counts as shared memory of the container: over the limit it is killed, whatever the collector does.
*/}}
{{- define "s3proxy.cacheBytes" -}}
{{- $limit := include "s3proxy.limitBytes" . | int64 -}}
{{- $reserve := include "s3proxy.reserveBytes" . | int64 -}}
{{- $percent := add 100 (int64 .Values.memory.overheadPercent) -}}
{{- $fits := div (mul (sub $limit $reserve) 100) $percent | int64 -}}
{{- $given := dig "cache" "memory" "size" "" .Values.config -}}
{{- if $given -}}
{{- $size := include "s3proxy.bytes" (dict "name" "config.cache.memory.size" "value" $given) | int64 -}}
{{- if gt $size $fits -}}
{{- $needed := add $reserve (div (mul $size $percent) 100) -}}
{{- fail (printf "config.cache.memory.size (%s) does not fit into resources.limits.memory (%s): with %d MiB beside the cache and %d %% on top of it %d MiB are needed. Raise the limit to %dMi, or lower the size to %dMiB or leave it out." (toString $given) (toString .Values.resources.limits.memory) (div $reserve 1048576) (int64 .Values.memory.overheadPercent) (div (add $needed 1048575) 1048576) (div (add $needed 1048575) 1048576) (max 0 (div $fits 1048576))) -}}
{{- end -}}
{{- $size -}}
{{- else -}}
{{- if lt $fits 16777216 -}}
{{- fail (printf "resources.limits.memory (%s) leaves no room for a cache: %d MiB are kept for the process and 16 MiB are the least. Raise the limit." (toString .Values.resources.limits.memory) (div $reserve 1048576)) -}}
{{- end -}}
{{- mul (div $fits 1048576) 1048576 -}}
{{- end -}}
{{- end -}}

{{/*
Bytes of the collector's heap. At most half of the cache can lie there (metadata of small objects, which the proxy counts twice against the cache); the other half never does.
64 MiB are code and threads.
*/}}
{{- define "s3proxy.heapBytes" -}}
{{- $limit := include "s3proxy.limitBytes" . | int64 -}}
{{- $cache := include "s3proxy.cacheBytes" . | int64 -}}
{{- if eq (toString .Values.gc.heapHardLimit) "" -}}
{{- sub (sub $limit (div $cache 2)) 67108864 -}}
{{- else -}}
{{- $bytes := include "s3proxy.bytes" (dict "name" "gc.heapHardLimit" "value" .Values.gc.heapHardLimit) | int64 -}}
{{- if gt $bytes $limit -}}
{{- fail (printf "gc.heapHardLimit (%s) is above resources.limits.memory (%s)." (toString .Values.gc.heapHardLimit) (toString .Values.resources.limits.memory)) -}}
{{- end -}}
{{- $bytes -}}
{{- end -}}
{{- end -}}
