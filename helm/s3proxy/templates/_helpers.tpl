{{- define "s3proxy.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "s3proxy.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 55 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "s3proxy.name" . -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 55 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "s3proxy.selectorLabels" -}}
app.kubernetes.io/name: {{ include "s3proxy.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "s3proxy.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "s3proxy.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Annotations of an object: those of all objects and its own, below metadata. Nothing when there are none. */}}
{{- define "s3proxy.annotations" -}}
{{- $all := merge (dict) (.own | default dict) .root.Values.commonAnnotations -}}
{{- with $all }}
  annotations:
    {{- toYaml . | nindent 4 }}
{{- end }}
{{- end -}}

{{- define "s3proxy.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "s3proxy.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "s3proxy.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "s3proxy.adminSecretName" -}}
{{- default (printf "%s-admin" (include "s3proxy.fullname" .)) .Values.adminToken.existingSecret -}}
{{- end -}}

{{/* As a probe writes it. */}}
{{- define "s3proxy.adminScheme" -}}
{{- $listen := dig "listen" dict .Values.config -}}
{{- $isTls := or (and .Values.tls.existingSecret .Values.tls.admin) $listen.adminTls -}}
{{- ternary "HTTPS" "HTTP" (not (not $isTls)) -}}
{{- end -}}

{{- define "s3proxy.dataScheme" -}}
{{- $listen := dig "listen" dict .Values.config -}}
{{- ternary "https" "http" (not (not (or .Values.tls.existingSecret $listen.tls))) -}}
{{- end -}}

{{/* How Prometheus presents itself at the admin port, for ServiceMonitor and PodMonitor. */}}
{{- define "s3proxy.scrapeEndpoint" -}}
port: admin
path: /metrics
scheme: {{ include "s3proxy.adminScheme" .root | lower }}
{{- with .monitor.tlsConfig }}
tlsConfig:
  {{- toYaml . | nindent 2 }}
{{- end }}
interval: {{ .monitor.interval }}
scrapeTimeout: {{ .monitor.scrapeTimeout }}
authorization:
  type: Bearer
  credentials:
    name: {{ include "s3proxy.adminSecretName" .root }}
    key: {{ .root.Values.adminToken.key }}
relabelings:
  # The alert rules ask for this job.
  - targetLabel: job
    replacement: s3proxy
{{- end -}}
