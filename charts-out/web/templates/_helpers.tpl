{{/* The chart's name, or what replaces it. */}}
{{- define "web.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* The release's name where it contains the chart's, else both. */}}
{{- define "web.fullname" -}}
{{- $name := include "web.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- tpl .Values.fullnameOverride . | trunc 63 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "web.namespace" -}}
{{- .Values.namespaceOverride | default .Release.Namespace -}}
{{- end -}}

{{/* Labels of every object. Pods have their own, which must not change with the version of the chart. */}}
{{- define "web.labels" -}}
app.kubernetes.io/name: {{ include "web.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: web
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- include "web.extraLabels" (dict "context" . "labels" .Values.commonLabels) }}
{{- end -}}

{{/* Labels of the installation's own, but for those that the chart gives. Takes a dict of context and labels. */}}
{{- define "web.extraLabels" -}}
{{- range $key, $value := .labels }}
{{- if not (has $key (list
  "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/component"
  "app.kubernetes.io/version" "app.kubernetes.io/part-of" "app.kubernetes.io/managed-by" "helm.sh/chart"
)) }}
{{ $key }}: {{ tpl (toString $value) $.context | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The annotations of an object, its own first; nothing where there are none. Takes a dict of context and own. */}}
{{- define "web.annotations" -}}
{{- with merge (dict) (.own | default dict) .context.Values.commonAnnotations -}}
{{- tpl (toYaml .) $.context -}}
{{- end -}}
{{- end -}}

{{/* The label that clients carry where a network policy asks for one; its name has at most 63 characters. */}}
{{- define "web.clientLabel" -}}
{{- include "web.fullname" . | trunc 56 | trimSuffix "-" -}}-client
{{- end -}}

{{/* An image's reference. Takes a dict of context and image. */}}
{{- define "web.image" -}}
{{- $registry := .context.Values.global.imageRegistry | default .image.registry -}}
{{- with $registry }}{{ . }}/{{ end -}}
{{- .image.repository -}}
{{- if .image.digest }}@{{ .image.digest }}{{ else }}:{{ .image.tag }}{{ end -}}
{{- end -}}

{{/* The pull secrets of all images, of one, and more of them, each once. Takes a dict of context, image and more. */}}
{{- define "web.pullSecrets" -}}
{{- $names := list -}}
{{- range concat .context.Values.global.imagePullSecrets .image.pullSecrets (.more | default list) -}}
{{- $names = append $names (kindIs "map" . | ternary . (dict "name" .)) -}}
{{- end -}}
{{- with $names | uniq -}}
{{- toYaml . -}}
{{- end -}}
{{- end -}}

{{/* Labels of the pods of web: no version, or every upgrade would restart them. */}}
{{- define "web.podLabels" -}}
{{- include "web.selectorLabels" . }}
{{- include "web.extraLabels" (dict "context" . "labels" (merge (dict) .Values.podLabels .Values.commonLabels)) }}
{{- end -}}

{{/* The class of a claim: nothing for the cluster's default one, "" for "-". Takes a dict of context and persistence. */}}
{{- define "web.storageClass" -}}
{{- with .persistence.storageClass | default .context.Values.global.defaultStorageClass -}}
storageClassName: {{ eq . "-" | ternary "" . | quote }}
{{- end -}}
{{- end -}}

{{/* What a claim asks for. Takes a dict of context and persistence. */}}
{{- define "web.claimSpec" -}}
{{- $context := .context -}}
accessModes:
  {{- toYaml .persistence.accessModes | nindent 2 }}
{{- with include "web.storageClass" . }}
{{ . }}
{{- end }}
resources:
  requests:
    storage: {{ .persistence.size }}
{{- with .persistence.selector }}
selector:
  {{- tpl (toYaml .) $context | nindent 2 }}
{{- end }}
{{- with .persistence.dataSource }}
dataSource:
  {{- tpl (toYaml .) $context | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "web.serviceAccountName" -}}
{{- $own := .Values.serviceAccount.create | ternary (include "web.fullname" .) "default" -}}
{{- .Values.serviceAccount.name | default $own -}}
{{- end -}}

{{/* What selects the pods of web: it may never change. */}}
{{- define "web.selectorLabels" -}}
app.kubernetes.io/name: {{ include "web.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: web
{{- end -}}

{{/* Kubernetes appends a revision's hash to the workload's name, in a label of 63 characters. */}}
{{- define "web.workloadName" -}}
{{- include "web.fullname" . | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "web.serviceName" -}}
{{- include "web.workloadName" . -}}
{{- end -}}

{{- define "web.headlessName" -}}
{{- include "web.workloadName" . -}}-headless
{{- end -}}
