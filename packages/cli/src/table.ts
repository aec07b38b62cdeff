/** Breaks text into lines of at most `width` characters, where it has spaces; at least one line. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** Below this many columns a column of text is not worth wrapping. */
const leastText = 24;

/**
 * Rows as lines with aligned columns, indented by two spaces.
 *
 * @param rows cells by column, as many in each row
 * @param options.width columns of the terminal, within which the last cell is wrapped; undefined where
 *   lines may be of any length
 * @param options.dress how the cells of a column are shown, as in bold
 */
export function table(
  rows: readonly (readonly string[])[],
  options: { width: number | undefined; dress?: readonly ((text: string) => string)[] },
): string[] {
  const { width, dress = [] } = options;
  const columns = (rows[0]?.length ?? 0) - 1;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const indent = 2 + widths.reduce((sum, wide) => sum + wide + 2, 0);
  const room = width === undefined ? Infinity : Math.max(leastText, width - indent);
  return rows.flatMap((row) => {
    const cells = widths.map((wide, column) => {
      const cell = row[column] ?? '';
      return (dress[column]?.(cell) ?? cell) + ' '.repeat(wide - cell.length);
    });
    const [first = '', ...rest] = wrapped(row.at(-1) ?? '', room);
    const head = `  ${[...cells, first].join('  ')}`.trimEnd();
    return [head, ...rest.map((line) => ' '.repeat(indent) + line)];
  });
}
