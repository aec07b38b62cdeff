/** What the kubelet says at the end of a command, as far as it is read here. */
export interface ExecStatus {
  status?: string;
  details?: { causes?: { reason?: string; message?: string }[] };
}

/**
 * The exit code in the Status that ends an exec.
 *
 * @returns null when the command never ran
 */
export function exitCodeOf(status: ExecStatus): number | null {
  if (status.status === 'Success') return 0;
  const cause = status.details?.causes?.find((entry) => entry.reason === 'ExitCode');
  const code = Number(cause?.message ?? Number.NaN);
  return Number.isInteger(code) ? code : null;
}
