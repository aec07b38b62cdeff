/** A test of {@link sideBySide}; what it prints stands above its title. */
type Work = (print: (line: string) => void) => Promise<void>;

interface Entry {
  work: Work;
  lines: string[];
  /** What it threw. */
  ended?: Promise<unknown>;
}

/** Tests that run at the same time. */
export interface SideBySide {
  /** Declares a test, as Mocha's own `it` does. */
  it(title: string, work: Work): void;
  /** Begins no more, and waits for the end of all that has begun. */
  end(): Promise<void>;
}

/**
 * Declares tests of which some run at once, because they mostly wait. Mocha asks for one after the
 * other; those behind it begin ahead of their turn, as soon as there is room.
 *
 * @param atOnce how many run at the same time
 */
export function sideBySide(atOnce: number): SideBySide {
  const entries: Entry[] = [];
  let running = 0;
  let over = false;

  async function perform({ work, lines }: Entry): Promise<unknown> {
    running += 1;
    const began = performance.now();
    try {
      await work((line) => lines.push(line));
      return undefined;
    } catch (error) {
      return error ?? new Error('rejected without a reason');
    } finally {
      running -= 1;
      lines.push(`took ${Math.round((performance.now() - began) / 1000)} s`);
    }
  }

  function start(entry: Entry, index: number): Promise<unknown> {
    entry.ended ??= perform(entry).then((error) => {
      startMore(index);
      return error;
    });
    return entry.ended;
  }

  /** Begins those behind an entry, while there is room. */
  function startMore(index: number): void {
    for (const [at, entry] of entries.entries()) {
      if (at > index && running < atOnce && !over) void start(entry, at);
    }
  }

  return {
    it(title, work) {
      const entry: Entry = { work, lines: [] };
      const index = entries.push(entry) - 1;
      it(title, async () => {
        const ended = start(entry, index);
        startMore(index);
        const error = await ended;
        for (const line of entry.lines) process.stdout.write(`      ${line}\n`);
        if (error !== undefined) throw error as Error;
      });
    },
    async end() {
      over = true;
      await Promise.all(entries.flatMap(({ ended }) => ended ?? []));
    },
  };
}
