/** What feature.yaml and app.yaml both can say: feature.schema.json says the same for editors. */

export type Workload = 'StatefulSet' | 'DaemonSet' | 'Deployment' | 'Job';

/**
 * When a manifest is there: where the application's pods are, where its Service leads to them, or
 * where its role is in the mode.
 */
export type Guard = 'pods' | 'service' | 'mode';

/** A contribution to a slot. */
export interface SlotEntry {
  slot: string;
  template: string;
  with?: string;
  if?: string;
}

/** A file of the chart. */
export interface ManifestEntry {
  path: string;
  template: string;
  per?: 'chart' | 'role';
  for?: Workload[];
  guard?: Guard;
}
