{{/* Ports of the origins' endpoints, each once, as a list in YAML. */}}
{{- define "s3proxy.originPorts" -}}
{{- $ports := list -}}
{{- range $name, $origin := .Values.config.origins -}}
{{- range $origin.endpoints -}}
{{- $url := urlParse . -}}
{{- $port := regexFind ":[0-9]+$" $url.host | trimPrefix ":" -}}
{{- $ports = append $ports (default (ternary "443" "80" (eq $url.scheme "https")) $port | int) -}}
{{- end -}}
{{- end -}}
{{- $ports | uniq | toYaml -}}
{{- end -}}

{{- define "s3proxy.redisPorts" -}}
{{- $connection := ternary .Values.redis.connection (dig "cache" "redis" "connection" "" .Values.config) .Values.redis.enabled -}}
{{- $ports := list -}}
{{- range splitList "," $connection -}}
{{- $ports = append $ports (regexFind ":[0-9]+$" (trim .) | trimPrefix ":" | default "6379" | int) -}}
{{- end -}}
{{- $ports | uniq | toYaml -}}
{{- end -}}

{{/* Whether an origin takes its keys from the AWS SDK chain, which asks services of the cloud. */}}
{{- define "s3proxy.usesCredentialChain" -}}
{{- range $name, $origin := .Values.config.origins -}}
{{- if not (or (hasKey $.Values.originCredentials $name) (hasKey $origin "credentials")) -}}yes{{- end -}}
{{- end -}}
{{- end -}}

{{- define "s3proxy.egressRule" -}}
- ports:
    {{- range .ports }}
    - port: {{ . }}
      protocol: TCP
    {{- end }}
  {{- with .to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "s3proxy.egress" -}}
{{- $egress := .Values.networkPolicy.egress -}}
- ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
  {{- with $egress.dnsTo }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{ include "s3proxy.egressRule" (dict "ports" (include "s3proxy.originPorts" . | fromYamlArray) "to" $egress.originTo) }}
{{- if or .Values.redis.enabled (dig "cache" "redis" "connection" "" .Values.config) }}
{{ include "s3proxy.egressRule" (dict "ports" (include "s3proxy.redisPorts" . | fromYamlArray) "to" $egress.redisTo) }}
{{- end }}
{{- if and (include "s3proxy.usesCredentialChain" .) (ne .Values.config.auth.mode "passthrough") }}
# Where the AWS SDK gets keys: STS, the instance's and the pod's metadata service.
- ports:
    - port: 443
      protocol: TCP
- ports:
    - port: 80
      protocol: TCP
  to:
    - ipBlock: { cidr: 169.254.169.254/32 }
    - ipBlock: { cidr: 169.254.170.23/32 }
{{- end }}
{{- with $egress.extra }}
{{ toYaml . }}
{{- end }}
{{- end -}}
