/** So many equal lines in a row are no accident. */
const shortestRun = 6;

/** The non-blank lines of a text, without the space around them. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The runs of lines of texts, each as one string. */
function runsOf(texts: readonly string[]): Set<string> {
  const runs = new Set<string>();
  for (const text of texts) {
    const lines = linesOf(text);
    for (let start = 0; start + shortestRun <= lines.length; start += 1) {
      runs.add(lines.slice(start, start + shortestRun).join('\n'));
    }
  }
  return runs;
}

/**
 * How much of some texts stands in others as well, in runs of at least six equal non-blank lines.
 *
 * @returns lines in such runs, and all lines
 */
export function sharedLines(
  texts: readonly string[],
  others: readonly string[],
): { shared: number; all: number } {
  const theirs = runsOf(others);
  let [shared, all] = [0, 0];
  for (const text of texts) {
    const lines = linesOf(text);
    const inRun = new Set<number>();
    for (let start = 0; start + shortestRun <= lines.length; start += 1) {
      if (!theirs.has(lines.slice(start, start + shortestRun).join('\n'))) continue;
      for (let index = start; index < start + shortestRun; index += 1) inRun.add(index);
    }
    shared += inRun.size;
    all += lines.length;
  }
  return { shared, all };
}
