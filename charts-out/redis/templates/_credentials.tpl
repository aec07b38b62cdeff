{{/* The Secrets that the Job makes: manifests with PASSWORD in the place of the password, by file name. */}}
{{- define "redis.secretManifests" -}}
{{- range include "redis.passwords" . | fromYamlArray }}
{{- if .make }}
{{- $labels := dict
  "app.kubernetes.io/name" (include "redis.name" $)
  "app.kubernetes.io/instance" $.Release.Name
}}
{{- $annotations := dict
  "helm.sh/resource-policy" "keep"
  "argocd.argoproj.io/sync-options" "Prune=false"
  "argocd.argoproj.io/compare-options" "IgnoreExtraneous"
}}
{{ .name }}.json: {{ dict
  "apiVersion" "v1"
  "kind" "Secret"
  "metadata" (dict "name" .secret "labels" $labels "annotations" $annotations)
  "type" "Opaque"
  "data" (dict .key "PASSWORD") | toJson | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/* What the Job runs. */}}
{{- define "redis.credentialsJob" -}}
backoffLimit: 6
template:
  metadata:
    labels:
      app.kubernetes.io/name: {{ include "redis.name" . | quote }}
      app.kubernetes.io/instance: {{ .Release.Name | quote }}
      app.kubernetes.io/component: credentials
    annotations:
      checksum/manifests: {{ include "redis.secretManifests" . | sha256sum }}
      checksum/script: {{ .Files.Get "files/credentials/create.sh" | sha256sum }}
  spec:
    {{- with include "redis.pullSecrets" (dict "context" . "image" .Values.auth.job.image) }}
    imagePullSecrets:
      {{- . | nindent 6 }}
    {{- end }}
    restartPolicy: OnFailure
    serviceAccountName: {{ include "redis.credentialsName" . }}
    automountServiceAccountToken: true
    enableServiceLinks: false
    securityContext:
      runAsNonRoot: true
      runAsUser: 65534
      runAsGroup: 65534
      seccompProfile:
        type: RuntimeDefault
    containers:
      - name: credentials
        image: {{ include "redis.image" (dict "context" . "image" .Values.auth.job.image) }}
        imagePullPolicy: {{ .Values.auth.job.image.pullPolicy }}
        command: [sh, /scripts/create.sh]
        env:
          - name: NAMESPACE
            value: {{ include "redis.namespace" . }}
          - name: MANIFESTS
            value: /manifests
        {{- with .Values.auth.job.resources }}
        resources:
          {{- toYaml . | nindent 10 }}
        {{- end }}
        securityContext:
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
          capabilities:
            drop:
              - ALL
        volumeMounts:
          - name: scripts
            mountPath: /scripts
            readOnly: true
          - name: manifests
            mountPath: /manifests
            readOnly: true
          - name: tmp
            mountPath: /tmp
    volumes:
      - name: scripts
        configMap:
          name: {{ include "redis.credentialsName" . }}
          items:
            - key: create.sh
              path: create.sh
      - name: manifests
        configMap:
          name: {{ include "redis.credentialsName" . }}
          items:
            {{- range include "redis.passwords" . | fromYamlArray }}
            {{- if .make }}
            - key: {{ .name }}.json
              path: {{ .name }}.json
            {{- end }}
            {{- end }}
      # For the answers and the token, which stay in memory
      - name: tmp
        emptyDir:
          medium: Memory
{{- end -}}
