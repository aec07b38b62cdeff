import { ofKind, type RenderedObject } from './manifests.ts';
import type { StepFinding } from './record.ts';

/** The chart that objects were rendered from. */
export interface RenderedChart {
  version: string;
  appVersion: string;
}

type Labels = Readonly<Record<string, string>>;

interface SetSpec {
  selector?: { matchLabels?: Labels };
  volumeClaimTemplates?: { metadata?: { name?: string; labels?: Labels } }[];
}

/** By their meaning these change with every release of a chart. */
const ofVersions = ['helm.sh/chart', 'app.kubernetes.io/version'];

/** A version of which a label's value surely tells: "1.2.3", not "1". */
function isTelling(version: string): boolean {
  return version.includes('.');
}

/** Why a label is another one with the next version of its chart; undefined where it is not. */
function changes(key: string, value: string, chart: RenderedChart): string | undefined {
  if (ofVersions.includes(key)) return 'is another one with the next version';
  // A "+" is not allowed in labels, and charts write "_" for it.
  const versions = [chart.version, chart.version.replaceAll('+', '_'), chart.appVersion];
  const found = versions.find(
    (version) => isTelling(version) && (value === version || value.endsWith(`-${version}`)),
  );
  return found === undefined ? undefined : `has the version ${found} in its value`;
}

function findings(object: string, labels: Labels | undefined, chart: RenderedChart): StepFinding[] {
  const entries = Object.entries(labels ?? {});
  const wrong = entries.flatMap(([key, value]) => {
    const why = changes(key, value, chart);
    return why === undefined ? [] : [{ object, ok: false, text: `${key}: ${value} ${why}` }];
  });
  if (wrong.length > 0) return wrong;
  return [{ object, ok: true, text: entries.map(([key]) => key).join(', ') || 'no labels' }];
}

/**
 * Looks at the labels that an upgrade can't change: those of a StatefulSet's selector and of its claim
 * templates. Kubernetes refuses the upgrade that brings others.
 */
export function labelFindings(
  objects: readonly RenderedObject[],
  chart: RenderedChart,
): StepFinding[] {
  return ofKind(objects, 'StatefulSet').flatMap((set) => {
    const { name } = set.metadata;
    const { selector, volumeClaimTemplates = [] } = (set['spec'] as SetSpec | undefined) ?? {};
    return [
      ...findings(`${name} selector`, selector?.matchLabels, chart),
      ...volumeClaimTemplates.flatMap(({ metadata }) =>
        findings(`${name} claim template ${metadata?.name ?? ''}`, metadata?.labels, chart),
      ),
    ];
  });
}
