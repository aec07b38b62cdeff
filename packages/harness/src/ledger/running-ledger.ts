import type { LedgerRecord, Span } from '@holdfast/core';

/** A ledger that is being written; all times are milliseconds on the clock of `performance.now()`. */
export interface RunningLedger {
  /** Tells the ledgers of a proof apart: "redis:6379", "web-0:/usr/share/nginx/html". */
  readonly name: string;
  /**
   * When the last write so far was acknowledged; null: none was.
   *
   * @throws HoldfastError (internal) where its writer can't be asked at the moment
   */
  lastAcknowledgedMs(): Promise<number | null>;
  /**
   * The longest time between two acknowledgements, one right after the other, that touches a span;
   * null when none came before it, or none at its end or after it.
   */
  gap(fromMs: number, toMs: number): Promise<number | null>;
  /**
   * The times without an acknowledgement within a span that is over, each at least so long as a whole,
   * in their order: cut off at its ends.
   */
  silences(fromMs: number, toMs: number, leastMs: number): Promise<Span[]>;
  /** Says that a disruption begins now, for what is lost of the writes that follow. */
  mark(disruption: number): void;
  /** Reads everything back, and remembers what was found; stops writing before. */
  readBack(): Promise<void>;
  /**
   * Reads everything back at another address, once the writer has stopped: a member of the same
   * application by its own name. What it finds counts for that member alone. Absent where a ledger has no
   * address.
   */
  readAt?(host: string): Promise<LedgerRecord>;
  /** Stops writing, reads everything back where that is not done yet, and says what became of it. */
  stop(): Promise<LedgerRecord>;
}
