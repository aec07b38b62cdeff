/** What the application of one pod says about itself, by the driver's identity program. */
export interface IdentityReading {
  pod: string;
  /** What it printed, by key. */
  values: Record<string, string>;
  /** Why there is nothing, where that is so. */
  error?: string;
}

const line = /^([A-Za-z0-9._-]+)=(.*)$/;

/**
 * Reads the output of an identity program strictly: a line of another form than `key=value`, a key that
 * comes twice, and no line at all are errors.
 */
export function parseIdentity(pod: string, output: string): IdentityReading {
  const values: Record<string, string> = {};
  for (const text of output.split('\n').filter((entry) => entry !== '')) {
    const [, key, value] = line.exec(text) ?? [];
    if (key === undefined || value === undefined) {
      return { pod, values: {}, error: `not a line key=value: ${text.slice(0, 80)}` };
    }
    if (key in values) return { pod, values: {}, error: `the key ${key} comes twice` };
    values[key] = value;
  }
  const none = Object.keys(values).length === 0;
  return none ? { pod, values, error: 'it said nothing' } : { pod, values };
}
