import type { Stop } from '../signals.ts';

/** What a command is given beside its arguments. */
export interface Surroundings {
  /** Takes what the process exits with. */
  done: (code: number) => void;
  stop: Stop;
}
